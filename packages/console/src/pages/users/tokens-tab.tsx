import { useState } from 'preact/hooks';
import type { AccessToken, NewAccessToken, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing, useLoad } from '../../load.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Table } from '../../ui/keyset-table.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Instant } from '../../ui/time.tsx';
import { NewTokenDialog } from './new-token-dialog.tsx';

/** What a user, or a program in their name, calls the API by. */
export function TokensTab({ user }: { user: User }) {
  const { api, confirm, say } = useConsole();
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<NewAccessToken>();
  const loaded = useLoad((client, signal) => client.tokens.list(user.id, { signal }), [user.id]);
  const revoking = useDoing(
    async ({ id, name }: AccessToken) => {
      const title = `Revoke ${name === '' ? 'this token' : name}?`;
      const text = 'It is refused everywhere within 5 seconds, and streams that it opened are closed.';
      if (!(await confirm({ title, text, button: 'Revoke', danger: true }))) return;
      await api.tokens.revoke(user.id, id);
      say('Revoked');
      loaded.reload();
    },
    { says: true },
  );
  return (
    <>
      {made !== undefined && (
        <div class="note good" role="status">
          <strong>Keep this token now: it is shown only here</strong>
          <Copyable text={made.token} />
        </div>
      )}
      <Panel title="Tokens" flush tools={<Button onClick={() => setIsMaking(true)}>Make a token</Button>}>
        <Shown of={loaded}>
          {({ data: tokens }) =>
            tokens.length === 0 ? (
              <Empty title="No token" />
            ) : (
              <Table
                caption="Tokens"
                rows={tokens.toReversed()}
                keyOf={(token) => token.id}
                columns={[
                  {
                    title: 'Name',
                    cell: ({ name }) => (name === '' ? <span class="muted">without a name</span> : name),
                  },
                  {
                    title: 'May',
                    cell: ({ scopes }) => (scopes.length === 0 ? 'everything' : scopes.join(', ')),
                  },
                  { title: 'State', class: 'narrow', cell: (token) => <TokenState token={token} /> },
                  {
                    title: 'Last used',
                    class: 'narrow',
                    cell: (token) => <Instant at={token.last_used_at} />,
                  },
                  { title: 'Made', class: 'narrow', cell: (token) => <Instant at={token.created_at} /> },
                  { title: 'Ends', class: 'narrow', cell: (token) => <Instant at={token.expires_at} /> },
                  {
                    title: 'What to do',
                    class: 'narrow',
                    cell: (token) =>
                      token.revoked_at === null && (
                        <Button onClick={() => revoking.run(token)} busy={revoking.busy}>
                          Revoke
                        </Button>
                      ),
                  },
                ]}
              />
            )
          }
        </Shown>
      </Panel>
      {isMaking && (
        <NewTokenDialog
          user={user}
          onClose={() => setIsMaking(false)}
          onMade={(token) => {
            setMade(token);
            setIsMaking(false);
            loaded.reload();
          }}
        />
      )}
    </>
  );
}

function TokenState({ token: { revoked_at: revokedAt, expires_at: expiresAt } }: { token: AccessToken }) {
  if (revokedAt !== null) return <Badge tone="bad">revoked</Badge>;
  const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return isOver ? <Badge>expired</Badge> : <Badge tone="good">good</Badge>;
}
