import type { Notification } from '@carillon/client';
import { searchLengthMin, useFilteredList, useFilters, useTypedFilter } from '../../filters.ts';
import { useLoad } from '../../load.ts';
import { goTo, hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { InstantField, TextField } from '../../ui/field.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { RecipientFilter } from '../recipient-filter.tsx';

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

const filterNames = ['search', 'recipient_id', 'category', 'trigger_id', 'created_after', 'created_before'];

/** What was sent, newest first. */
export function NotificationsPage({ query }: PageProps) {
  const { clear } = useFilters();
  const { list, isFiltered } = useFilteredList(query, filterNames, (api, asked, signal) =>
    api.notifications.list({ limit: 50, ...asked }, { signal }),
  );
  return (
    <div class="page">
      <PageHead title="Notifications" lead="Everything that was sent, newest first.">
        <Button onClick={list.reload} busy={list.busy}>
          Refresh
        </Button>
      </PageHead>
      <Panel flush>
        <Filters />
        <KeysetTable
          {...{ caption: 'Notifications', of: list, columns, keyOf: ({ id }: Notification) => id }}
          empty={
            isFiltered ? (
              <Empty title="Nothing fits these filters">
                <Button look="plain" onClick={clear}>
                  Show everything
                </Button>
              </Empty>
            ) : (
              'Nothing was sent yet'
            )
          }
        />
      </Panel>
    </div>
  );
}

const idShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function Filters() {
  const filters = useFilters();
  const search = useTypedFilter('search', { lengthMin: searchLengthMin, takes: goToId });
  const field = (name: string) => ({
    value: filters.valueOf(name),
    onValue: (value: string) => filters.set(name, value),
  });
  return (
    <div class="filters list-filters">
      <TextField
        {...{ label: 'Search', type: 'search', ...search, wide: true }}
        placeholder="Part of a title, or an id"
      />
      <RecipientFilter />
      <CategoryFilter />
      <InstantField label="After" {...field('created_after')} />
      <InstantField label="Before" {...field('created_before')} />
      {filters.isAny(['trigger_id']) && (
        <Button onClick={() => filters.set('trigger_id', '')}>Not only of one call</Button>
      )}
    </div>
  );
}

/** Who has an id wants that one. */
function goToId(text: string): boolean {
  const isId = idShape.test(text);
  if (isId) goTo(`/notifications/${text.toLowerCase()}`);
  return isId;
}

function CategoryFilter() {
  const known = useLoad((api, signal) => api.categories.list({ signal }), []);
  return (
    <TextField
      label="Category"
      {...useTypedFilter('category')}
      options={known.data?.data.map(({ key }) => key) ?? []}
    />
  );
}
