import { closedLoop } from '../load/loops.mjs';
import { residentBytes, treeCpuUs } from '../process-table.mjs';
import { startServers } from '../servers.mjs';
import { quantile } from '../statistics.mjs';
import { startSubject } from '../subject.mjs';
import { prepareOwnSide } from './own-side.mjs';
import { startPeerSide } from './peer-side.mjs';
import { loadNames, loadsOf } from './loads.mjs';

/**
 * @typedef {import('./side.mjs').Side} Side
 * @typedef {import('./loads.mjs').ComparedLoad} ComparedLoad
 *
 * @typedef {object} Run of one load on one side
 * @property {number} perSecond requests, until the last one is done with
 * @property {{ p50: number, p99: number }} ms
 * @property {number} statements that PostgreSQL ran for each request
 * @property {{ services: number, postgres: number }} cpuMs of each request, until it was done with
 * @property {import('./side.mjs').Written} written rows beside each notification
 *
 * @typedef {Record<import('./loads.mjs').LoadName, Run[]>} SideRuns a run per round
 *
 * @typedef {object} Compared
 * @property {SideRuns} own
 * @property {SideRuns} peer
 * @property {Memory} ownMemory API and worker together
 * @property {Memory} peerMemory
 *
 * @typedef {{ before: number, after: number }} Memory bytes in RAM before and after all loads
 */

const warmUpMs = 2_000;

/**
 * The same calls of Directus' clients, answered by Carillon and by a real Directus, in turns on one PostgreSQL and
 * one Redis. Who is asked first changes from round to round.
 *
 * @param {import('../options.mjs').Tier} tier
 * @param {import('../options.mjs').DirectusPlace} place
 * @param {{ cleanUp: import('../clean-up.mjs').CleanUp, say: (line: string) => void }} tools
 * @returns {Promise<Compared>}
 */
export async function compareDirectus({ rounds, loadMs }, place, { cleanUp, say }) {
  say('starting PostgreSQL and Redis');
  const servers = await startServers(say);
  cleanUp.defer(() => servers.stop());
  const { pid: postgres } = servers.postgres;
  say('starting API and worker');
  const subject = await startSubject(servers, { users: 1 });
  cleanUp.defer(() => subject.stop());
  cleanUp.onFailure(() => console.error(subject.lastLogLines()));
  const own = await prepareOwnSide(subject, servers.postgres.url);
  say('starting Directus');
  const peer = await startPeerSide(servers, place);
  cleanUp.defer(() => peer.stop());
  cleanUp.onFailure(() => console.error(peer.lastLogLines()));
  const sides = [
    { name: 'Carillon', side: own, runs: noRuns(), memory: noMemory(own), loads: loadsOf(own) },
    { name: 'Directus', side: peer, runs: noRuns(), memory: noMemory(peer), loads: loadsOf(peer) },
  ];
  const [ours, theirs] = sides;
  if (ours === undefined || theirs === undefined) throw new Error('Two sides are compared');
  for (const { name, side, loads } of sides) {
    say(`warming up ${name}`);
    for (const load of loads) await measure(side, load, { durationMs: warmUpMs, postgres });
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, side, loads, runs } of round % 2 === 1 ? sides : sides.toReversed()) {
      for (const load of loads)
        runs[load.name].push(await measure(side, load, { durationMs: loadMs, postgres }));
      const rates = loadNames.map((one) => `${one} ${runs[one].at(-1)?.perSecond.toFixed(1)}`).join(', ');
      say(`round ${round} of ${rounds}: ${name} answered per second ${rates}`);
    }
  }
  for (const { side, memory } of sides) memory.after = memoryOf(side);
  return { own: ours.runs, peer: theirs.runs, ownMemory: ours.memory, peerMemory: theirs.memory };
}

/** @returns {SideRuns} */
function noRuns() {
  return { list: [], single: [], batch: [] };
}

/** @param {Side} side */
function noMemory(side) {
  return { before: memoryOf(side), after: Number.NaN };
}

/** @param {Side} side */
function memoryOf({ pids }) {
  return pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
}

/**
 * @param {Side} side
 * @param {ComparedLoad} load
 * @param {{ durationMs: number, postgres: number }} options
 * @returns {Promise<Run>}
 */
async function measure(side, { connections, ...kind }, { durationMs, postgres }) {
  const before = await side.statements();
  const cpuBefore = cpuUs(side, postgres);
  const startMs = performance.now();
  const { answered, ackMs } = await closedLoop(side.url, {
    ...kind,
    ...{ connections, durationMs, token: side.token },
  });
  await side.settle();
  const seconds = (performance.now() - startMs) / 1000;
  const cpu = cpuUs(side, postgres);
  const statements = (await side.statements()) - before;
  const written = Object.entries(await side.written()).map(([table, rows]) => [
    table,
    kind.items === 0 ? 0 : rows / (answered * kind.items),
  ]);
  if (kind.items > 0) await side.tidy();
  return {
    perSecond: answered / seconds,
    ms: { p50: quantile(ackMs, 0.5), p99: quantile(ackMs, 0.99) },
    statements: statements / answered,
    cpuMs: {
      services: (cpu.services - cpuBefore.services) / answered / 1000,
      postgres: (cpu.postgres - cpuBefore.postgres) / answered / 1000,
    },
    written: Object.fromEntries(written),
  };
}

/**
 * @param {Side} side
 * @param {number} postgres
 */
function cpuUs({ pids }, postgres) {
  return { services: pids.reduce((sum, pid) => sum + treeCpuUs(pid), 0), postgres: treeCpuUs(postgres) };
}
