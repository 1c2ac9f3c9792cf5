import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measureSends } from './channels/sends.mjs';
import { sendFigures } from './channels/verdicts.mjs';
import { CleanUp } from './clean-up.mjs';
import { measureReads } from './coder/reads.mjs';
import { measureWatches } from './coder/watches.mjs';
import { measurePlanning } from './core/planning.mjs';
import { measureRendering } from './core/rendering.mjs';
import { compareDirectus } from './directus/compare.mjs';
import { formatComparison } from './directus/report.mjs';
import { judgeComparison } from './directus/verdicts.mjs';
import { checkNothingLost, measureEndToEnd } from './end-to-end.mjs';
import { measureRelease, measureWindowChange } from './held.mjs';
import { measureIdle, measureIdleSockets } from './idle.mjs';
import { readOptions } from './options.mjs';
import { prepare, watchUsers } from './prepare.mjs';
import { readProfile, selfTimes } from './profile.mjs';
import { startBareExpress } from './raw/bare-express.mjs';
import { prepareRawInserts } from './raw/inserts.mjs';
import { runNoOpJobs } from './raw/no-op-jobs.mjs';
import { formatNumber, formatReport, formatVerdicts } from './report.mjs';
import { resultsDir, stamp, writeResults } from './results.mjs';
import { measureRulePlanning } from './rules/planning.mjs';
import { measureRuns } from './rules/runs.mjs';
import { say } from './say.mjs';
import { judge, judgeAll } from './verdicts.mjs';

/**
 * @typedef {import('./options.mjs').Tier} Tier
 * @typedef {import('./prepare.mjs').Prepared} Prepared
 * @typedef {import('./verdicts.mjs').Measured} Measured
 */

const singleConnections = 128;
const batchConnections = 8;
const noOpJobs = 20_000;
const warmUpRequests = 15_000;
const warmUpMsMax = 20_000;

/**
 * Runs the benchmark and prints it.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code: 1 when a floor is missed or something was lost, 2 for wrong arguments
 */
