import { createNewId } from '@carillon/runtime';
import { addToken } from '../token.mjs';
import { message, recipientCount, rowCount, subject as title } from './side.mjs';

/**
 * @typedef {import('./side.mjs').Side} Side
 * @typedef {import('../subject.mjs').Subject} Subject
 */

/** What is not placed after so long never will be. */
const settleMs = 60_000;

/**
 * An organization of the running Carillon, with the rows that are compared, all placed.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @returns {Promise<Side>}
 */
export async function prepareOwnSide(subject, databaseUrl) {
  const { sql, processes } = subject;
  const newId = createNewId();
  const organizationId = newId();
  await sql.query('insert into organizations (id, slug, name) values ($1, $2, $2)', [
    ...[organizationId, 'compared'],
  ]);
  const { rows } = await sql.query(
    `with made as (
       insert into users (id, organization_id, external_id, role)
       select uuidv7(), $1, 'compared-' || n, case when n = 0 then 'admin' else 'member' end
       from generate_series(0, $2::int) n returning id, role)
     insert into inbox_state (user_id, organization_id, head) select id, $1, $3 from made
     returning user_id, (select role from made where made.id = user_id) as role`,
    [organizationId, recipientCount, rowCount],
  );
  const adminId = String(rows.find((row) => row.role === 'admin')?.user_id);
  const recipientIds = rows.flatMap((row) => (row.role === 'admin' ? [] : [String(row.user_id)]));
  await sql.query(
    `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, body, created_at,
       dispatched_at, inbox_at, inbox_reason, inbox_always, placed_sequence, changed_sequence)
     select uuidv7(), $1, n, $1, ($2::uuid[])[1 + n % cardinality($2::uuid[])], $3 || ' ' || n, $4, at, at, at,
       'placed', true, n, n
     from generate_series(1, $5::int) n, lateral (select now() - interval '1 ms' * ($5 - n) as at) placed`,
    [organizationId, recipientIds, title, message, rowCount],
  );
  await sql.query(
    `insert into organization_numbers (organization_id, next_number) values ($1, $2)
     on conflict (organization_id) do update set next_number = excluded.next_number`,
    [organizationId, rowCount + 1],
  );
  await sql.query('vacuum analyze notifications');
  return {
    ...{ url: subject.url, recipientIds, pids: [processes.api, processes.worker] },
    token: await addToken(databaseUrl, newId, organizationId, adminId),
    settle: () => settle(sql, organizationId),
    statements: () => statementsOf(sql),
    written: () => writtenBeside(sql, organizationId),
    async tidy() {
      for (const table of ['attempts', 'deliveries'])
        await sql.query(`delete from ${table} where organization_id = $1`, [organizationId]);
      await sql.query('delete from notifications where organization_id = $1 and number > $2', [
        ...[organizationId, rowCount],
      ]);
      await sql.query('vacuum analyze notifications, deliveries, attempts, inbox_state');
    },
    stop: async () => undefined,
  };
}

/**
 * @param {import('pg').Pool} sql
 * @param {string} organizationId
 */
async function settle(sql, organizationId) {
  const deadlineMs = performance.now() + settleMs;
  for (;;) {
    const { rows } = await sql.query(
      'select exists (select from notifications where organization_id = $1 and dispatched_at is null) as waiting',
      [organizationId],
    );
    if (rows[0].waiting === false) return;
    if (performance.now() > deadlineMs) throw new Error('What Carillon accepted is still not in its inboxes');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** @param {import('pg').Pool} sql */
async function statementsOf(sql) {
  const { rows } = await sql.query(
    `select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements
     where userid in (select oid from pg_roles where rolname in ('carillon_api', 'carillon_system'))`,
  );
  return Number(rows[0].calls);
}

/**
 * @param {import('pg').Pool} sql
 * @param {string} organizationId
 */
async function writtenBeside(sql, organizationId) {
  const { rows } = await sql.query(
    `select (select count(*)::int from deliveries where organization_id = $1) as deliveries,
       (select count(*)::int from attempts where organization_id = $1) as attempts`,
    [organizationId],
  );
  return rows[0];
}
