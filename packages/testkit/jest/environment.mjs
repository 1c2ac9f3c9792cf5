import { TestEnvironment } from 'jest-environment-node';
import { useGlobals } from './suite-globals.mjs';

const openKey = Symbol.for('carillon.testkit.open');

/**
 * Node's test environment, with two additions.
 *
 * Suites are loaded as Node's own modules, once in each of Jest's processes, and not anew in a sandbox of each
 * suite: compiling and setting up what the API is made of took longer than most suites do. Nothing of ours keeps
 * state in its modules, so suites cannot meet there.
 *
 * A suite fails that leaves something running. It is looked for when all hooks are done; an afterAll of a setup
 * file would run before those of the suite. What is open is written down by src/leaks.ts.
 */
// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default class SuiteEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global[Symbol.for('carillon.testkit.loadSuite')] = async (globals, path) => {
      useGlobals(globals, this.global);
      await import(path);
    };
  }

  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return;
    const open = globalThis[openKey];
    if (open === undefined || open.size === 0) return;
    const left = [...open.values()];
    open.clear();
    await Promise.allSettled(left.map((thing) => thing.close()));
    const names = left.map((thing) => `  ${thing.label}`).join('\n');
    const error = new Error(`This suite left open what it had started:\n${names}`);
    error.stack = error.message;
    state.unhandledErrors.push(error);
  }
}
