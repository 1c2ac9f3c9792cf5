/** Notifications as rows: questions about them, and writes to them. */
export { aggregateNotificationItems, type AggregateRow } from './aggregate.ts';
export {
  countNotificationItems,
  listNotificationItems,
  listNotificationKeys,
  type ItemCell,
  type ItemCounts,
  type ItemKey,
  type ItemRow,
} from './list.ts';
export { loadPerson } from './person.ts';
export type { ItemScope } from './source.ts';
export {
  deleteRows,
  loadRowNumbers,
  moveRows,
  patchRows,
  type RowPatch,
  type RowsWritten,
  type RowTarget,
} from '../row-writes.ts';
