import { ratioOf, spreadOf } from '../statistics.mjs';
import { judge } from '../verdicts.mjs';
import { loadNames } from './loads.mjs';

/** @typedef {import('./compare.mjs').Compared} Compared */

/** What each load is called for a reader. */
export const loadTitles = {
  list: 'list 25 of 100,000 rows',
  single: 'create one',
  batch: 'create 100 in a batch',
};
const [floor, goal] = [10, 20];
const memoryMax = 0.25;

/**
 * The comparison, judged.
 *
 * @param {Compared} compared
 * @returns {import('../verdicts.mjs').Verdict[]}
 */
export function judgeComparison({ own, peer, ownMemory, peerMemory }) {
  const rates = (/** @type {import('./compare.mjs').Run[]} */ runs) => runs.map((run) => run.perSecond);
  const cpu = (/** @type {import('./compare.mjs').Run[]} */ runs) =>
    runs.map((run) => run.cpuMs.services + run.cpuMs.postgres);
  return [
    ...loadNames.map((name) =>
      judge(
        { name: `${loadTitles[name]} ÷ Directus`, wants: 'atLeast', floor, goal, digits: 1 },
        ratioOf(rates(own[name]), rates(peer[name])),
      ),
    ),
    // Steadier than rates where the machine does other things as well.
    ...loadNames.map((name) =>
      judge(
        { name: `CPU of Directus ÷ Carillon, ${loadTitles[name]}`, wants: 'atLeast', goal, digits: 1 },
        ratioOf(cpu(peer[name]), cpu(own[name])),
      ),
    ),
    judge(
      { name: 'memory of API and worker after the loads ÷ Directus', wants: 'atMost', floor: memoryMax },
      spreadOf([ownMemory.after / peerMemory.after]),
    ),
  ];
}
