import { ratioOf, spreadOf } from '../statistics.mjs';

/**
 * @typedef {import('../verdicts.mjs').Rule} Rule
 * @typedef {import('../statistics.mjs').Spread} Spread
 * @typedef {import('./reads.mjs').Cost} Cost
 *
 * @typedef {object} CoderMeasured what clients of Coder wait for
 * @property {import('./reads.mjs').Reads | undefined} reads
 * @property {import('./watches.mjs').Watches | undefined} watches
 */

/** How much longer reading may take in a large organization than in a small one, and than one indexed query. */
const timesMax = 2;
const latestSecondsMax = 1;

/**
 * The figures of Coder's calls as rules with their spreads, to be judged.
 *
 * @param {CoderMeasured} measured
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
export function coderFigures({ reads, watches }) {
  return [
    ...(reads === undefined ? [] : readFigures(reads)),
    ...(watches === undefined ? [] : watchFigures(watches)),
  ];
}

/**
 * @param {import('./reads.mjs').Reads} reads
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
function readFigures(reads) {
  const { few, many, page, pageOfFew, barePage, pageQuery } = reads;
  const { count, countOfFew, bareCount, countQuery } = reads;
  const growth = `organization with ${shortCount(many)} rows ÷ with ${shortCount(few)}`;
  const wants = /** @type {const} */ ('atMost');
  const queries = pageQuery.map(
    (one, block) => one.databaseMs + (countQuery[block]?.databaseMs ?? Number.NaN),
  );
  return [
    {
      rule: { name: `Coder list page, ${growth}`, wants, floor: timesMax },
      spread: ratioOf(msOf(page), msOf(pageOfFew)),
    },
    {
      rule: { name: `unread count, ${growth}`, wants, floor: timesMax },
      spread: ratioOf(msOf(count), msOf(countOfFew)),
    },
    {
      rule: { name: 'Coder list page ÷ bare Express + one indexed query', wants, floor: timesMax },
      spread: ratioOf(msOf(page), msOf(barePage)),
    },
    {
      rule: { name: 'unread count ÷ bare Express + one indexed query', wants, floor: timesMax },
      spread: ratioOf(msOf(count), msOf(bareCount)),
    },
    {
      rule: { name: 'Coder list page in PostgreSQL ÷ its two questions, indexed', wants, goal: 2 },
      spread: ratioOf(databaseMsOf(page), queries),
    },
    {
      rule: { name: 'unread count in PostgreSQL ÷ one indexed query', wants, goal: 2 },
      spread: ratioOf(databaseMsOf(count), databaseMsOf(countQuery)),
    },
  ];
}

/**
 * @param {import('./watches.mjs').Watches} watches
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
function watchFigures({ sockets, latencySeconds }) {
  return [
    {
      rule: {
        name: `latest frame on ${shortCount(sockets)} watch sockets after the send`,
        ...{ wants: 'atMost', floor: latestSecondsMax, unit: ' s' },
      },
      spread: spreadOf([latencySeconds.max]),
    },
  ];
}

/** @param {readonly Cost[]} costs */
function msOf(costs) {
  return costs.map((cost) => cost.ms);
}

/** @param {readonly Cost[]} costs */
function databaseMsOf(costs) {
  return costs.map((cost) => cost.databaseMs);
}

/** @param {number} count */
function shortCount(count) {
  return count.toLocaleString('en-US');
}
