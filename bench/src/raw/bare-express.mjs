import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@carillon/cli';
import { answers, startChild } from '../child.mjs';
import { closedLoop } from '../load/loops.mjs';
import { latenciesOf } from '../statistics.mjs';

/** @typedef {import('../load/requests.mjs').Requests} Requests */

/**
 * Starts the bare server in a process of its own.
 *
 * @param {{ dir: string, rawDatabaseUrl: string, postgres: { url: string } }} servers
 */
export async function startBareExpress({ dir, rawDatabaseUrl, postgres }) {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: 'The bare Express server',
    args: [fileURLToPath(new URL('bare-server.mjs', import.meta.url))],
    env: {
      ...{ PORT: String(port), NODE_ENV: 'production' },
      ...{ BENCH_DATABASE_URL: rawDatabaseUrl, BENCH_INBOX_DATABASE_URL: postgres.url },
    },
    logFile: join(dir, 'bare-express.log'),
    isReady: () => answers(`${url}/readyz`),
  });
  return {
    url,
    stop: () => child.stop(),
    /**
     * As many requests as it takes with 64 connections, the same requests as the API gets.
     *
     * @param {Requests} requests
     * @param {number} durationMs
     */
    async measure(requests, durationMs) {
      const result = await closedLoop(url, { ...requests.single, connections: 64, durationMs });
      return { perSecond: (result.answered / result.sendingMs) * 1000, ackMs: latenciesOf(result.ackMs) };
    },
  };
}
