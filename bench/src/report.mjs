import { spreadOf } from './statistics.mjs';

/**
 * @typedef {import('./statistics.mjs').Spread} Spread
 * @typedef {import('./verdicts.mjs').Verdict} Verdict
 * @typedef {import('./verdicts.mjs').Measured} Measured
 * @typedef {import('./end-to-end.mjs').EndToEnd} EndToEnd
 */

/**
 * Lines up cells under each other; the first column to the left, the others to the right.
 *
 * @param {readonly (readonly string[])[]} rows
 */
export function formatTable(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/**
 * `median [min–max]`, with thousands set apart.
 *
 * @param {Spread} spread
 * @param {number} [digits]
 */
export function formatSpread({ median, min, max }, digits = 0) {
  const text = (/** @type {number} */ value) => formatNumber(value, digits);
  return min === max ? text(median) : `${text(median)} [${text(min)}–${text(max)}]`;
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
export function formatNumber(value, digits = 0) {
  if (!Number.isFinite(value)) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * The tables for the screen, from raw limits to verdicts.
 *
 * @param {Measured} measured
 * @param {readonly Verdict[]} verdicts
 */
export function formatReport(measured, verdicts) {
  return [
    ...[rates(measured), latencies(measured), costs(measured), rest(measured)],
    ...[coder(measured), held(measured), formatVerdicts(verdicts)],
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** @param {Measured} measured */
function rates(measured) {
  const row = (/** @type {string} */ name, /** @type {number[]} */ values) => [
    name,
    formatSpread(spreadOf(values)),
  ];
  const of = (/** @type {EndToEnd[]} */ runs, /** @type {'perSecond' | 'acceptedPerSecond'} */ key) =>
    runs.map((run) => run[key]);
  return formatTable([
    ['per second', 'median [min–max] of rounds'],
    row('PostgreSQL, one row per statement, 32 at once', measured.singleInserts),
    row('PostgreSQL, 100 rows per statement, 4 at once', measured.multiInserts),
    row('BullMQ, jobs added, 64 at once', measured.jobsAdded),
    row('BullMQ, no-op jobs done, concurrency 100', measured.jobsDone),
    row('bare Express + AJV + one INSERT, 64 connections', measured.bare),
    row('Carillon accepted, single POSTs, 128 connections', of(measured.single, 'acceptedPerSecond')),
    row('Carillon end to end, single POSTs', of(measured.single, 'perSecond')),
    row('Carillon accepted, batches of 100, 8 connections', of(measured.batch, 'acceptedPerSecond')),
    row('Carillon end to end, batches of 100', of(measured.batch, 'perSecond')),
    row(
      'Carillon end to end, single POSTs, preferences and template',
      of(measured.singlePolicy, 'perSecond'),
    ),
    row(
      'Carillon end to end, batches of 100, preferences and template',
      of(measured.batchPolicy, 'perSecond'),
    ),
  ]);
}

/** @param {Measured} measured */
function latencies({ single, batch, half, singlePolicy, batchPolicy, bareAckP99 }) {
  const cell = (
    /** @type {EndToEnd[]} */ runs,
    /** @type {'ackMs' | 'endToEndMs'} */ what,
    /** @type {'p50' | 'p99'} */ q,
  ) => formatSpread(spreadOf(runs.map((run) => run[what][q])), 1);
  const row = (/** @type {string} */ name, /** @type {EndToEnd[]} */ runs) => [
    ...[name, cell(runs, 'ackMs', 'p50'), cell(runs, 'ackMs', 'p99')],
    ...[cell(runs, 'endToEndMs', 'p50'), cell(runs, 'endToEndMs', 'p99')],
  ];
  return formatTable([
    ['milliseconds', 'answer p50', 'answer p99', 'end to end p50', 'end to end p99'],
    row('single POSTs, full load', single),
    row('batches, full load', batch),
    row('single POSTs, half load', half),
    row('single POSTs, full load, preferences and template', singlePolicy),
    row('batches, full load, preferences and template', batchPolicy),
    ['bare Express, full load', '', formatSpread(spreadOf(bareAckP99), 1), '', ''],
  ]);
}

/** @param {Measured} measured */
function costs({ single, batch, half, singlePolicy, batchPolicy }) {
  const names = /** @type {const} */ (['api', 'worker', 'postgres', 'redis', 'client']);
  const row = (/** @type {string} */ way, /** @type {EndToEnd[]} */ runs) => {
    const cpu = names.map((name) => spreadOf(runs.map((run) => run.counters.cpuUs[name])).median);
    const all = cpu.reduce((sum, value) => sum + value, 0);
    const share = (cpu.at(-1) ?? 0) / all;
    return [
      way,
      ...cpu.map((value) => formatNumber(value)),
      formatNumber(all),
      `${formatNumber(share * 100)} %`,
    ];
  };
  return formatTable([
    ['CPU µs per notification', ...names, 'sum', "client's share"],
    row('single POSTs, full load', single),
    row('batches, full load', batch),
    row('single POSTs, half load', half),
    row('single POSTs, preferences and template', singlePolicy),
    row('batches, preferences and template', batchPolicy),
  ]);
}

/** @param {Measured} measured */
function rest({ rest: found, sockets }) {
  if (found === undefined) return '';
  const { idle, start } = found;
  const percent = (/** @type {number} */ part) => `${formatNumber(part * 100, 2)} %`;
  const memory = (/** @type {number} */ bytes) => `${formatNumber(bytes / 1024 / 1024)} MiB`;
  const table = formatTable([
    ['while idle', 'CPU of a core', 'memory at start', 'memory after the load'],
    ['API', percent(idle.apiCpu), memory(start.api), memory(idle.memory.api)],
    ['worker', percent(idle.workerCpu), memory(start.worker), memory(idle.memory.worker)],
    ['PostgreSQL', percent(idle.postgresCpu), '', ''],
  ]);
  if (sockets === undefined) return table;
  return `${table}\n\n${formatNumber(sockets.opened)} idle sockets opened; for 10,000 the API holds ${memory(sockets.bytes)} more`;
}

/** @param {Measured} measured */
function held({ release, windowChange }) {
  if (release === undefined || windowChange === undefined) return '';
  const seconds = (/** @type {number} */ value) => `${formatNumber(value, 2)} s`;
  const { latenessSeconds, early } = release;
  return formatTable([
    ['held deliveries', 'count', ''],
    ['released at once, per second', formatNumber(release.count), formatNumber(release.perSecond)],
    ['sent before the time shown', '', formatNumber(early)],
    ['after the time shown, p50', '', seconds(latenessSeconds.p50)],
    ['after the time shown, latest', '', seconds(latenessSeconds.max)],
    ['change of a window, answer', formatNumber(windowChange.count), seconds(windowChange.answerSeconds)],
    ['until all are held again by the new window', '', seconds(windowChange.decidedSeconds)],
  ]);
}

/** @param {Measured} measured */
function coder({ reads, watches }) {
  if (reads === undefined || watches === undefined) return '';
  const row = (/** @type {string} */ name, /** @type {import('./coder/reads.mjs').Cost[]} */ costs) => [
    ...[name, formatSpread(spreadOf(costs.map((cost) => cost.ms)), 2)],
    formatSpread(spreadOf(costs.map((cost) => cost.databaseMs)), 2),
  ];
  const seconds = (/** @type {number} */ value) => `${formatNumber(value, 2)} s`;
  const { latencySeconds, frames, expected } = watches;
  const [few, many] = [formatNumber(reads.few), formatNumber(reads.many)];
  const table = formatTable([
    ["Coder's calls, milliseconds", 'answer', 'in PostgreSQL'],
    row(`list page, organization of ${few} rows`, reads.pageOfFew),
    row(`list page, organization of ${many} rows`, reads.page),
    row('its rows by one indexed query', reads.pageQuery),
    row(`unread count, organization of ${few} rows`, reads.countOfFew),
    row(`unread count, organization of ${many} rows`, reads.count),
    row('the same by one indexed query', reads.countQuery),
  ]);
  return (
    `${table}\n\n${formatNumber(frames)} of ${formatNumber(expected)} frames on ${formatNumber(watches.sockets)} ` +
    `watch sockets; after the send p50 ${seconds(latencySeconds.p50)}, latest ${seconds(latencySeconds.max)}`
  );
}

/**
 * Each figure with its floor and goal.
 *
 * @param {readonly Verdict[]} verdicts
 */
export function formatVerdicts(verdicts) {
  const sign = (/** @type {Verdict} */ { wants }) => (wants === 'atLeast' ? '≥' : '≤');
  const limit = (/** @type {Verdict} */ verdict, /** @type {number | undefined} */ value) =>
    value === undefined ? '' : `${sign(verdict)} ${value.toLocaleString('en-US')}${verdict.unit ?? ''}`;
  const word = (/** @type {boolean | undefined} */ met) => (met === undefined ? '' : met ? 'met' : 'NOT MET');
  return formatTable([
    ['figure', 'median [min–max]', 'floor', 'met', 'goal', ''],
    ...verdicts.map((one) => [
      ...[one.name, `${formatSpread(one.spread, one.digits ?? 2)}${one.unit ?? ''}`],
      ...[limit(one, one.floor), word(one.floorMet), limit(one, one.goal), word(one.goalMet)],
    ]),
  ]);
}
