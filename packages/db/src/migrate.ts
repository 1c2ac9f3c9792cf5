import { sql } from 'kysely';
import type { Log } from '@carillon/core';
import { connectDatabase, type Database } from './connect.ts';
import { grantSchema, makeRoles, protectTable } from './roles.ts';
import { migration as store } from './migrations/0001_store.ts';
import { migration as channelTests } from './migrations/0002_channel_tests.ts';
import { migration as leanerDeliveries } from './migrations/0003_leaner_deliveries.ts';
import { migration as preferencesAndTemplates } from './migrations/0004_preferences_and_templates.ts';
import { migration as systemTemplates } from './migrations/0005_system_templates.ts';
import { migration as sessions } from './migrations/0006_sessions.ts';
import { migration as waitingForTheirInbox } from './migrations/0007_waiting_for_their_inbox.ts';
import { migration as policiesAskedOnce } from './migrations/0008_policies_asked_once.ts';
import { migration as notificationRules } from './migrations/0009_notification_rules.ts';
import { migration as ruleRuns } from './migrations/0010_rule_runs.ts';
import { migration as rowsOfARecipient } from './migrations/0011_rows_of_a_recipient.ts';
import { migration as circuitsAndRates } from './migrations/0012_circuits_and_rates.ts';
import { migration as trialsAndPauses } from './migrations/0013_trials_and_pauses.ts';
import { migration as feedback } from './migrations/0014_feedback.ts';
import { migration as mailLayouts } from './migrations/0015_mail_layouts.ts';
import { migration as mailSenders } from './migrations/0016_mail_senders.ts';
import { migration as unreadBehindTheWall } from './migrations/0017_unread_behind_the_wall.ts';
import { migration as dueByChannel } from './migrations/0018_due_by_channel.ts';

export interface Migration {
  /** 1, 2, 3 … without holes. */
  number: number;
  name: string;
  /** The lowest schema number whose code still works beside this one, so that deploys may roll. */
  oldestCode: number;
  up(db: Database): Promise<void>;
  /** Tables with an `organization_id` that this migration makes: each gets row-level security. */
  protect: string[];
}

const migrations: readonly Migration[] = [
  ...[store, channelTests, leanerDeliveries, preferencesAndTemplates, systemTemplates, sessions],
  ...[waitingForTheirInbox, policiesAskedOnce, notificationRules, ruleRuns, rowsOfARecipient],
  ...[
    circuitsAndRates,
    trialsAndPauses,
    feedback,
    mailLayouts,
    mailSenders,
    unreadBehindTheWall,
    dueByChannel,
  ],
];
/** What this code knows; a database may be newer if it declares this number as good enough. */
export const schemaNumber = migrations.length;

/** The database was made by code that this code cannot run beside. */
export class IncompatibleSchemaError extends Error {
  override name = 'IncompatibleSchemaError';
}

/** Any constant will do, as long as nobody else uses it in this database. */
const lockKey = 7_241_993_018_772;

/**
 * Brings the database to this code's schema. Safe to call from several processes at once: one
 * migrates, the others wait and find nothing to do. A newer database that declares itself
 * compatible is left as it is; any other stops the start with both numbers and the remedy.
 */
export async function migrate(options: { url: string; log: Log }): Promise<{ applied: number }> {
  const database = connectDatabase({ ...options, poolMax: 1, statementTimeoutMs: 0, name: 'migrate' });
  try {
    return await database.db.connection().execute(async (db) => {
      await sql`select pg_advisory_lock(${lockKey}::bigint)`.execute(db);
      try {
        return await applyMissing(db, options.log);
      } finally {
        await sql`select pg_advisory_unlock(${lockKey}::bigint)`.execute(db);
      }
    });
  } finally {
    await database.stop();
  }
}

async function applyMissing(db: Database, log: Log): Promise<{ applied: number }> {
  await sql`create table if not exists carillon_migrations (
    number int primary key, name text not null, oldest_code int not null,
    applied_at timestamptz not null)`.execute(db);
  const { rows } = await sql<{ number: number; oldest_code: number }>`
    select number, oldest_code from carillon_migrations order by number`.execute(db);
  const applied = rows.length;
  checkNewer(rows);
  const missing = migrations.slice(applied);
  if (missing.length > 0) await makeRoles(db, log);
  for (const migration of missing) {
    await db.transaction().execute(async (transaction) => {
      await migration.up(transaction);
      for (const table of migration.protect) await protectTable(transaction, table);
      await grantSchema(transaction);
      await sql`insert into carillon_migrations (number, name, oldest_code, applied_at)
        values (${migration.number}, ${migration.name}, ${migration.oldestCode}, carillon_now())`.execute(
        transaction,
      );
    });
    log.info({ event: 'schema.migrated', number: migration.number, name: migration.name });
  }
  return { applied: missing.length };
}

function checkNewer(rows: readonly { number: number; oldest_code: number }[]): void {
  const newer = rows.filter((row) => row.number > schemaNumber);
  const oldestCode = Math.max(0, ...newer.map((row) => row.oldest_code));
  if (oldestCode <= schemaNumber) return;
  throw new IncompatibleSchemaError(
    `The database is at schema ${rows.length}, which works with code of schema ${oldestCode} or later; ` +
      `this code is of schema ${schemaNumber}. Start a newer Carillon, or restore the backup taken before the upgrade.`,
  );
}
