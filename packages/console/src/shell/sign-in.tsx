import { useState } from 'preact/hooks';
import { CarillonError } from '@carillon/client';
import type { Login } from '../access.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { wrongAt } from '../ui/shown.tsx';
import { Tabs } from '../ui/tabs.tsx';

interface SignInProps {
  /** Rejects with what is wrong with the token. */
  onToken: (token: string) => Promise<void>;
  /** Rejects with what is wrong with the password. */
  onLogin: (login: Login) => Promise<void>;
}

/** The page of who is not signed in. */
export function SignIn(props: SignInProps) {
  return (
    <main class="sign-in">
      <h1 class="brand">
        <Icon name="bell" size={28} /> Carillon
      </h1>
      <section class="panel">
        <div class="inside">
          <SignInForm {...props} />
        </div>
      </section>
    </main>
  );
}

const ways = [
  { value: 'token', label: 'Access token' },
  { value: 'password', label: 'Password' },
] as const;
type Way = (typeof ways)[number]['value'];

const wayName = 'carillon.console.way';

/** Asks for a credential; also stands over a page whose credential has run out. */
export function SignInForm({ onToken, onLogin }: SignInProps) {
  // The first admin of an installation has a token, and no password.
  const [way, setWay] = useState<Way>(localStorage.getItem(wayName) === 'password' ? 'password' : 'token');
  const choose = (chosen: Way): void => {
    localStorage.setItem(wayName, chosen);
    setWay(chosen);
  };
  return (
    <Tabs label="Ways to sign in" tabs={ways} value={way} onValue={choose}>
      {way === 'password' ? <PasswordForm onLogin={onLogin} /> : <TokenForm onToken={onToken} />}
    </Tabs>
  );
}

function TokenForm({ onToken }: Pick<SignInProps, 'onToken'>) {
  const [token, setToken] = useState('');
  const { busy, error, run } = useTry(() => onToken(token.trim()));
  return (
    <Form onSubmit={run} class="form sign-in-form" label="Sign in with a token">
      <TextField
        {...{ label: 'Access token', type: 'password', value: token, onValue: setToken }}
        {...{ autoComplete: 'off', required: true, mono: true }}
        hint="That of an admin. It is kept in this tab only, and forgotten with it."
        wrong={error === undefined ? undefined : wordsOf(error)}
      />
      <Button type="submit" look="primary" busy={busy}>
        Sign in
      </Button>
    </Form>
  );
}

function PasswordForm({ onLogin }: Pick<SignInProps, 'onLogin'>) {
  const [login, setLogin] = useState<Login>({ email: '', password: '', organization: '' });
  const { busy, error, run } = useTry(() => onLogin(login));
  const [asksOrganization, setAsksOrganization] = useState(false);
  const wrongOrganization = wrongAt(error, '/organization');
  if (wrongOrganization !== undefined && !asksOrganization) setAsksOrganization(true);
  const set = (part: Partial<Login>): void => setLogin({ ...login, ...part });
  const wrong = error === undefined || wrongOrganization !== undefined ? undefined : wordsOf(error);
  return (
    <Form onSubmit={run} class="form sign-in-form" label="Sign in with a password">
      <TextField
        {...{ label: 'E-mail address', type: 'email', autoComplete: 'username', required: true }}
        value={login.email}
        onValue={(email) => set({ email })}
      />
      <TextField
        {...{ label: 'Password', type: 'password', autoComplete: 'current-password', required: true, wrong }}
        value={login.password}
        onValue={(password) => set({ password })}
      />
      {asksOrganization && (
        <TextField
          {...{ label: 'Organization', required: true, wrong: wrongOrganization }}
          value={login.organization}
          onValue={(organization) => set({ organization })}
        />
      )}
      <Button type="submit" look="primary" busy={busy}>
        Sign in
      </Button>
    </Form>
  );
}

/** As `useDoing`, for who is not inside yet. */
function useTry(work: () => Promise<void>): { busy: boolean; error: unknown; run: () => Promise<void> } {
  const [known, setKnown] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  return {
    ...{ busy: known.busy, error: known.error },
    async run() {
      setKnown({ busy: true });
      try {
        await work();
        setKnown({ busy: false });
      } catch (error) {
        setKnown({ busy: false, error });
      }
    },
  };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof CarillonError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'auth.invalid') return 'This token is unknown, expired or revoked';
  if (error.code === 'client.network') return 'The server cannot be reached';
  return error.message;
}
