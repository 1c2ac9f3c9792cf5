import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@carillon/cli';
import pg from 'pg';
import { answers, lastLines, startChild } from './child.mjs';
import { seed } from './seed.mjs';
import { connectRedis } from './servers.mjs';

/**
 * The shipped services, running, with what the bench asks their servers beside them.
 *
 * @typedef {object} Subject
 * @property {string} url of the API
 * @property {import('./seed.mjs').Seeded} seeded
 * @property {{ api: number, worker: number, postgres: number, redis: number }} processes
 * @property {pg.Pool} sql
 * @property {import('ioredis').Redis} redis
 * @property {() => string} lastLogLines of both services
 * @property {() => Promise<void>} stopServices ends API and worker in order
 * @property {() => Promise<void>} stop
 */

const programOf = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../services/${name}/dist/bundle/main.js`, import.meta.url));

/**
 * Starts `services/api/dist/bundle/main.js` and `services/worker/dist/bundle/main.js` as production does.
 *
 * @param {import('./servers.mjs').Servers} servers
 * @param {{ users: number, profileDir?: string, smtpUrl?: string }} options mails go nowhere unless told
 * @returns {Promise<Subject>}
 */
export async function startSubject(servers, { users, profileDir, smtpUrl = 'smtp://127.0.0.1:1' }) {
  const seeded = await seed(servers.postgres.url, users);
  const shared = {
    ...{ NODE_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    ...{ DATABASE_URL: servers.postgres.url, REDIS_URL: servers.redis.url },
    ...{
      CARILLON_SECRET_KEY: randomBytes(32).toString('base64'),
      CARILLON_PUBLIC_URL: 'https://bench.example',
    },
    ...{ SMTP_URL: smtpUrl, CARILLON_EGRESS_ALLOW: '127.0.0.1/32', CARILLON_DIALECTS: 'coder,directus' },
  };
  const flags = (/** @type {string} */ name) =>
    profileDir === undefined
      ? ['--enable-source-maps']
      : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`];
  const logFileOf = (/** @type {string} */ name) => join(servers.dir, `${name}.log`);
  const start = async (/** @type {string} */ name, /** @type {string} */ portSetting) => {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const child = await startChild({
      name: `services/${name}`,
      args: [...flags(name), programOf(name)],
      env: { ...shared, [portSetting]: String(port) },
      logFile: logFileOf(name),
      isReady: () => answers(`${url}/readyz`),
    });
    return { ...child, url };
  };
  const api = await start('api', 'PORT');
  const worker = await start('worker', 'METRICS_PORT');
  const sql = new pg.Pool({ connectionString: servers.postgres.url, max: 2 });
  const redis = connectRedis(servers.redis.url);
  const stopServices = async () => {
    await Promise.all([api.stop(), worker.stop()]);
  };
  return {
    ...{ url: api.url, seeded, sql, redis, stopServices },
    lastLogLines: () => `${lastLines(logFileOf('api'))}\n${lastLines(logFileOf('worker'))}`,
    processes: {
      ...{ api: api.pid, worker: worker.pid },
      ...{ postgres: servers.postgres.pid, redis: servers.redis.pid },
    },
    async stop() {
      await stopServices();
      redis.disconnect();
      await sql.end();
    },
  };
}
