import { useState } from 'preact/hooks';
import type { CaughtMail, CaughtMailContent } from '@carillon/client';
import { useFilteredList } from '../../filters.ts';
import { useLoad } from '../../load.ts';
import { MailFrame } from '../../rendered/mail-frame.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { Empty, Facts, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Instant } from '../../ui/time.tsx';

const everyMs = 5_000;

/** What the mail catcher of the local stack keeps: every mail that would have gone out. */
export function MailsPage({ query }: PageProps) {
  const { list } = useFilteredList(
    query,
    [],
    (api, asked, signal) => api.caughtMails.list({ limit: 20, ...asked }, { signal }),
    // New mails stand on the first page.
    query.has('cursor') ? {} : { everyMs },
  );
  const [lookedAt, setLookedAt] = useState<string>();
  const columns: Column<CaughtMail>[] = [
    { title: 'Caught', class: 'narrow', cell: ({ caught_at: at }) => <Instant at={at} seconds /> },
    {
      title: 'Subject',
      cell: ({ id, subject }) => (
        <button type="button" class="link" onClick={() => setLookedAt(id)}>
          {subject || 'A mail without a subject'}
        </button>
      ),
    },
    { title: 'To', cell: ({ to }) => to },
    { title: 'Size', class: 'number', cell: ({ bytes }) => `${Math.ceil(bytes / 1024)} KiB` },
  ];
  return (
    <div class="page">
      <PageHead
        title="Mail catcher"
        lead="Mails of this machine: none of them has left it. Looked at every five seconds."
      />
      <Panel flush>
        <KeysetTable
          {...{ caption: 'Caught mails', of: list, columns, keyOf: ({ id }: CaughtMail) => id }}
          empty={
            list.data?.catching === false ? (
              <Empty title="There is no mail catcher here">
                The local stack has one, unless <code>SMTP_URL</code> names a mail server.
              </Empty>
            ) : (
              <Empty title="No mail was caught yet">
                Notify somebody who has an e-mail address, and it is here at once.
              </Empty>
            )
          }
        />
      </Panel>
      {lookedAt !== undefined && <MailDialog id={lookedAt} onClose={() => setLookedAt(undefined)} />}
    </div>
  );
}

function MailDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const mail = useLoad((api, signal) => api.caughtMails.get(id, { signal }), [id]);
  return (
    <Dialog
      {...{ title: mail.data?.subject || 'A mail', onClose, wide: true }}
      buttons={<Button onClick={onClose}>Close</Button>}
    >
      <Shown of={mail}>{(data) => <MailContent mail={data} />}</Shown>
    </Dialog>
  );
}

type Part = 'html' | 'text';

function MailContent({ mail }: { mail: CaughtMailContent }) {
  const { from, to, caught_at: at, html, text } = mail;
  const [part, setPart] = useState<Part>(html === '' ? 'text' : 'html');
  const parts: { value: Part; label: string }[] = [
    ...(html === '' ? [] : [{ value: 'html' as const, label: 'As a mail' }]),
    { value: 'text', label: 'Plain text' },
  ];
  return (
    <div class="stack">
      <Facts
        of={[
          ['From', from],
          ['To', to],
          ['Caught', <Instant key="at" at={at} exact />],
        ]}
      />
      <div>
        <Tabs label="Parts of the mail" tabs={parts} value={part} onValue={setPart}>
          {part === 'html' ? <MailFrame html={html} title={mail.subject} /> : <pre class="block">{text}</pre>}
        </Tabs>
      </div>
    </div>
  );
}
