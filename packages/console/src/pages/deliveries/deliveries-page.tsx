import type { Delivery } from '@carillon/client';
import { kindName } from '../../kind-name.ts';
import { useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { KeysetTable, useFilters, type Column } from '../../ui/keyset-table.tsx';
import { PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
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
const filterNames = ['state', 'kind', 'notification_id', 'cursor'];

/** Each notification on its way to each target. */
export function DeliveriesPage({ query }: PageProps) {
  const filters = useFilters();
  const wanted = Object.fromEntries(
    filterNames.filter((name) => query.has(name)).map((name) => [name, query.get(name)]),
  );
  const list = useLoad(
    (api, signal) => api.deliveries.list({ limit: 50, ...wanted }, { signal }),
    [query.toString()],
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
          <SelectField
            label="State"
            value={filters.valueOf('state')}
            onValue={(value) => filters.set('state', value)}
            choices={stateChoices}
          />
          <KindFilter />
        </div>
        <KeysetTable
          {...{ caption: 'Deliveries', of: list, columns, keyOf: ({ id }: Delivery) => id }}
          empty={filters.isAny(filterNames) ? 'Nothing fits these filters' : 'Nothing was delivered yet'}
        />
      </Panel>
    </div>
  );
}
