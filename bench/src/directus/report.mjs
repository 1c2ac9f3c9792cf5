import { formatNumber, formatSpread, formatTable, formatVerdicts } from '../report.mjs';
import { spreadOf } from '../statistics.mjs';
import { loadNames } from './loads.mjs';
import { loadTitles } from './verdicts.mjs';

/**
 * @typedef {import('./compare.mjs').Compared} Compared
 * @typedef {import('./compare.mjs').Run} Run
 */

/**
 * The tables of the comparison, and what the two do not do alike.
 *
 * @param {Compared} compared
 * @param {readonly import('../verdicts.mjs').Verdict[]} verdicts
 */
export function formatComparison(compared, verdicts) {
  return [rates(compared), memory(compared), difference(compared), formatVerdicts(verdicts)].join('\n\n');
}

/** @param {Compared} compared */
function rates({ own, peer }) {
  const row = (/** @type {string} */ title, /** @type {Run[]} */ runs) => [
    ...[title, formatSpread(spreadOf(runs.map((run) => run.perSecond)), 1)],
    formatSpread(spreadOf(runs.map((run) => run.ms.p50)), 1),
    formatSpread(spreadOf(runs.map((run) => run.ms.p99)), 1),
    formatNumber(spreadOf(runs.map((run) => run.statements)).median, 1),
    cpu(runs, 'services'),
    cpu(runs, 'postgres'),
  ];
  const cpu = (/** @type {Run[]} */ runs, /** @type {'services' | 'postgres'} */ of) =>
    formatNumber(spreadOf(runs.map((run) => run.cpuMs[of])).median, 2);
  return formatTable([
    ['calls of Directus', 'per second', 'ms p50', 'ms p99', 'statements', 'CPU ms', 'in PostgreSQL'],
    ...loadNames.flatMap((name) => [
      row(`${loadTitles[name]}, Carillon`, own[name]),
      row(`${loadTitles[name]}, Directus`, peer[name]),
    ]),
  ]);
}

/** @param {Compared} compared */
function memory({ ownMemory, peerMemory }) {
  const mib = (/** @type {number} */ bytes) => `${formatNumber(bytes / 1024 / 1024)} MiB`;
  return formatTable([
    ['memory', 'before the loads', 'after'],
    ['Carillon, API and worker', mib(ownMemory.before), mib(ownMemory.after)],
    ['Directus', mib(peerMemory.before), mib(peerMemory.after)],
  ]);
}

/** @param {Compared} compared */
function difference({ own, peer }) {
  const perRow = (/** @type {Run[]} */ runs) =>
    Object.keys(runs[0]?.written ?? {})
      .map((table) => {
        const { median } = spreadOf(runs.map((run) => run.written[table] ?? Number.NaN));
        return `${formatNumber(median, 2)} ${table}`;
      })
      .join(' and ');
  return [
    'Not alike: for each notification that is created',
    `  Directus wrote ${perRow(peer.single)} rows beside it (by batches ${perRow(peer.batch)}), which nothing of Carillon replaces,`,
    `  and looked its recipient up for mail, which nobody wanted; its list has no index on the recipient.`,
    `  Carillon wrote ${perRow(own.single)} rows beside it, planned it by the preferences and placed it in the inbox;`,
    '  its rates count until the last one was placed. Neither sent anything to anybody.',
  ].join('\n');
}
