import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { enter, logIn, logOut, openApi, type Access, type Login } from './access.ts';
import { Context, type ConsoleContext, type Question } from './console-context.ts';
import { isRefusal } from './load.ts';
import type { Session, SessionKeeper } from './session.ts';
import { Shell } from './shell/shell.tsx';
import { SignIn, SignInForm } from './shell/sign-in.tsx';
import { Toasts, useToasts } from './shell/toasts.tsx';
import { Confirm, Dialog } from './ui/dialog.tsx';
import { Failure } from './ui/shown.tsx';

type State =
  | { at: 'beginning'; error?: unknown }
  | { at: 'outside' }
  | { at: 'inside'; access: Access; isOver: boolean };

interface AppProps {
  /** Base of the API. */
  url: string;
  keeper: SessionKeeper;
}

/** The whole console. */
export function App({ url, keeper }: AppProps) {
  const [state, setState] = useState<State>({ at: 'beginning' });

  const goInside = useCallback(async (session: Session): Promise<void> => {
    const access = await enter(openApi(url, session, keeper));
    setState({ at: 'inside', access, isOver: false });
  }, []);
  const signIn = useCallback(async (session: Session): Promise<void> => {
    // First kept, then used: what is renewed on the way in is the newer one.
    keeper.save(session);
    await goInside(session).catch((error: unknown) => {
      keeper.clear();
      throw error;
    });
  }, []);
  const signOut = useCallback(() => {
    void logOut(url, keeper.load());
    keeper.clear();
    setState({ at: 'outside' });
  }, []);
  const begin = useCallback(() => {
    const session = keeper.load();
    if (session === undefined) return setState({ at: 'outside' });
    setState({ at: 'beginning' });
    goInside(session).catch((error: unknown) => {
      if (isRefusal(error)) signOut();
      else setState({ at: 'beginning', error });
    });
  }, []);
  useEffect(begin, []);

  const ways = {
    onToken: (token: string): Promise<void> => signIn({ by: 'token', token }),
    onLogin: async (login: Login): Promise<void> => signIn(await logIn(url, login)),
  };
  if (state.at === 'outside') return <SignIn {...ways} />;
  if (state.at === 'beginning') return <Failure error={state.error} onRetry={begin} />;
  const { access, isOver } = state;
  return (
    <Inside access={access} onSignOut={signOut} onRefused={() => setState({ ...state, isOver: true })}>
      {isOver && (
        <Dialog title="Sign in again" mustAnswer onClose={() => undefined}>
          <p>Your credential is no longer good. What you see here stays as it is.</p>
          <SignInForm {...ways} />
        </Dialog>
      )}
    </Inside>
  );
}

interface InsideProps {
  access: Access;
  onSignOut: () => void;
  onRefused: () => void;
  children: ComponentChildren;
}

/** What who is signed in sees, with what pages may use. */
function Inside({ access, onSignOut, onRefused, children }: InsideProps) {
  const { toasts, say, close } = useToasts();
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void }>();
  const confirm = useCallback(
    (question: Question) => new Promise<boolean>((answer) => setAsked({ question, answer })),
    [],
  );
  const context = useMemo<ConsoleContext>(
    () => ({ ...access, say, confirm, onRefused }),
    // Another `onRefused` does the same.
    [access, say, confirm],
  );
  const answer = (yes: boolean): void => {
    asked?.answer(yes);
    setAsked(undefined);
  };
  return (
    <Context.Provider value={context}>
      <Shell access={access} onSignOut={onSignOut} />
      {asked !== undefined && <Confirm question={asked.question} answer={answer} />}
      {children}
      <Toasts toasts={toasts} close={close} />
    </Context.Provider>
  );
}
