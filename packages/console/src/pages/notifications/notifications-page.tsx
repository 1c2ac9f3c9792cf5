import type { Notification } from '@carillon/client';
import { useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';

const columns: readonly Column<Notification>[] = [
  { title: 'When', class: 'narrow', cell: ({ created_at: at }) => <Instant at={at} /> },
  {
    title: 'Notification',
    cell: ({ id, title, template }) => (
      <>
        <a href={hrefTo(`/notifications/${id}`)}>{title || template || 'Not rendered yet'}</a>
        {template !== null && title !== '' && <span class="sub">{template}</span>}
      </>
    ),
  },
  {
    title: 'Recipient',
    cell: ({ recipient_id: id, recipient_external_id: externalId }) => (
      <a href={hrefTo(`/users/${id}`)}>{externalId ?? <code>{id}</code>}</a>
    ),
  },
  { title: 'Category', cell: ({ category }) => category },
  { title: 'State', class: 'narrow', cell: ({ state }) => <StateBadge state={state} /> },
];

/** What was sent, newest first. */
export function NotificationsPage({ query }: PageProps) {
  const cursor = query.get('cursor') ?? undefined;
  const list = useLoad(
    (api, signal) =>
      api.notifications.list({ limit: 50, ...(cursor !== undefined && { cursor }) }, { signal }),
    [cursor],
  );
  return (
    <div class="page">
      <PageHead title="Notifications" lead="Everything that was sent, newest first." />
      <Panel flush>
        <KeysetTable
          caption="Notifications"
          of={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty="Nothing was sent yet"
        />
      </Panel>
    </div>
  );
}
