import { Client } from 'undici';
import { quantile } from '../statistics.mjs';
import { countQuery, pageItems, pageQuery } from './queries.mjs';
import { addReader } from './reader.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 * @typedef {import('./reader.mjs').Reader} Reader
 *
 * @typedef {object} Reads what a reader costs whose organization has few rows, and one whose has many; block by block
 * @property {number} few rows of the small organization
 * @property {number} many rows of the large one
 * @property {Cost[]} pageOfFew the list page by HTTP
 * @property {Cost[]} page the same in the large organization, as all that follow
 * @property {Cost[]} barePage the rows of the page from a bare Express server, by one indexed query
 * @property {Cost[]} pageQuery the same query, asked directly
 * @property {Cost[]} countOfFew the unread count by HTTP
 * @property {Cost[]} count
 * @property {Cost[]} bareCount
 * @property {Cost[]} countQuery
 *
 * @typedef {object} Cost of one read
 * @property {number} ms until the answer, the median of a block
 * @property {number} databaseMs that PostgreSQL ran statements for it, the mean of a block
 */

const few = 1_000;
const blocks = 6;
const readsInBlock = 20;

/**
 * Reads inboxes of a small and of a large organization by HTTP, and those of the large one by one indexed query, from
 * a bare server and directly, all in turns: what slows a block down slows all of it.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {string} bareUrl of the bare Express server
 * @param {number} many rows of the large organization
 * @returns {Promise<Reads>}
 */
export async function measureReads(subject, databaseUrl, bareUrl, many) {
  const small = await addReader(subject, databaseUrl, few);
  const large = await addReader(subject, databaseUrl, many);
  // What has grown over months has been looked at by autovacuum meanwhile.
  await subject.sql.query('vacuum analyze notifications');
  const http = new Client(subject.url, { pipelining: 1 });
  const bare = new Client(bareUrl, { pipelining: 1 });
  const sql = await subject.sql.connect();
  try {
    return { few, many, ...(await measureBlocks(sql, waysOf({ http, bare, sql }, small, large))) };
  } finally {
    sql.release();
    await Promise.all([http.close(), bare.close()]);
  }
}

/**
 * @typedef {keyof Omit<Reads, 'few' | 'many'>} WayName
 * @typedef {{ read: () => Promise<unknown>, role: string }} Way `role` is as whom PostgreSQL runs its statements
 */

/**
 * @param {{ http: Client, bare: Client, sql: import('pg').PoolClient }} clients
 * @param {Reader} small
 * @param {Reader} large
 * @returns {Record<WayName, Way>}
 */
function waysOf({ http, bare, sql }, small, large) {
  const page = (/** @type {Reader} */ { token }) => ({
    role: 'carillon_api',
    read: async () => {
      const { notifications, unread_count: unread } = await get(http, '/api/v2/notifications/inbox', token);
      check([notifications.length, unread], [pageItems, large.unread]);
    },
  });
  const count = (/** @type {Reader} */ { token }) => ({
    role: 'carillon_api',
    read: async () => check([(await get(http, '/v1/inbox/counts', token)).unread], [large.unread]),
  });
  const values = [large.userId];
  return {
    ...{ pageOfFew: page(small), page: page(large), countOfFew: count(small), count: count(large) },
    barePage: {
      role: '',
      read: async () =>
        check([(await get(bare, `/inbox/${large.userId}`)).notifications.length], [pageItems]),
    },
    bareCount: {
      role: '',
      read: async () => check([(await get(bare, `/inbox/${large.userId}/count`)).unread], [large.unread]),
    },
    pageQuery: {
      role: '',
      read: async () => check([(await sql.query({ ...pageQuery, values })).rows.length], [pageItems]),
    },
    countQuery: {
      role: '',
      read: async () => check([(await sql.query({ ...countQuery, values })).rows[0].unread], [large.unread]),
    },
  };
}

/**
 * Both edges take a bearer token; the bare server takes none.
 *
 * @param {Client} http
 * @param {string} path
 * @param {string} [token]
 */
async function get(http, path, token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { statusCode, body } = await http.request({ path, method: 'GET', headers });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}: ${text}`);
  return JSON.parse(text);
}

/**
 * @param {readonly number[]} got
 * @param {readonly number[]} wanted
 */
function check(got, wanted) {
  if (got.join() !== wanted.join()) throw new Error(`A reader got ${got.join()} instead of ${wanted.join()}`);
}

/**
 * @param {import('pg').PoolClient} sql
 * @param {Record<WayName, Way>} ways
 * @returns {Promise<Record<WayName, Cost[]>>}
 */
async function measureBlocks(sql, ways) {
  /** @type {Record<WayName, Cost[]>} */
  const found = {
    ...{ pageOfFew: [], page: [], barePage: [], pageQuery: [] },
    ...{ countOfFew: [], count: [], bareCount: [], countQuery: [] },
  };
  const names = /** @type {WayName[]} */ (Object.keys(found));
  for (const name of names) await measureBlock(sql, ways[name]);
  for (let block = 0; block < blocks; block += 1) {
    for (const name of names) found[name].push(await measureBlock(sql, ways[name]));
  }
  return found;
}

/**
 * @param {import('pg').PoolClient} sql
 * @param {Way} way
 * @returns {Promise<Cost>}
 */
async function measureBlock(sql, { read, role }) {
  /** @type {number[]} */
  const times = [];
  const before = await databaseMs(sql, role);
  for (let index = 0; index < readsInBlock; index += 1) {
    const startMs = performance.now();
    await read();
    times.push(performance.now() - startMs);
  }
  const after = await databaseMs(sql, role);
  return { ms: quantile(times, 0.5), databaseMs: (after - before) / readsInBlock };
}

/**
 * How long PostgreSQL has run statements of a role (empty for the bench's own), without this question.
 *
 * @param {import('pg').PoolClient} sql
 * @param {string} role
 */
async function databaseMs(sql, role) {
  const { rows } = await sql.query(
    `select coalesce(sum(total_exec_time), 0)::float8 as ms from pg_stat_statements
     where userid = (select oid from pg_roles where rolname = coalesce(nullif($1, ''), current_user))
       and query not like '%pg_stat_statements%'`,
    [role],
  );
  return Number(rows[0].ms);
}
