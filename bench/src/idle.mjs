import { openSockets } from './load/sockets.mjs';
import { residentBytes, treeCpuUs } from './process-table.mjs';
import { addPausedRows } from './seed.mjs';

/**
 * @typedef {import('./subject.mjs').Subject} Subject
 *
 * @typedef {object} Memory bytes in RAM
 * @property {number} api
 * @property {number} worker
 *
 * @typedef {object} Idle
 * @property {number} apiCpu part of a core, 0.01 is one percent
 * @property {number} workerCpu
 * @property {number} postgresCpu
 * @property {Memory} memory
 */

/**
 * @param {Subject} subject
 * @returns {Memory}
 */
export function readMemory({ processes }) {
  return { api: residentBytes(processes.api), worker: residentBytes(processes.worker) };
}

/**
 * What both services cost while nothing happens, with many rows of a paused organization present.
 *
 * @param {Subject} subject
 * @param {{ pausedRows: number, idleMs: number }} options
 * @returns {Promise<Idle>}
 */
export async function measureIdle(subject, { pausedRows, idleMs }) {
  const { api, worker, postgres } = subject.processes;
  await addPausedRows(subject.sql, pausedRows);
  // What the load left behind (timers, garbage, tables to analyse) belongs to the load.
  await pause(3_000);
  const read = () => [treeCpuUs(api), treeCpuUs(worker), treeCpuUs(postgres)];
  const before = read();
  const startMs = performance.now();
  await pause(idleMs);
  const elapsedUs = (performance.now() - startMs) * 1000;
  const [apiCpu = 0, workerCpu = 0, postgresCpu = 0] = read().map(
    (cpuUs, index) => (cpuUs - (before[index] ?? 0)) / elapsedUs,
  );
  return { apiCpu, workerCpu, postgresCpu, memory: readMemory(subject) };
}

/**
 * What the API's memory grows by for so many open sockets that say nothing. Where an instance admits fewer,
 * what those cost is multiplied up, and `opened` tells.
 *
 * @param {Subject} subject
 * @param {number} count
 * @returns {Promise<{ opened: number, bytes: number }>}
 */
export async function measureIdleSockets(subject, count) {
  const { userTokens } = subject.seeded;
  const before = readMemory(subject).api;
  const perUser = 10;
  const tokens = userTokens.flatMap((token) => Array.from({ length: perUser }, () => token)).slice(0, count);
  const sockets = await openSockets(subject.url, tokens, { untilFull: true });
  await pause(2_000);
  const bytes = readMemory(subject).api - before;
  await sockets.close();
  return { opened: sockets.open, bytes: (bytes / sockets.open) * count };
}

/** @param {number} durationMs */
function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
