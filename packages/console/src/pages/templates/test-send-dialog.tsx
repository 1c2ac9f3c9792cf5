import { useState } from 'preact/hooks';
import type { Template } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { useDoing } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { wrongAt } from '../../ui/shown.tsx';
import { PersonField } from '../simulator/person-field.tsx';

interface TestSendDialogProps {
  template: Template;
  version: number;
  onClose: () => void;
}

/** Sends a version to somebody, as every notification is sent. */
export function TestSendDialog({ template, version, onClose }: TestSendDialogProps) {
  const { api } = useConsole();
  const [to, setTo] = useState('');
  const [sent, setSent] = useState<string>();
  const sending = useDoing(async () => {
    setSent(undefined);
    const answer = await api.templates.testSend(template.key, {
      version,
      ...(to.trim() !== '' && { to: to.trim() }),
    });
    setSent(answer.notifications[0]?.id);
  });
  return (
    <FormDialog
      title={`Send version ${version} as a test`}
      onClose={onClose}
      onSubmit={() => sending.run()}
      button="Send"
      busy={sending.busy}
      leave="Close"
      error={sending.error}
    >
      <PersonField
        label="To whom"
        value={to}
        onValue={setTo}
        wrong={wrongAt(sending.error, '/to')}
        hint="Empty: to you. Preferences and quiet hours hold as always."
      />
      {sent !== undefined && (
        <div class="note good" role="status">
          <strong>It is on its way, with the sample data</strong>
          <a href={hrefTo(`/notifications/${sent}`)}>What becomes of it</a>
        </div>
      )}
    </FormDialog>
  );
}
