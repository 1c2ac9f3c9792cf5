import { spawn } from 'node:child_process';

/**
 * @typedef {{ name: string, command: string[] }} Step A named command line, run without a shell.
 * @typedef {{ step: Step, passed: boolean, output: string, durationMs: number }} StepResult
 */

/**
 * Runs `steps`, at most `atOnce` together, and tells each result as it comes. A step passes when its command
 * exits with 0; a command that cannot be started fails with the reason as its output.
 *
 * @param {Step[]} steps
 * @param {{ cwd: string, atOnce: number, onResult: (result: StepResult) => void }} options
 * @returns {Promise<StepResult[]>} In the order of `steps`.
 */
export async function runSteps(steps, { cwd, atOnce, onResult }) {
  /** @type {StepResult[]} */
  const results = [];
  const waiting = [...steps.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, step] = next;
      const result = await runStep(step, cwd);
      results[index] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
  return results;
}

/**
 * @param {Step} step
 * @param {string} cwd
 * @returns {Promise<StepResult>}
 */
function runStep(step, cwd) {
  const startedMs = performance.now();
  const [program, ...args] = step.command;
  return new Promise((resolve) => {
    let output = '';
    const finish = (/** @type {boolean} */ passed) =>
      resolve({ step, passed, output, durationMs: performance.now() - startedMs });
    const child = spawn(program ?? '', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}
