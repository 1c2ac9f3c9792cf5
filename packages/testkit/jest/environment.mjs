import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's test environment that also fails a suite which leaves something running. It looks when all hooks
 * are done; an afterAll of a setup file would run before those of the suite. What is open is written down
 * by src/leaks.ts.
 */
// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default class LeakGuardEnvironment extends TestEnvironment {
  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return;
    const open = this.global[Symbol.for('carillon.testkit.open')];
    if (open === undefined || open.size === 0) return;
    const left = [...open.values()];
    await Promise.allSettled(left.map((thing) => thing.close()));
    const names = left.map((thing) => `  ${thing.label}`).join('\n');
    const error = new Error(`This suite left open what it had started:\n${names}`);
    error.stack = error.message;
    state.unhandledErrors.push(error);
  }
}
