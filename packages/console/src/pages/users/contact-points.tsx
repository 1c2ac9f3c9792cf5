import { useState } from 'preact/hooks';
import type { Answer, Body, ContactPoint, User } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { kindName } from '../../kind-name.ts';
import { useDoing, useLoad } from '../../load.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Table } from '../../ui/keyset-table.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Shown, wrongAt } from '../../ui/shown.tsx';

type Kinds = Answer<'listChannelKinds'>['data'];

/** The addresses of a user. */
export function ContactPoints({ user }: { user: User }) {
  const { api, confirm, say } = useConsole();
  const [isAdding, setIsAdding] = useState(false);
  const loaded = useLoad(
    async (client, signal) => {
      const [points, kinds] = await Promise.all([
        client.contactPoints.list(user.id, { signal }),
        client.channelKinds.list({ signal }),
      ]);
      return { points: points.data, kinds: kinds.data.filter((kind) => kind.contact_point !== null) };
    },
    [user.id],
  );
  const verifying = useDoing(
    async ({ id, verified_at: verifiedAt }: ContactPoint) => {
      await api.contactPoints.update(user.id, id, { verified: verifiedAt === null });
      loaded.reload();
    },
    { says: true },
  );
  const removing = useDoing(
    async ({ id, kind }: ContactPoint) => {
      const text = 'What is pending for it is not sent.';
      const title = `Remove this address (${kindName(kind)})?`;
      if (!(await confirm({ title, text, button: 'Remove', danger: true }))) return;
      await api.contactPoints.delete(user.id, id);
      say('Removed');
      loaded.reload();
    },
    { says: true },
  );
  return (
    <Panel
      title="Where they are reached"
      flush
      tools={<Button onClick={() => setIsAdding(true)}>Add an address</Button>}
    >
      <Shown of={loaded}>
        {({ points, kinds }) => (
          <>
            {points.length === 0 ? (
              <Empty title="No address">Only the inbox reaches this user.</Empty>
            ) : (
              <Table
                caption="Addresses"
                rows={points}
                keyOf={(point) => point.id}
                columns={[
                  { title: 'Kind', class: 'narrow', cell: ({ kind }) => kindName(kind) },
                  { title: 'Address', cell: ({ address }) => <span class="long-text">{address}</span> },
                  { title: 'State', cell: (point) => <PointState point={point} /> },
                  {
                    title: 'What to do',
                    class: 'narrow',
                    cell: (point) => (
                      <span class="row nowrap-row">
                        <Button onClick={() => verifying.run(point)} busy={verifying.busy}>
                          {point.verified_at === null ? 'Mark as verified' : 'Not verified'}
                        </Button>
                        <Button
                          onClick={() => removing.run(point)}
                          aria-label={`Remove the address for ${kindName(point.kind)}`}
                        >
                          Remove
                        </Button>
                      </span>
                    ),
                  },
                ]}
              />
            )}
            {isAdding && (
              <AddDialog
                user={user}
                kinds={kinds}
                onClose={() => setIsAdding(false)}
                onAdded={() => {
                  setIsAdding(false);
                  loaded.reload();
                }}
              />
            )}
          </>
        )}
      </Shown>
    </Panel>
  );
}

function PointState({ point }: { point: ContactPoint }) {
  if (point.bad_reason !== null) {
    return (
      <>
        <Badge tone="bad">does not work</Badge>
        <span class="sub">{point.bad_reason}</span>
      </>
    );
  }
  return point.verified_at === null ? <Badge>not verified</Badge> : <Badge tone="good">verified</Badge>;
}

interface AddDialogProps {
  user: User;
  kinds: Kinds;
  onClose: () => void;
  onAdded: () => void;
}

type ExternalKind = Body<'createContactPoint'>['kind'];

function AddDialog({ user, kinds, onClose, onAdded }: AddDialogProps) {
  const { api } = useConsole();
  const [kind, setKind] = useState<ExternalKind>(kinds[0]?.kind ?? 'email');
  const [address, setAddress] = useState('');
  const [verified, setVerified] = useState(false);
  const adding = useDoing(async () => {
    await api.contactPoints.create(user.id, { kind, address: address.trim(), verified });
    onAdded();
  });
  const { description, examples } = kinds.find((one) => one.kind === kind)?.contact_point ?? {};
  const example = Array.isArray(examples) && typeof examples[0] === 'string' ? examples[0] : '';
  return (
    <FormDialog
      title="Add an address"
      onClose={onClose}
      onSubmit={() => adding.run()}
      button="Add"
      busy={adding.busy}
      error={adding.error}
    >
      <SelectField
        label="Kind"
        value={kind}
        choices={kinds.map((one) => ({ value: one.kind, label: one.title }))}
        onValue={setKind}
      />
      <TextField
        label="Address"
        value={address}
        onValue={setAddress}
        required
        placeholder={example}
        hint={typeof description === 'string' ? description : undefined}
        wrong={wrongAt(adding.error, '/address')}
      />
      <CheckField label="It is known to belong to the user" checked={verified} onChecked={setVerified} />
    </FormDialog>
  );
}
