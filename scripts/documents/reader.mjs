import { shellBlocksOf } from './fences.mjs';

/**
 * @typedef {import('./fences.mjs').ShellBlock} ShellBlock
 * @typedef {import('./terminal.mjs').Running} Running
 * @typedef {ReturnType<typeof import('./terminal.mjs').openTerminal>} Terminal
 * @typedef {{ terminal: Terminal, until: (check: () => Promise<boolean>) => Promise<void> }} ReaderDeps `until` asks
 *   again and again, and rejects after a while.
 */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Somebody who follows documents word by word. Where an answer is shown, the real one must have its form, and what the
 * document calls by an id of that answer is what the real answer calls by its own. `word...` is copied from what was
 * answered before, as a reader would.
 *
 * @param {ReaderDeps} deps
 */
export function createReader({ terminal, until }) {
  /** @type {Running[]} */
  const running = [];
  /** @type {Map<string, string>} */
  const ids = new Map();
  let seen = '';

  async function stopAll() {
    for (const one of running.splice(0).reverse()) await one.stop();
  }

  /** @param {string} code */
  function filledIn(code) {
    const known = code.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => ids.get(id) ?? id);
    return known.replaceAll(/(\w+_)\.\.\./g, (shown, start) => {
      const found = seen.match(new RegExp(`${start}[\\w+/=-]+`, 'g'))?.at(-1);
      if (found === undefined) throw new Error(`nothing was answered that begins with ${start}`);
      return found ?? shown;
    });
  }

  /** @param {Extract<ShellBlock, { run: 'once' }>} block */
  async function once({ code, answer }) {
    let failure = '';
    let output = '';
    // A reader takes longer between two steps than a test: what has to happen meanwhile is waited for.
    await until(async () => {
      try {
        output = await terminal.run(filledIn(code));
        return true;
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        return false;
      }
    }).catch(() => {
      throw new Error(failure);
    });
    seen += output;
    if (answer !== undefined) learn(answer, JSON.parse(output), '');
  }

  /**
   * Answers what goes on running, unless it stands in the place of something else.
   *
   * @param {Exclude<ShellBlock, { run: 'never' }>} block
   * @returns {Promise<Running | undefined>}
   */
  async function run(block) {
    if (block.run === 'once') {
      await once(block);
      return undefined;
    }
    if (block.instead) await stopAll();
    const one = terminal.start(filledIn(block.code));
    running.push(one);
    await until(async () => one.output().includes(terminal.rename(block.until))).catch(() => {
      throw new Error(`it did not say "${block.until}":\n${one.output()}`);
    });
    seen += one.output();
    return block.instead ? undefined : one;
  }

  /**
   * @param {unknown} shown
   * @param {unknown} real
   * @param {string} at
   */
  function learn(shown, real, at) {
    if (typeof shown === 'string' && uuid.test(shown) && typeof real === 'string') ids.set(shown, real);
    if (shown === null || real === null) return;
    if (typeof shown !== typeof real || Array.isArray(shown) !== Array.isArray(real)) {
      throw new Error(`${at} is shown as ${JSON.stringify(shown)} and is ${JSON.stringify(real)}`);
    }
    if (typeof shown !== 'object' || typeof real !== 'object') return;
    for (const [key, value] of Object.entries(shown)) {
      if (!(key in real)) throw new Error(`${at}/${key} is shown, and is not in ${JSON.stringify(real)}`);
      learn(value, Reflect.get(real, key), `${at}/${key}`);
    }
  }

  return {
    /** What was started and runs, the first first. */
    running: () => running.map((one) => one.output()),
    /**
     * Follows one document. Rejects with its line when something is not as it says. Answers what was not run, and
     * why. At its end, what was started in it is stopped, unless it `stays`, or stands in the place of something else.
     *
     * @param {{ path: string, text: string }} document
     * @param {{ stays?: boolean }} [options]
     * @returns {Promise<string[]>}
     */
    async follow({ path, text }, { stays = false } = {}) {
      /** @type {string[]} */
      const left = [];
      /** @type {Set<Running>} */
      const passing = new Set();
      for (const block of shellBlocksOf(text)) {
        const at = `${path}:${block.line}`;
        if (block.run === 'never') {
          left.push(`${at} ${block.why}`);
          continue;
        }
        try {
          const one = await run(block);
          if (one !== undefined && !stays) passing.add(one);
        } catch (error) {
          throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      }
      for (const one of passing) {
        await one.stop();
        if (running.includes(one)) running.splice(running.indexOf(one), 1);
      }
      return left;
    },
    stop: stopAll,
  };
}
