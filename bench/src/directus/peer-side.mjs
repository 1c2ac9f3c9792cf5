import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@carillon/cli';
import pg from 'pg';
import { answers, lastLines, startChild } from '../child.mjs';
import { directusProgram } from '../options.mjs';
import { message, recipientCount, rowCount, subject } from './side.mjs';

/** @typedef {import('./side.mjs').Side} Side */

const databaseName = 'bench_directus';
/** It loads a thousand packages, which on a busy machine takes long. */
const readyMs = 120_000;

/**
 * A real Directus on the PostgreSQL and the Redis of this run, with the rows that are compared; its people want no
 * mail. It runs as in production, without what would hold requests back.
 *
 * @param {import('../servers.mjs').Servers} servers
 * @param {import('../options.mjs').DirectusPlace} place
 * @returns {Promise<Side & { lastLogLines: () => string }>}
 */
export async function startPeerSide(servers, { dir, node }) {
  const database = new URL(servers.postgres.url);
  await runOnce(servers.postgres.url, `create database ${databaseName}`);
  database.pathname = `/${databaseName}`;
  const port = await findFreePort();
  const token = randomBytes(24).toString('hex');
  const env = { ...settingsOf(database, servers.redis.url, port), ADMIN_TOKEN: token };
  const cwd = join(servers.dir, 'directus');
  for (const folder of ['uploads', 'extensions']) mkdirSync(join(cwd, folder), { recursive: true });
  const program = join(dir, directusProgram);
  const path = { PATH: process.env['PATH'] ?? '' };
  await promisify(execFile)(node, [program, 'bootstrap'], { cwd, env: { ...path, ...env } });
  const logFile = join(servers.dir, 'directus.log');
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    ...{ name: 'Directus', program: node, args: [program, 'start'], cwd, env, logFile, readyMs },
    isReady: () => answers(`${url}/server/ping`),
  });
  const sql = new pg.Pool({ connectionString: database.href, max: 2 });
  return {
    ...{ url, token, pids: [child.pid], recipientIds: await addRows(sql) },
    // The row is there when it is answered; mail, which nobody wants here, would go out later.
    settle: async () => undefined,
    statements: () => statementsOf(sql),
    written: () => writtenBeside(sql),
    async tidy() {
      await sql.query('delete from directus_notifications where id > $1', [rowCount]);
      await sql.query('truncate directus_revisions, directus_activity cascade');
      await sql.query('vacuum analyze directus_notifications');
    },
    lastLogLines: () => lastLines(logFile),
    async stop() {
      await sql.end();
      await child.stop();
    },
  };
}

/**
 * @param {URL} database
 * @param {string} redisUrl
 * @param {number} port
 * @returns {Record<string, string>}
 */
function settingsOf(database, redisUrl, port) {
  return {
    ...{ NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn' },
    ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, SECRET: randomBytes(24).toString('hex') },
    ...{ DB_CLIENT: 'pg', DB_HOST: database.hostname, DB_PORT: database.port, DB_DATABASE: databaseName },
    ...{ DB_USER: decodeURIComponent(database.username), DB_PASSWORD: decodeURIComponent(database.password) },
    ...{ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: randomBytes(12).toString('hex') },
    ...{ CACHE_ENABLED: 'false', RATE_LIMITER_ENABLED: 'false', RATE_LIMITER_GLOBAL_ENABLED: 'false' },
    ...{ PRESSURE_LIMITER_ENABLED: 'false', TELEMETRY: 'false', WEBSOCKETS_ENABLED: 'true', REDIS: redisUrl },
  };
}

/**
 * @param {string} url
 * @param {string} statement
 */
async function runOnce(url, statement) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/**
 * @param {pg.Pool} sql
 * @returns {Promise<string[]>} who received them
 */
async function addRows(sql) {
  await sql.query('create extension pg_stat_statements');
  await sql.query('update directus_users set email_notifications = false');
  const { rows } = await sql.query(
    `insert into directus_users (id, email, status, email_notifications)
     select gen_random_uuid(), 'compared-' || n || '@example.com', 'active', false
     from generate_series(1, $1::int) n returning id`,
    [recipientCount],
  );
  const ids = rows.map((row) => String(row.id));
  await sql.query(
    `insert into directus_notifications (timestamp, status, recipient, subject, message)
     select now() - interval '1 ms' * ($4 - n), 'inbox', ($1::uuid[])[1 + n % cardinality($1::uuid[])],
       $2 || ' ' || n, $3
     from generate_series(1, $4::int) n`,
    [ids, subject, message, rowCount],
  );
  await sql.query('vacuum analyze directus_notifications, directus_users');
  return ids;
}

/**
 * All of its database but what the bench asks itself there.
 *
 * @param {pg.Pool} sql
 */
async function statementsOf(sql) {
  const { rows } = await sql.query(
    `select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and query not like '%pg_stat_statements%'`,
  );
  return Number(rows[0].calls);
}

/** @param {pg.Pool} sql */
async function writtenBeside(sql) {
  const { rows } = await sql.query(
    `select (select count(*)::int from directus_activity) as activity,
       (select count(*)::int from directus_revisions) as revisions`,
  );
  return rows[0];
}
