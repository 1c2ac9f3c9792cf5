import { sql } from 'kysely';
import type { Database } from '../connect.ts';

/** The random id of this database's life: the first half of every stream position. */
export async function getEpoch(db: Database): Promise<string> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'epoch')
    .executeTakeFirstOrThrow();
  return String(row.value);
}

/**
 * Starts a new life after a restore from a backup: sequences run a second time from here, so every
 * client is told to start afresh.
 */
export async function renewEpoch(db: Database): Promise<string> {
  const { rows } = await sql<{ value: string }>`
    update settings set value = to_jsonb(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))
    where key = 'epoch' returning value
  `.execute(db);
  return String(rows[0]?.value);
}

/** The database answers: for readiness. */
export async function ping(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}

/** The database's clock, by which everything is decided. */
export async function loadNow(db: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select carillon_now() as now`.execute(db);
  return rows[0]?.now ?? new Date(0);
}
