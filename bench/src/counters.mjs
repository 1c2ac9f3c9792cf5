import { treeCpuUs } from './process-table.mjs';

/**
 * @typedef {import('./subject.mjs').Subject} Subject
 * @typedef {'api' | 'worker' | 'postgres' | 'redis' | 'client'} ProcessName
 *
 * @typedef {object} Counters
 * @property {Record<ProcessName, number>} cpuUs
 * @property {Map<string, number>} statements calls by text, as pg_stat_statements counts them: BEGIN and COMMIT too
 * @property {number} redisCommands all that Redis ran, those inside of scripts included
 *
 * @typedef {object} CountersPerNotification
 * @property {Record<ProcessName, number>} cpuUs
 * @property {number} statements
 * @property {number} redisCommands
 * @property {[string, number][]} topStatements the most frequent ones, per 1,000 notifications
 */

/**
 * What the processes have used and asked up to now. The services' statements are told from the bench's own by
 * the role they run as.
 *
 * @param {Subject} subject
 * @returns {Promise<Counters>}
 */
export async function readCounters(subject) {
  const { postgres, redis, api, worker } = subject.processes;
  const [statements, stats] = await Promise.all([
    subject.sql.query(`
      select query, sum(calls)::float8 as calls from pg_stat_statements
      where userid in (select oid from pg_roles where rolname in ('carillon_api', 'carillon_system'))
      group by query`),
    subject.redis.info('commandstats'),
  ]);
  const own = process.cpuUsage();
  return {
    cpuUs: {
      ...{ api: treeCpuUs(api), worker: treeCpuUs(worker) },
      ...{ postgres: treeCpuUs(postgres), redis: treeCpuUs(redis), client: own.user + own.system },
    },
    statements: new Map(statements.rows.map((row) => [String(row.query), Number(row.calls)])),
    redisCommands: sumCommandCalls(stats),
  };
}

/**
 * Sums the calls of all commands in the answer of `INFO commandstats`. What only the bench asks is left out.
 *
 * @param {string} info
 */
export function sumCommandCalls(info) {
  let calls = 0;
  for (const [, command, count] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    if (command !== 'info') calls += Number(count);
  }
  return calls;
}

/**
 * What lies between two readings, for each of `notifications`.
 *
 * @param {Counters} before
 * @param {Counters} after
 * @param {number} notifications
 * @returns {CountersPerNotification}
 */
export function perNotification(before, after, notifications) {
  const calls = [...after.statements]
    .map(
      ([text, count]) => /** @type {[string, number]} */ ([text, count - (before.statements.get(text) ?? 0)]),
    )
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  const cpuOf = (/** @type {ProcessName} */ name) => (after.cpuUs[name] - before.cpuUs[name]) / notifications;
  return {
    cpuUs: {
      ...{ api: cpuOf('api'), worker: cpuOf('worker') },
      ...{ postgres: cpuOf('postgres'), redis: cpuOf('redis'), client: cpuOf('client') },
    },
    statements: calls.reduce((sum, [, count]) => sum + count, 0) / notifications,
    redisCommands: (after.redisCommands - before.redisCommands) / notifications,
    topStatements: calls
      .slice(0, 12)
      .map(([text, count]) => [
        text.replaceAll(/\s+/g, ' ').trim().slice(0, 80),
        (count / notifications) * 1000,
      ]),
  };
}
