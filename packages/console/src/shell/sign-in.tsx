import { useState } from 'preact/hooks';
import { CarillonError } from '@carillon/client';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';

interface SignInProps {
  /** Rejects with what is wrong with the token. */
  onToken: (token: string) => Promise<void>;
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

/** Asks for a credential; also stands over a page whose credential has run out. */
export function SignInForm({ onToken }: SignInProps) {
  const [token, setToken] = useState('');
  const [known, setKnown] = useState<{ busy: boolean; wrong?: string }>({ busy: false });
  const submit = async (): Promise<void> => {
    setKnown({ busy: true });
    try {
      await onToken(token.trim());
    } catch (error) {
      setKnown({ busy: false, wrong: wordsOf(error) });
    }
  };
  return (
    <Form onSubmit={submit} label="Sign in">
      <TextField
        label="Access token"
        type="password"
        value={token}
        onValue={setToken}
        wrong={known.wrong}
        autoComplete="off"
        required
        mono
      />
      <Button type="submit" look="primary" busy={known.busy}>
        Sign in
      </Button>
    </Form>
  );
}

function wordsOf(error: unknown): string {
  if (error instanceof CarillonError && error.status === 401)
    return 'This token is unknown, expired or revoked';
  return error instanceof Error ? error.message : String(error);
}
