import { useState } from 'preact/hooks';
import type { CapturedMessage } from '@carillon/client';
import { useFilteredList } from '../../filters.ts';
import { kindName } from '../../kind-name.ts';
import { hrefTo } from '../../router.ts';
import { Button } from '../../ui/button.tsx';
import { JsonBlock } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { Empty, Facts, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { KindFilter } from '../kind-filter.tsx';
import { Message } from '../message.tsx';
import { RecipientFilter } from '../recipient-filter.tsx';

const filterNames = ['kind', 'recipient_id'] as const;

/** What an installation on trial would have sent. */
export function CapturedPage({ query }: PageProps) {
  const { list, isFiltered } = useFilteredList(query, filterNames, (api, asked, signal) =>
    api.captured.list({ limit: 20, ...asked }, { signal }),
  );
  const [looked, setLooked] = useState<CapturedMessage>();
  const columns: Column<CapturedMessage>[] = [
    { title: 'When', class: 'narrow', cell: ({ captured_at: at }) => <Instant at={at} /> },
    {
      title: 'Message',
      cell: (one) => (
        <button type="button" class="link" onClick={() => setLooked(one)}>
          {one.message?.title || 'A message without a title'}
        </button>
      ),
    },
    { title: 'Kind', class: 'narrow', cell: ({ kind }) => kindName(kind) },
    { title: 'Address', cell: ({ address, channel_name: name }) => address ?? name ?? '–' },
  ];
  return (
    <div class="page">
      <PageHead
        title="Captured messages"
        lead="What was kept back instead of being sent, while the installation is on trial. It is kept for 30 days."
      />
      <Panel flush>
        <div class="filters list-filters">
          <KindFilter />
          <RecipientFilter />
        </div>
        <KeysetTable
          {...{ caption: 'Captured messages', of: list, columns, keyOf: ({ id }: CapturedMessage) => id }}
          empty={
            isFiltered ? (
              <Empty title="Nothing fits these filters" />
            ) : (
              <Empty title="Nothing was kept back">
                With <code>CARILLON_DELIVERY=capture</code> nothing leaves this installation, and all of it is
                found here.
              </Empty>
            )
          }
        />
      </Panel>
      {looked !== undefined && <Looked one={looked} onClose={() => setLooked(undefined)} />}
    </div>
  );
}

function Looked({ one, onClose }: { one: CapturedMessage; onClose: () => void }) {
  const { message, notification_id: of, recipient_id: to } = one;
  return (
    <Dialog
      {...{ title: `By ${kindName(one.kind)}`, onClose, wide: true }}
      buttons={<Button onClick={onClose}>Close</Button>}
    >
      <Facts
        of={[
          ['When', <Instant key="at" at={one.captured_at} exact />],
          ['Address', one.address ?? undefined],
          ['Channel', one.channel_name ?? 'It is gone'],
          [
            'Notification',
            of === null ? (
              'None: a test of the channel'
            ) : (
              <a key="of" href={hrefTo(`/notifications/${of}`)}>
                what became of it
              </a>
            ),
          ],
          [
            'Recipient',
            <a key="to" href={hrefTo(`/users/${to}`)}>
              who it was for
            </a>,
          ],
        ]}
      />
      {message === null ? (
        <JsonBlock value={one.settings} label="Settings of the channel" />
      ) : (
        <Message message={message} />
      )}
    </Dialog>
  );
}
