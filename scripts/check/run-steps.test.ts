import { describe, expect, it } from '@jest/globals';
import { runSteps } from './run-steps.mjs';

const node = (name: string, code: string) => ({ name, command: [process.execPath, '-e', code] });
const quietly = { cwd: '.', atOnce: 2, onResult: () => undefined };

describe('running steps', () => {
  it('keeps the order of the steps and the output of each', async () => {
    const results = await runSteps(
      [node('a', 'console.log("from a")'), node('b', 'console.error("from b"); process.exitCode = 3')],
      quietly,
    );
    expect(results.map(({ step, passed, output }) => [step.name, passed, output.trim()])).toEqual([
      ['a', true, 'from a'],
      ['b', false, 'from b'],
    ]);
  });

  it('runs every step although one fails, and tells each result once', async () => {
    const told: string[] = [];
    const steps = [node('a', 'process.exitCode = 1'), node('b', ''), node('c', '')];
    await runSteps(steps, { ...quietly, atOnce: 1, onResult: ({ step }) => told.push(step.name) });
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('fails a step whose command does not exist, with the reason', async () => {
    const [result] = await runSteps([{ name: 'a', command: ['carillon-no-such-command'] }], quietly);
    expect(result?.passed).toBe(false);
    expect(result?.output).toContain('ENOENT');
  });

  it('fails a step that is killed', async () => {
    const [result] = await runSteps([node('a', 'process.kill(process.pid, "SIGKILL")')], quietly);
    expect(result?.passed).toBe(false);
  });
});
