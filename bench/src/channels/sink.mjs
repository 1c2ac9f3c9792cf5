import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@carillon/cli';
import { answers, startChild } from '../child.mjs';

/**
 * The other side of sends that are measured.
 *
 * @typedef {object} Sink
 * @property {string} webhookUrl
 * @property {string} deadUrl takes connections and never answers
 * @property {string} smtpUrl
 * @property {() => Promise<SinkCounts>} counts
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ webhooks: number, unsigned: number, mails: number, dead: number }} SinkCounts
 */

/**
 * @param {string} dir for its log
 * @returns {Promise<Sink>}
 */
export async function startSink(dir) {
  const ports = { http: await findFreePort(), dead: await findFreePort(), smtp: await findFreePort() };
  const webhookUrl = `http://127.0.0.1:${ports.http}/hook`;
  const child = await startChild({
    name: 'the sink of sends',
    args: [fileURLToPath(new URL('sink-main.mjs', import.meta.url))],
    env: {
      ...{ HTTP_PORT: String(ports.http), DEAD_PORT: String(ports.dead), SMTP_PORT: String(ports.smtp) },
    },
    logFile: join(dir, 'sink.log'),
    isReady: () => answers(webhookUrl),
  });
  return {
    webhookUrl,
    deadUrl: `http://127.0.0.1:${ports.dead}/hook`,
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
    counts: async () => /** @type {SinkCounts} */ (await (await fetch(webhookUrl)).json()),
    stop: () => child.stop(),
  };
}
