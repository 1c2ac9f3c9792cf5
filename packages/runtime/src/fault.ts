import { writeSync } from 'node:fs';
import type { Environment } from './config/environment.ts';

/** Marks a place where tests may let the process die. */
export type FaultPoint = (name: string) => void;

/**
 * Kill points for crash tests. Does nothing unless NODE_ENV is `test` and CARILLON_FAULT is
 * `name@n[,name@n]`: then the n-th passage of a named point writes `fault <name>` to standard error and
 * the process is gone by SIGKILL, with nothing run after it.
 * @throws TypeError when CARILLON_FAULT is not of that form, so that a test cannot pass by a misprint.
 */
export function createFaults(environment: Environment): FaultPoint {
  const plan = environment['CARILLON_FAULT'];
  if (environment['NODE_ENV'] !== 'test' || plan === undefined || plan === '') return () => undefined;
  const passagesLeft = new Map(plan.split(',').map(parseFault));
  return (name) => {
    const left = passagesLeft.get(name);
    if (left === undefined) return;
    passagesLeft.set(name, left - 1);
    if (left === 1) die(name);
  };
}

function parseFault(text: string): [name: string, passages: number] {
  const match = /^([\w.-]+)@([1-9]\d{0,8})$/.exec(text.trim());
  const [, name, passages] = match ?? [];
  if (name === undefined) throw new TypeError(`CARILLON_FAULT: "${text}" is not of the form name@n`);
  return [name, Number(passages)];
}

function die(name: string): void {
  writeSync(2, `fault ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive; nothing may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
