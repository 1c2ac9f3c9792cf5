import { useState } from 'preact/hooks';
import type { DeadLetter } from '@carillon/client';
import { useFilteredList } from '../../filters.ts';
import { kindName } from '../../kind-name.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeysetTable, type Column } from '../../ui/keyset-table.tsx';
import { Empty, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Instant } from '../../ui/time.tsx';
import { ChoiceFilter } from '../choice-filter.tsx';
import { KindFilter } from '../kind-filter.tsx';
import { RecipientFilter } from '../recipient-filter.tsx';
import { ReplayDialog, type Selection } from './replay-dialog.tsx';

const filterNames = ['state', 'kind', 'recipient_id'] as const;
const stateChoices = [
  { value: '', label: 'Given up or unknown' },
  { value: 'dead', label: 'Given up' },
  { value: 'unknown', label: 'Nobody knows' },
];

/** Deliveries that were given up, and the way to send them again. */
export function DeadLettersPage({ query }: PageProps) {
  const { list, filter, isFiltered } = useFilteredList(query, filterNames, (api, asked, signal) =>
    api.deadLetters.list({ limit: 50, ...asked }, { signal }),
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [replaying, setReplaying] = useState<Selection>();
  const rows = list.data?.data ?? [];
  const ids = rows.map(({ id }) => id).filter((id) => chosen.has(id));

  return (
    <div class="page">
      <PageHead
        title="Dead letters"
        lead="What was tried until no try was left, or refused for good. Mend the cause, then send it again."
      >
        <Button disabled={rows.length === 0} onClick={() => setReplaying({ filter })}>
          {isFiltered ? 'Replay all that fit' : 'Replay all'}
        </Button>
        <Button look="primary" disabled={ids.length === 0} onClick={() => setReplaying({ ids })}>
          Replay {ids.length === 0 ? 'selected' : `${ids.length} selected`}
        </Button>
      </PageHead>
      <Panel flush>
        <div class="filters list-filters">
          <ChoiceFilter name="state" label="State" choices={stateChoices} />
          <KindFilter />
          <RecipientFilter />
        </div>
        <KeysetTable
          {...{ caption: 'Dead letters', of: list, keyOf: ({ id }: DeadLetter) => id }}
          columns={columnsWith(chosen, setChosen)}
          empty={<Empty title={isFiltered ? 'Nothing fits these filters' : 'Nothing was given up'} />}
        />
      </Panel>
      {replaying !== undefined && (
        <ReplayDialog
          selection={replaying}
          onClose={() => setReplaying(undefined)}
          onDone={() => {
            setReplaying(undefined);
            setChosen(new Set());
            list.reload();
          }}
        />
      )}
    </div>
  );
}

function columnsWith(
  chosen: ReadonlySet<string>,
  choose: (chosen: ReadonlySet<string>) => void,
): Column<DeadLetter>[] {
  const toggle = (id: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    choose(next);
  };
  return [
    {
      title: 'Select',
      class: 'narrow',
      cell: ({ id, kind }) => (
        <input
          type="checkbox"
          class="chooser"
          aria-label={`Select this delivery by ${kindName(kind)}`}
          checked={chosen.has(id)}
          onChange={(event) => toggle(id, event.currentTarget.checked)}
        />
      ),
    },
    ...columns,
  ];
}

const columns: readonly Column<DeadLetter>[] = [
  { title: 'Given up', class: 'narrow', cell: ({ settled_at: at }) => <Instant at={at} /> },
  {
    title: 'Delivery',
    cell: ({ id, kind, category }) => (
      <>
        <a href={hrefTo(`/deliveries/${id}`)}>{kindName(kind)}</a>
        {category !== null && <span class="sub">{category}</span>}
      </>
    ),
  },
  {
    title: 'Why',
    cell: ({ reason, last_reason: said, last_status_code: status }) => (
      <>
        {reason === null ? '–' : reason.replaceAll('_', ' ')}
        <span class="sub">{[status, said].filter((part) => part !== null).join(' · ')}</span>
      </>
    ),
  },
  {
    title: 'Notification',
    class: 'narrow',
    cell: ({ notification_id: id }) => <a href={hrefTo(`/notifications/${id}`)}>what became of it</a>,
  },
  { title: 'Tries', class: 'number', cell: ({ attempts_made: tries }) => tries },
  {
    title: 'State',
    class: 'narrow',
    cell: ({ state, obstacle }) => (
      <>
        <StateBadge state={state} />
        {obstacle !== null && <span class="sub">{obstacle} meanwhile</span>}
      </>
    ),
  },
];
