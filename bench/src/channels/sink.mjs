import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@carillon/cli';
import { answers, startChild } from '../child.mjs';

/**
 * The other side of sends that are measured.
 *
 * @typedef {object} Sink
 * @property {string} webhookUrl
 * @property {string[]} deadUrls take connections and never answer
 * @property {string} smtpUrl
 * @property {() => Promise<SinkCounts>} counts
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ webhooks: number, unsigned: number, mails: number, dead: number, cpuUs: number }} SinkCounts
 */

/**
 * @param {string} dir for its log
 * @param {number} deadEndpoints how many there are that never answer
 * @returns {Promise<Sink>}
 */
export async function startSink(dir, deadEndpoints) {
  const ports = { http: await findFreePort(), smtp: await findFreePort() };
  const deadPorts = [];
  for (let made = 0; made < deadEndpoints; made += 1) deadPorts.push(await findFreePort());
  const webhookUrl = `http://127.0.0.1:${ports.http}/hook`;
  const child = await startChild({
    name: 'the sink of sends',
    args: [fileURLToPath(new URL('sink-main.mjs', import.meta.url))],
    env: {
      ...{ HTTP_PORT: String(ports.http), DEAD_PORTS: deadPorts.join(','), SMTP_PORT: String(ports.smtp) },
    },
    logFile: join(dir, 'sink.log'),
    isReady: () => answers(webhookUrl),
  });
  return {
    webhookUrl,
    deadUrls: deadPorts.map((port) => `http://127.0.0.1:${port}/hook`),
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
    counts: async () => /** @type {SinkCounts} */ (await (await fetch(webhookUrl)).json()),
    stop: () => child.stop(),
  };
}
