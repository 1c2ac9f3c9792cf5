import { parseArgs } from 'node:util';

const loads = /** @type {const} */ (['single', 'batch', 'singleByTemplate', 'batchByTemplate']);

/**
 * How much a run measures.
 *
 * @typedef {(typeof loads)[number]} LoadName
 *
 * @typedef {object} Tier
 * @property {'quick' | 'full'} name
 * @property {number} rounds every figure is measured once per round, the rounds interleave them
 * @property {number} loadMs how long the clients send in one measurement
 * @property {number} users each with one open socket during the load; as many more have preferences
 * @property {number} pausedRows rows of a paused organization that are present while idle
 * @property {number} idleMs how long the idle processes are watched
 * @property {number} idleSockets opened at the end to see what they cost; 0 leaves that out
 * @property {number} held deliveries that quiet time holds and that are released at one instant
 * @property {number} heldOfOne deliveries that the window of one user holds when it is changed
 * @property {number} inboxRows of the large organization whose inboxes clients of Coder read
 * @property {boolean} profile only one load, with both services under the CPU profiler
 * @property {LoadName} load which one that is
 */

/** @type {Tier} */
const quick = {
  ...{ name: 'quick', rounds: 3, loadMs: 3_000, users: 500, profile: false, load: 'single' },
  ...{ pausedRows: 20_000, idleMs: 10_000, idleSockets: 0 },
  ...{ held: 10_000, heldOfOne: 10_000, inboxRows: 100_000 },
};
/** @type {Tier} */
const full = {
  ...{ name: 'full', rounds: 5, loadMs: 8_000, users: 500, profile: false, load: 'single' },
  ...{ pausedRows: 1_000_000, idleMs: 30_000, idleSockets: 10_000 },
  ...{ held: 100_000, heldOfOne: 10_000, inboxRows: 1_000_000 },
};

/**
 * Reads the command line. Throws TypeError, whose message is for the user, on anything it does not know.
 *
 * @param {readonly string[]} args
 * @returns {Tier}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      load: { type: 'string', default: 'single' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
    },
  });
  const tier = values.full ? full : quick;
  return {
    ...tier,
    profile: values.profile,
    load: loadNamed(values.load),
    rounds: positive('rounds', values.rounds) ?? (values.profile ? 1 : tier.rounds),
    loadMs: (positive('seconds', values.seconds) ?? tier.loadMs / 1000) * 1000,
  };
}

/** @param {string} text */
function loadNamed(text) {
  const name = loads.find((one) => one === text);
  if (name !== undefined) return name;
  throw new TypeError(`--load takes one of ${loads.join(', ')}, not "${text}"`);
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function positive(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`--${name} takes a whole number from 1 on, not "${text}"`);
}
