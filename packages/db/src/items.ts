/** Notifications as rows: questions about them, and writes to them. */
export { aggregateNotificationItems, type AggregateRow } from './queries/items/aggregate.ts';
export {
  countNotificationItems,
  listNotificationItems,
  listNotificationKeys,
  type ItemCell,
  type ItemCounts,
  type ItemKey,
  type ItemRow,
} from './queries/items/list.ts';
export { loadPerson } from './queries/items/person.ts';
export type { ItemScope } from './queries/items/source.ts';
export {
  deleteRows,
  loadRowNumbers,
  moveRows,
  patchRows,
  type RowPatch,
  type RowsWritten,
  type RowTarget,
} from './queries/row-writes.ts';
