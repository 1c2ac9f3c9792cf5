import type { ComponentChildren } from 'preact';
import type { Loaded } from '../load.ts';
import { goTo, usePlace } from '../router.ts';
import { Button } from './button.tsx';
import { Empty } from './page.tsx';
import { Failure } from './shown.tsx';

/** A page of a list as every list of the API gives it. */
export interface KeysetPage<Row> {
  data: readonly Row[];
  next_cursor: string | null;
  prev_cursor: string | null;
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** `number` is set to the end of its column, `narrow` takes no more room than it needs. */
  class?: 'number' | 'narrow';
}

interface TableProps<Row> {
  /** What is listed, for people who hear the page. */
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  busy?: boolean;
}

/** A table of what is at hand already. */
export function Table<Row>({ caption, rows, columns, keyOf, busy = false }: TableProps<Row>) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="table" aria-busy={busy}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, class: name }) => (
              <th key={title} scope="col" class={name ?? ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, class: name }) => (
                <td key={title} class={name ?? ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The pages before and after this one: the newest stand first in a list by time. */
const pagerWords = {
  time: { before: 'Newer', after: 'Older' },
  key: { before: 'Previous', after: 'Next' },
} as const;

interface KeysetTableProps<Row> extends Omit<TableProps<Row>, 'rows' | 'busy'> {
  of: Loaded<KeysetPage<Row>>;
  /** What the list is sorted by: what the ways to its other pages are called hangs on it. */
  by?: keyof typeof pagerWords;
  /** What stands where there are no rows. */
  empty: ComponentChildren;
}

/**
 * A page of a list, and ways to the pages around it. The cursor is part of the address (`?cursor=`): pages of a list load
 * with `query.get('cursor')`, and "back" goes back. There is never a count of everything.
 */
export function KeysetTable<Row>({ of, empty, by = 'time', ...table }: KeysetTableProps<Row>) {
  const { path, query } = usePlace();
  const { data: page, error, busy, reload } = of;
  const to = (cursor: string): void => goTo(path, { ...Object.fromEntries(query), cursor });
  return (
    <div>
      <Failure error={error} onRetry={reload} />
      {page === undefined && error === undefined && <p class="loading">Loading…</p>}
      {page?.data.length === 0 && (typeof empty === 'string' ? <Empty title={empty} /> : empty)}
      {page !== undefined && page.data.length > 0 && <Table {...table} rows={page.data} busy={busy} />}
      {page !== undefined && (page.prev_cursor !== null || page.next_cursor !== null) && (
        <nav class="pager" aria-label={`Pages of ${table.caption}`}>
          <Button disabled={page.prev_cursor === null} onClick={() => to(page.prev_cursor ?? '')}>
            {pagerWords[by].before}
          </Button>
          <Button disabled={page.next_cursor === null} onClick={() => to(page.next_cursor ?? '')}>
            {pagerWords[by].after}
          </Button>
        </nav>
      )}
    </div>
  );
}
