import type { AggregateRow, ItemCell, ItemRow } from '@carillon/db/items';
import type { ItemAggregation, ItemQuery, SelectedField, SelectedPerson } from '@carillon/core';

/** A row as JSON has it. */
export type DirectusRow = Record<string, unknown>;

/** Rows with the keys of the selection, in its order; instants with milliseconds and `Z`. */
export function shapeRows(
  { selection }: Pick<ItemQuery, 'selection'>,
  rows: readonly ItemRow[],
): DirectusRow[] {
  return rows.map(({ cells }) => shapeRow(selection, cells));
}

// Keys may be names that a caller chose: `fromEntries` gives `__proto__` no meaning.
function shapeRow(selection: readonly SelectedField[], cells: readonly ItemCell[]): DirectusRow {
  return Object.fromEntries(
    selection.map((one, at) => [
      one.name,
      'relation' in one ? shapePerson(one, cells[at]) : shape(cells[at]),
    ]),
  );
}

function shapePerson({ fields }: SelectedPerson, cell: ItemCell | undefined): DirectusRow | null {
  if (!Array.isArray(cell)) return null;
  return Object.fromEntries(
    fields.map(({ name, keys }, at) => {
      const value: unknown = cell[at] ?? null;
      return [name, keys === undefined || value === null ? value : within(keys, value)];
    }),
  );
}

function within(keys: readonly string[], value: unknown): DirectusRow {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

function shape(cell: ItemCell | undefined): unknown {
  return cell instanceof Date ? cell.toISOString() : (cell ?? null);
}

/** Groups first, then what was computed: `count` itself for rows, an object of fields elsewhere. */
export function shapeAggregate(
  { groups, values }: ItemAggregation,
  rows: readonly AggregateRow[],
): DirectusRow[] {
  return rows.map((row) => {
    const entries = new Map<string, unknown>(groups.map(({ name }, at) => [name, shape(row.groups[at])]));
    for (const [at, { path }] of values.entries()) {
      const [fn, field] = path;
      const value = shape(row.values[at]);
      const present = entries.get(fn);
      const fields = typeof present === 'object' && present !== null ? present : {};
      entries.set(fn, field === undefined ? value : { ...fields, [field]: value });
    }
    return Object.fromEntries(entries);
  });
}
