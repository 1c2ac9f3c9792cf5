import { spreadOf } from '../statistics.mjs';

/**
 * @typedef {import('../verdicts.mjs').Rule} Rule
 * @typedef {import('../statistics.mjs').Spread} Spread
 *
 * @typedef {object} RulesMeasured what personal notification rules cost
 * @property {number[]} rulePlanningUs CPU of a plan and of the first steps
 * @property {import('./runs.mjs').RunsAdvanced | undefined} runs
 */

const planningUsMax = 50;
const stepsPerSecond = 3_000;
const latenessSecondsMax = 10;

/**
 * The figures of rules as rules of the bench with their spreads, to be judged.
 *
 * @param {RulesMeasured} measured
 * @returns {{ rule: Rule, spread: Spread }[]}
 */
export function ruleFigures({ rulePlanningUs, runs }) {
  const atMost = /** @type {const} */ ({ wants: 'atMost' });
  const planning = {
    rule: {
      name: 'CPU of a plan by ten preference rows and six rules',
      ...{ ...atMost, floor: planningUsMax, unit: ' µs', digits: 1 },
    },
    spread: spreadOf(rulePlanningUs),
  };
  if (runs === undefined) return [planning];
  const { count, perSecond, early, latenessSeconds } = runs;
  const of = `of ${count.toLocaleString('en-US')} runs`;
  return [
    planning,
    {
      rule: { name: `advanced per second, ${of}`, wants: 'atLeast', floor: stepsPerSecond, digits: 0 },
      spread: spreadOf([perSecond]),
    },
    {
      rule: { name: `steps before their time, ${of}`, ...atMost, floor: 0, digits: 0 },
      spread: spreadOf([early]),
    },
    {
      rule: {
        name: `latest step after its time, ${of}`,
        ...atMost,
        floor: latenessSecondsMax,
        unit: ' s',
        digits: 1,
      },
      spread: spreadOf([latenessSeconds.max]),
    },
  ];
}
