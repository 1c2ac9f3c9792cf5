import { sql, type RawBuilder } from 'kysely';

/**
 * A condition on rows that are looked up by id, said so that the planner cannot take it for the
 * predicate of a partial index. Indexes of what is undispatched, pending or leased look empty in the statistics,
 * so the planner prefers them to the primary key; until the next vacuum they hold an entry for
 * every row that passed through, and reading them cost ten times the look-up (docs/benchmarks.md).
 *
 * Statements that join rows to JSON by their ids also name the ids as an array: joined alone, a plan made
 * while the table was small walks the whole index.
 */
export function afterLookup(condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(case when ${condition} then true end)`;
}