export async function run(args) {
  /** @type {Tier} */
  let tier;
  try {
    tier = readOptions(args, process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const cleanUp = new CleanUp();
  // The servers are processes of their own, which would outlive us.
  const stopEarly = () => void cleanUp.run().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stopEarly);
  try {
    if (tier.directus !== undefined) return await compare(tier, tier.directus, cleanUp);
    if (tier.sends) return await measureSendsOnly(tier, cleanUp);
    return await (tier.profile ? profile(tier, cleanUp) : measure(tier, cleanUp));
  } catch (error) {
    console.error(error);
    cleanUp.tellFailure();
    return 1;
  } finally {
    await cleanUp.run();
  }
}

/**
 * @param {Tier} tier
 * @param {CleanUp} cleanUp
 */
async function measure(tier, cleanUp) {
  say('planning and rendering in this process');
  const planningUs = measurePlanning(tier.rounds);
  const rendersPerSecond = measureRendering(tier.rounds);
  const prepared = await prepare(tier, cleanUp);
  const { servers, subject, start, sockets } = prepared;
  const inserts = await prepareRawInserts(servers.rawDatabaseUrl);
  cleanUp.defer(() => inserts.stop());
  const bare = await startBareExpress(servers);
  cleanUp.defer(() => bare.stop());
  /** @type {Measured} */
  const measured = {
    ...{ singleInserts: [], multiInserts: [], jobsAdded: [], jobsDone: [], bare: [], bareAckP99: [] },
    ...{ single: [], batch: [], half: [], rest: undefined, sockets: undefined },
    ...{ planningUs, rendersPerSecond, singlePolicy: [], batchPolicy: [] },
    ...{ release: undefined, windowChange: undefined, reads: undefined, watches: undefined },
    ...{ rulePlanningUs: measureRulePlanning(tier.rounds), runs: undefined, sends: undefined },
  };
  let accepted = await warmUp(prepared);
  for (let round = 1; round <= tier.rounds; round += 1) {
    const of = `round ${round} of ${tier.rounds}:`;
    await measureLimits(tier, of, { ...prepared, inserts, bare }, measured);
    accepted += await measureCarillon(tier, round, prepared, measured);
  }
  await checkNothingLost(subject, sockets, accepted);
  say(
    `${formatNumber(accepted)} accepted = placed = delivered = announced on a socket, none lost, none doubled`,
  );
  await sockets.close();
  say(`watching both idle for ${tier.idleMs / 1000} s beside ${formatNumber(tier.pausedRows)} paused rows`);
  measured.rest = { start, idle: await measureIdle(subject, tier) };
  await measureCoder(tier, { ...prepared, bareUrl: bare.url }, measured);
  await measureHeld(tier, prepared, measured);
  say(`ending the waits of ${formatNumber(tier.ruleRuns)} runs of rules, one after the other`);
  measured.runs = await measureRuns(subject, tier.ruleRuns);
  // What goes outside takes half a minute by itself: `--sends` measures it alone.
  if (tier.name === 'full') measured.sends = await measureOutside(tier, prepared);
  if (tier.idleSockets > 0) {
    say(`opening ${formatNumber(tier.idleSockets)} idle sockets`);
    measured.sockets = await measureIdleSockets(subject, tier.idleSockets);
  }
  const verdicts = judgeAll(measured);
  return conclude(formatReport(measured, verdicts), { tier, measured, verdicts });
}

/**
 * @param {Tier} tier
 * @param {Prepared} prepared
 */
async function measureOutside({ webhooks, mails }, { servers, subject, sink }) {
  const of = `${formatNumber(webhooks)} webhooks and ${formatNumber(mails)} mails`;
  say(`sending ${of} in ${sink.deadUrls.length} rounds, alone and beside an endpoint that never answers`);
  const sends = await measureSends(subject, servers.postgres.url, sink, { webhooks, mails });
  const costs = { webhook: sends.webhookCost, mail: sends.mailCost };
  for (const [what, { cpuUs, sinkUs, statements }] of Object.entries(costs)) {
    const each = Object.entries(cpuUs).map(([name, us]) => `${name} ${formatNumber(us)}`);
    say(
      `CPU µs of a ${what}: ${each.join(', ')}, sink ${formatNumber(sinkUs)}; ${formatNumber(statements, 2)} statements`,
    );
  }
  return sends;
}

/**
 * @param {Tier} tier
 * @param {CleanUp} cleanUp
 */
async function measureSendsOnly(tier, cleanUp) {
  const prepared = await prepare({ ...tier, users: 1 }, cleanUp);
  await prepared.sockets.close();
  const sends = await measureOutside(tier, prepared);
  const verdicts = sendFigures({ sends }).map(({ rule, spread }) => judge(rule, spread));
  return conclude(formatVerdicts(verdicts), { tier, measured: { sends }, verdicts });
}

/**
 * @param {Tier} tier
 * @param {import('./options.mjs').DirectusPlace} place
 * @param {CleanUp} cleanUp
 */
async function compare(tier, place, cleanUp) {
  const measured = await compareDirectus(tier, place, { cleanUp, say });
  const verdicts = judgeComparison(measured);
  return conclude(formatComparison(measured, verdicts), { tier, measured, verdicts });
}

/**
 * @param {string} report
 * @param {{ tier: Tier, measured: object, verdicts: import('./verdicts.mjs').Verdict[] }} results
 * @returns {number} the exit code
 */
function conclude(report, results) {
  console.log(`\n${report}\n`);
  const missed = results.verdicts.filter((one) => one.floorMet === false);
  say(missed.length === 0 ? 'every floor is met' : `MISSED: ${missed.map((one) => one.name).join('; ')}`);
  say(`written to ${writeResults(results)}`);
  return missed.length === 0 ? 0 : 1;
}

/**
 * Compiled code, filled caches and statistics of tables that are not empty: what a server has after its first
 * minute. By count and not by time, because a slow machine would otherwise measure cold code. Counts for
 * nothing but what must not be lost.
 *
 * @param {Prepared} prepared
 */
async function warmUp({ subject, sockets, requests }) {
  say('warming up');
  const endMs = performance.now() + warmUpMsMax;
  const load = { connections: singleConnections, durationMs: 1_000 };
  let accepted = 0;
  const run = async (/** @type {keyof typeof requests} */ name, /** @type {typeof load} */ options) => {
    accepted += (await measureEndToEnd(subject, sockets, requests[name], options)).accepted;
  };
  while (accepted < warmUpRequests && performance.now() < endMs) {
    await run('single', load);
    await run('singleByTemplate', load);
  }
  const inBatches = { connections: batchConnections, durationMs: 1_000 };
  await run('batch', inBatches);
  await run('batchByTemplate', inBatches);
  return accepted;
}

/**
 * @param {Tier} tier
 * @param {string} of
 * @param {Prepared & { inserts: import('./raw/inserts.mjs').RawInserts, bare: Awaited<ReturnType<typeof startBareExpress>> }} parts
 * @param {Measured} measured
 */
async function measureLimits({ loadMs }, of, { servers, inserts, bare, requests }, measured) {
  measured.singleInserts.push(await inserts.single(loadMs / 2));
  measured.multiInserts.push(await inserts.multi(loadMs / 2));
  const jobs = await runNoOpJobs(servers.redis.url, noOpJobs);
  measured.jobsAdded.push(jobs.addedPerSecond);
  measured.jobsDone.push(jobs.donePerSecond);
  const bareRun = await bare.measure(requests, loadMs);
  measured.bare.push(bareRun.perSecond);
  measured.bareAckP99.push(bareRun.ackMs.p99);
  say(
    `${of} limits: ${formatNumber(measured.singleInserts.at(-1) ?? 0)} inserts, ` +
      `${formatNumber(jobs.donePerSecond)} jobs, ${formatNumber(bareRun.perSecond)} bare requests per second`,
  );
}

/**
 * @param {Tier} tier
 * @param {number} round
 * @param {Prepared} prepared
 * @param {Measured} measured
 * @returns {Promise<number>} how many were accepted
 */
async function measureCarillon({ loadMs, rounds }, round, prepared, measured) {
  const { subject, sockets, requests } = prepared;
  const atFull = { connections: singleConnections, durationMs: loadMs };
  const inBatches = { connections: batchConnections, durationMs: loadMs };
  const [single, singlePolicy] = await measurePair(prepared, 'single', 'singleByTemplate', atFull, round);
  const atHalf = { ...atFull, perSecond: single.perSecond / 2 };
  const half = await measureEndToEnd(subject, sockets, requests.single, atHalf);
  const [batch, batchPolicy] = await measurePair(prepared, 'batch', 'batchByTemplate', inBatches, round);
  measured.single.push(single);
  measured.singlePolicy.push(singlePolicy);
  measured.half.push(half);
  measured.batch.push(batch);
  measured.batchPolicy.push(batchPolicy);
  const of = `round ${round} of ${rounds}:`;
  say(
    `${of} end to end: ${formatNumber(single.perSecond)} by single POSTs, ` +
      `${formatNumber(batch.perSecond)} by batches per second; at half load p99 ${formatNumber(half.endToEndMs.p99)} ms`,
  );
  say(
    `${of} with preferences and template: ${formatNumber(singlePolicy.perSecond)} by single POSTs, ` +
      `${formatNumber(batchPolicy.perSecond)} by batches per second`,
  );
  return [single, singlePolicy, half, batch, batchPolicy].reduce((sum, run) => sum + run.accepted, 0);
}

/**
 * The plain load and the one with preferences, one right after the other. Which goes first changes from round to
 * round, because tables grow all the time.
 *
 * @param {Prepared} prepared
 * @param {'single' | 'batch'} plain
 * @param {'singleByTemplate' | 'batchByTemplate'} chosen
 * @param {{ connections: number, durationMs: number }} load
 * @param {number} round
 */
async function measurePair({ subject, sockets, requests }, plain, chosen, load, round) {
  const isPlainFirst = round % 2 === 1;
  const first = await measureEndToEnd(subject, sockets, requests[isPlainFirst ? plain : chosen], load);
  const second = await measureEndToEnd(subject, sockets, requests[isPlainFirst ? chosen : plain], load);
  return isPlainFirst ? /** @type {const} */ ([first, second]) : /** @type {const} */ ([second, first]);
}

/**
 * @param {Tier} tier
 * @param {Prepared} prepared
 * @param {Measured} measured
 */
async function measureHeld({ held, heldOfOne }, { subject }, measured) {
  say(`holding ${formatNumber(held)} deliveries until one instant`);
  measured.release = await measureRelease(subject, held);
  say(
    `released, ${formatNumber(measured.release.perSecond)} per second; now the window of ${formatNumber(heldOfOne)}`,
  );
  measured.windowChange = await measureWindowChange(subject, heldOfOne);
}

/**
 * @param {Tier} tier
 * @param {Prepared & { bareUrl: string }} prepared
 * @param {Measured} measured
 */
async function measureCoder({ inboxRows }, { servers, subject, bareUrl }, measured) {
  say(`reading inboxes of an organization with ${formatNumber(inboxRows)} rows as clients of Coder do`);
  measured.reads = await measureReads(subject, servers.postgres.url, bareUrl, inboxRows);
  const { userIds, userTokens } = subject.seeded;
  const watchers = { userIds: userIds.slice(-watchUsers), userTokens: userTokens.slice(-watchUsers) };
  measured.watches = await measureWatches(subject, watchers);
  const { frames, sockets } = measured.watches;
  say(`${formatNumber(frames)} frames came on ${formatNumber(sockets)} watch sockets`);
}

/**
 * @param {Tier} tier
 * @param {CleanUp} cleanUp
 */
async function profile(tier, cleanUp) {
  const profileDir = join(resultsDir, `profile-${stamp()}`);
  mkdirSync(profileDir, { recursive: true });
  const prepared = await prepare(tier, cleanUp, profileDir);
  await warmUp(prepared);
  say('loading both services under the CPU profiler');
  const connections = tier.load.startsWith('batch') ? batchConnections : singleConnections;
  const load = { connections, durationMs: tier.loadMs };
  const { perSecond } = await measureEndToEnd(
    prepared.subject,
    prepared.sockets,
    prepared.requests[tier.load],
    load,
  );
  await prepared.sockets.close();
  await prepared.subject.stopServices();
  say(`${formatNumber(perSecond)} per second, slowed down by the profiler; profiles are in ${profileDir}`);
  for (const name of ['api', 'worker']) {
    console.log(`\n${name}: functions by their own time`);
    for (const { name: place, part } of selfTimes(readProfile(join(profileDir, `${name}.cpuprofile`))).slice(
      0,
      15,
    )) {
      console.log(`${(part * 100).toFixed(1).padStart(6)} %  ${place}`);
    }
  }
  return 0;
}
