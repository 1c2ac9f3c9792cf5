import { ratioOf, spreadOf } from './statistics.mjs';

/**
 * @typedef {import('./verdicts.mjs').Verdict} Verdict
 * @typedef {import('./verdicts.mjs').Rule} Rule
 * @typedef {import('./statistics.mjs').Spread} Spread
 * @typedef {import('./end-to-end.mjs').EndToEnd} EndToEnd
 *
 * @typedef {object} PolicyMeasured what preferences, quiet hours and templates cost
 * @property {number[]} planningUs CPU of one plan
 * @property {number[]} rendersPerSecond of CPU time
 * @property {EndToEnd[]} singlePolicy recipients that chose something, by a template
 * @property {EndToEnd[]} batchPolicy
 * @property {import('./held.mjs').Release | undefined} release
 * @property {import('./held.mjs').WindowChange | undefined} windowChange
 */

/** What the release of many at one instant must reach; the last of them may be that much later. */
const releasedPerSecond = 3_000;
const latenessSecondsMax = 10;

/**
 * The figures of preferences, quiet hours and templates as rules with their spreads, to be judged.
 *
 * @param {PolicyMeasured & { single: EndToEnd[], batch: EndToEnd[] }} measured
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
export function policyFigures(measured) {
  const { planningUs, rendersPerSecond, single, batch, singlePolicy, batchPolicy } = measured;
  const { release, windowChange } = measured;
  const rate = (/** @type {EndToEnd[]} */ runs) => runs.map((run) => run.perSecond);
  return [
    {
      rule: {
        name: 'CPU of a plan by ten preference rows',
        wants: 'atMost',
        floor: 30,
        unit: ' µs',
        digits: 1,
      },
      spread: spreadOf(planningUs),
    },
    {
      rule: { name: 'renders per second of CPU, compiled', wants: 'atLeast', floor: 100_000, digits: 0 },
      spread: spreadOf(rendersPerSecond),
    },
    {
      rule: { name: 'single POSTs with preferences and template ÷ without', wants: 'atLeast', floor: 0.9 },
      spread: ratioOf(rate(singlePolicy), rate(single)),
    },
    {
      rule: { name: 'batches with preferences and template ÷ without', wants: 'atLeast', floor: 0.9 },
      spread: ratioOf(rate(batchPolicy), rate(batch)),
    },
    ...(release === undefined ? [] : releaseFigures(release)),
    ...(windowChange === undefined
      ? []
      : [
          {
            rule: {
              name: `change of a window that holds ${shortCount(windowChange.count)}`,
              ...{ wants: /** @type {const} */ ('atMost'), floor: 1, unit: ' s' },
            },
            spread: spreadOf([windowChange.answerSeconds]),
          },
        ]),
  ];
}

/**
 * @param {import('./held.mjs').Release} release
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
function releaseFigures({ count, perSecond, early, latenessSeconds }) {
  const of = `of ${shortCount(count)} held`;
  return [
    {
      rule: { name: `released per second, ${of}`, wants: 'atLeast', floor: releasedPerSecond, digits: 0 },
      spread: spreadOf([perSecond]),
    },
    {
      rule: { name: `sent before the time shown, ${of}`, wants: 'atMost', floor: 0, digits: 0 },
      spread: spreadOf([early]),
    },
    {
      rule: {
        name: `latest after the time shown, ${of}`,
        wants: 'atMost',
        floor: Math.round((latenessSecondsMax + count / releasedPerSecond) * 10) / 10,
        ...{ unit: ' s', digits: 1 },
      },
      spread: spreadOf([latenessSeconds.max]),
    },
  ];
}

/** @param {number} count */
function shortCount(count) {
  return count.toLocaleString('en-US');
}
