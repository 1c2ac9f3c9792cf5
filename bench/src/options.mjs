import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
 * @property {number} ruleRuns runs of rules whose waits end one after the other
 * @property {number} webhooks sent to a local endpoint, and as many again beside one that never answers
 * @property {number} mails sent to a local mail server
 * @property {boolean} sends only webhooks and mails
 * @property {number} inboxRows of the large organization whose inboxes clients of Coder read
 * @property {boolean} profile only one load, with both services under the CPU profiler
 * @property {LoadName} load which one that is
 * @property {DirectusPlace | undefined} directus instead of all that: side by side with a real Directus
 *
 * @typedef {object} DirectusPlace
 * @property {string} dir an absolute folder into which Directus was installed
 * @property {string} node the program that runs it
 */

/** Below the folder in which Directus was installed. */
export const directusProgram = 'node_modules/directus/cli.js';

/** @type {Tier} */
const quick = {
  ...{
    name: 'quick',
    rounds: 3,
    loadMs: 2_500,
    users: 500,
    profile: false,
    load: 'single',
    directus: undefined,
  },
  ...{ pausedRows: 20_000, idleMs: 8_000, idleSockets: 0 },
  ...{ held: 10_000, heldOfOne: 10_000, ruleRuns: 20_000, inboxRows: 100_000 },
  ...{ webhooks: 5_000, mails: 1_000, sends: false },
};
/** @type {Tier} */
const full = {
  ...{
    name: 'full',
    rounds: 5,
    loadMs: 8_000,
    users: 500,
    profile: false,
    load: 'single',
    directus: undefined,
  },
  ...{ pausedRows: 1_000_000, idleMs: 30_000, idleSockets: 10_000 },
  ...{ held: 100_000, heldOfOne: 10_000, ruleRuns: 100_000, inboxRows: 1_000_000 },
  ...{ webhooks: 10_000, mails: 2_000, sends: false },
};

/**
 * Reads the command line. Throws TypeError, whose message is for the user, on anything it does not know.
 *
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {Tier}
 */
export function readOptions(args, env = {}) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      directus: { type: 'boolean', default: false },
      sends: { type: 'boolean', default: false },
      load: { type: 'string', default: 'single' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
    },
  });
  const tier = values.full ? full : quick;
  return {
    ...tier,
    profile: values.profile,
    sends: values.sends,
    directus: values.directus ? directusPlace(env) : undefined,
    load: loadNamed(values.load),
    rounds: positive('rounds', values.rounds) ?? (values.profile ? 1 : tier.rounds),
    loadMs: (positive('seconds', values.seconds) ?? tier.loadMs / 1000) * 1000,
  };
}

/** @param {Readonly<Record<string, string | undefined>>} env */
function directusPlace(env) {
  const dir = env['CARILLON_BENCH_DIRECTUS'];
  if (dir === undefined || !existsSync(join(dir, directusProgram)))
    throw new TypeError(
      'Set CARILLON_BENCH_DIRECTUS to a folder with Directus installed, and CARILLON_BENCH_DIRECTUS_NODE to a ' +
        'Node 22 where this one is older: docs/benchmarks.md says how to get both',
    );
  return { dir: resolve(dir), node: env['CARILLON_BENCH_DIRECTUS_NODE'] ?? process.execPath };
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
