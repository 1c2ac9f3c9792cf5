import { sendFigures } from './channels/verdicts.mjs';
import { coderFigures } from './coder/verdicts.mjs';
import { policyFigures } from './policy-verdicts.mjs';
import { ruleFigures } from './rules/verdicts.mjs';
import { ratioOf, spreadOf } from './statistics.mjs';

/**
 * @typedef {import('./statistics.mjs').Spread} Spread
 *
 * @typedef {object} Rule
 * @property {string} name
 * @property {'atLeast' | 'atMost'} wants
 * @property {number} [floor] the bench fails beyond it
 * @property {number} [goal] what we work towards; said, but failing it fails nothing
 * @property {string} [unit] written behind each number
 * @property {number} [digits] 2 unless told
 *
 * @typedef {Rule & { spread: Spread, floorMet: boolean | undefined, goalMet: boolean | undefined }} Verdict
 */

/**
 * Judges a median by its rule. A figure that is no number meets nothing.
 *
 * @param {Rule} rule
 * @param {Spread} spread
 * @returns {Verdict}
 */
export function judge(rule, spread) {
  const { floor, goal } = rule;
  const meets = (/** @type {number} */ limit) =>
    rule.wants === 'atLeast' ? spread.median >= limit : spread.median <= limit;
  return {
    ...rule,
    spread,
    floorMet: floor === undefined ? undefined : meets(floor),
    goalMet: goal === undefined ? undefined : meets(goal),
  };
}

/**
 * Everything that was measured, a value per round.
 *
 * @typedef {PlainMeasured & import('./policy-verdicts.mjs').PolicyMeasured & import('./coder/verdicts.mjs').CoderMeasured & import('./rules/verdicts.mjs').RulesMeasured & import('./channels/verdicts.mjs').SendsMeasured} Measured
 *
 * @typedef {object} PlainMeasured
 * @property {number[]} singleInserts
 * @property {number[]} multiInserts
 * @property {number[]} jobsAdded
 * @property {number[]} jobsDone
 * @property {number[]} bare
 * @property {number[]} bareAckP99
 * @property {import('./end-to-end.mjs').EndToEnd[]} single
 * @property {import('./end-to-end.mjs').EndToEnd[]} batch
 * @property {import('./end-to-end.mjs').EndToEnd[]} half
 * @property {{ idle: import('./idle.mjs').Idle, start: import('./idle.mjs').Memory } | undefined} rest
 * @property {{ opened: number, bytes: number } | undefined} sockets
 */

const mib = 1024 * 1024;

/**
 * The figures that have floors and goals, judged.
 *
 * @param {Measured} measured
 * @returns {Verdict[]}
 */
export function judgeAll(measured) {
  const { jobsDone, bare, bareAckP99, single, batch, half, rest, sockets } = measured;
  const rate = (/** @type {import('./end-to-end.mjs').EndToEnd[]} */ runs) =>
    runs.map((run) => run.perSecond);
  /** @type {Verdict[]} */
  const verdicts = [
    judge(
      { name: 'end to end, single POSTs ÷ BullMQ no-op jobs', wants: 'atLeast', floor: 0.15, goal: 0.3 },
      ratioOf(rate(single), jobsDone),
    ),
    judge(
      { name: 'end to end, batches of 100 ÷ BullMQ no-op jobs', wants: 'atLeast', floor: 0.4, goal: 0.85 },
      ratioOf(rate(batch), jobsDone),
    ),
    judge(
      { name: 'end to end, single POSTs ÷ bare Express + AJV + INSERT', wants: 'atLeast', goal: 1.2 },
      ratioOf(rate(single), bare),
    ),
    judge(
      { name: 'end-to-end p99 at half load ÷ bare p99 at full load', wants: 'atMost', goal: 1 },
      ratioOf(
        half.map((run) => run.endToEndMs.p99),
        bareAckP99,
      ),
    ),
    judge(
      { name: 'answer p99 at half load ÷ bare p99 at full load', wants: 'atMost', goal: 0.6 },
      ratioOf(
        half.map((run) => run.ackMs.p99),
        bareAckP99,
      ),
    ),
    ...[
      { way: 'single POSTs', runs: single },
      { way: 'batches', runs: batch },
    ].flatMap(({ way, runs }) => [
      judge(
        {
          name: `PostgreSQL statements per notification, ${way}`,
          wants: 'atMost',
          floor: 0.3,
          goal: 0.12,
          digits: 3,
        },
        spreadOf(runs.map((run) => run.counters.statements)),
      ),
      judge(
        { name: `Redis commands per notification, ${way}`, wants: 'atMost', floor: 3, goal: 1.5 },
        spreadOf(runs.map((run) => run.counters.redisCommands)),
      ),
    ]),
    ...[policyFigures, ruleFigures, sendFigures, coderFigures]
      .flatMap((figures) => figures(measured))
      .map(({ rule, spread }) => judge(rule, spread)),
  ];
  if (rest !== undefined) {
    const { idle, start } = rest;
    verdicts.push(
      judge(
        {
          name: 'idle CPU of API and worker, part of a core',
          wants: 'atMost',
          floor: 1,
          goal: 1,
          unit: ' %',
        },
        spreadOf([(idle.apiCpu + idle.workerCpu) * 100]),
      ),
      judge(
        {
          name: 'memory of API and worker before any load',
          wants: 'atMost',
          floor: 300,
          goal: 250,
          unit: ' MiB',
          digits: 0,
        },
        spreadOf([(start.api + start.worker) / mib]),
      ),
      judge(
        {
          name: 'memory of API and worker idle after the load',
          wants: 'atMost',
          goal: 250,
          unit: ' MiB',
          digits: 0,
        },
        spreadOf([(idle.memory.api + idle.memory.worker) / mib]),
      ),
    );
  }
  if (sockets !== undefined) {
    verdicts.push(
      judge(
        { name: 'memory for 10,000 idle sockets', wants: 'atMost', goal: 150, unit: ' MiB', digits: 0 },
        spreadOf([sockets.bytes / mib]),
      ),
    );
  }
  return verdicts;
}
