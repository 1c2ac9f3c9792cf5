import type { Delivery } from '@carillon/client';
import { useFilteredList } from '../../filters.ts';
import { kindName } from '../../kind-name.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { ChoiceFilter } from '../choice-filter.tsx';
import { KindFilter } from '../kind-filter.tsx';

const columns: readonly Column<Delivery>[] = [
  { title: 'Decided', class: 'narrow', cell: ({ created_at: at }) => <Instant at={at} /> },
  {
    title: 'Delivery',
    cell: ({ id, kind }) => <a href={hrefTo(`/deliveries/${id}`)}>{kindName(kind)}</a>,
  },
  {
    title: 'Notification',
    cell: ({ notification_id: id }) => <a href={hrefTo(`/notifications/${id}`)}>what became of it</a>,
  },
  { title: 'Tries', class: 'number', cell: ({ attempts_made: tries }) => tries },
  {
    title: 'Due or ended',
    class: 'narrow',
    cell: ({ state, not_before: due, settled_at: at }) => <Instant at={state === 'pending' ? due : at} />,
  },
  {
    title: 'State',
    cell: ({ state, reason }) => (
      <>
        <StateBadge state={state} />
        {reason !== null && <span class="sub">{reason.replaceAll('_', ' ')}</span>}
      </>
    ),
  },
];

const states = [
  'pending',
  'sending',
  'sent',
  'suppressed',
  'cancelled',
  'expired',
  'digested',
  'dead',
  'unknown',
];
const stateChoices = [
  { value: '', label: 'Every state' },
  ...states.map((value) => ({ value, label: value })),
];
const filterNames = ['state', 'kind', 'notification_id'];

/** Each notification on its way to each target. */
export function DeliveriesPage({ query }: PageProps) {
  const { list, isFiltered } = useFilteredList(query, filterNames, (api, asked, signal) =>
    api.deliveries.list({ limit: 50, ...asked }, { signal }),
  );
  return (
    <div class="page">
      <PageHead title="Deliveries" lead="Each notification on its way to each target, the newest first.">
        <Button onClick={list.reload} busy={list.busy}>
          Refresh
        </Button>
      </PageHead>
      <Panel flush>
        <div class="filters list-filters">
          <ChoiceFilter name="state" label="State" choices={stateChoices} />
          <KindFilter />
        </div>
        <KeysetTable
          {...{ caption: 'Deliveries', of: list, columns, keyOf: ({ id }: Delivery) => id }}
          empty={isFiltered ? 'Nothing fits these filters' : 'Nothing was delivered yet'}
        />
      </Panel>
    </div>
  );
}
