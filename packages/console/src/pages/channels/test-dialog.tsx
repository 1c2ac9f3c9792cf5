import { useState } from 'preact/hooks';
import type { Answer, Channel } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { wrongAt } from '../../ui/shown.tsx';
import type { ChannelKind } from './channel-form.tsx';

interface TestDialogProps {
  channel: Channel;
  kind: ChannelKind;
  onClose: () => void;
}

/** Sends a test message through a channel, and shows what its target answered. */
export function TestDialog({ channel, kind, onClose }: TestDialogProps) {
  const { api } = useConsole();
  const [address, setAddress] = useState('');
  const [result, setResult] = useState<Answer<'testChannel'>>();
  const { contact_point: contactPoint } = kind;
  const testing = useDoing(async () => {
    setResult(undefined);
    setResult(await api.channels.test(channel.id, contactPoint === null ? {} : { address: address.trim() }));
  });
  return (
    <FormDialog
      title={`Test ${channel.name}`}
      onClose={onClose}
      onSubmit={() => testing.run()}
      button="Send a test message"
      busy={testing.busy}
      leave="Close"
      error={testing.error}
    >
      {contactPoint === null ? (
        <p>The channel is the whole target. A short message goes there now.</p>
      ) : (
        <TextField
          label="Address"
          value={address}
          onValue={setAddress}
          required
          hint={hintOf(contactPoint)}
          wrong={wrongAt(testing.error, '/address')}
        />
      )}
      {result !== undefined && <TestResult result={result} />}
    </FormDialog>
  );
}

function TestResult({ result: { outcome, reason, status_code: status } }: { result: Answer<'testChannel'> }) {
  return (
    <div class="note good" role="status">
      <strong>
        {outcome === 'sent' ? 'The target took it' : 'It was kept back: this installation is on trial'}
      </strong>
      {status !== null && <span>Status {status}</span>}
      {reason !== null && <span class="small">{reason}</span>}
    </div>
  );
}

function hintOf(schema: Readonly<Record<string, unknown>>): string | undefined {
  const { description, examples } = schema;
  const example =
    Array.isArray(examples) && typeof examples[0] === 'string' ? `For example ${examples[0]}` : '';
  const text = [typeof description === 'string' ? `${description}.` : '', example].filter(
    (one) => one !== '',
  );
  return text.length === 0 ? undefined : text.join(' ');
}
