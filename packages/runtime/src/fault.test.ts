import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildFixture, type FixtureProgram } from './child-process.fixture.ts';
import { createFaults } from './fault.ts';

describe('kill points', () => {
  let program: FixtureProgram;
  beforeAll(() => {
    program = buildFixture();
  });
  afterAll(() => program.remove());

  it.each([
    { plan: 'claimed@1', last: 'claimed', passed: ['claimed'] },
    { plan: 'claimed@2', last: 'claimed', passed: ['claimed', 'sent', 'claimed'] },
    { plan: 'elsewhere@1, sent@2', last: 'sent', passed: ['claimed', 'sent', 'claimed', 'sent'] },
  ])('kill at $plan and say so, and nothing runs after it', async ({ plan, last, passed }) => {
    const environment = { NODE_ENV: 'test', CARILLON_FAULT: plan };
    const { signal, stdout, stderr } = await program.run('faults', environment).ended;
    expect(signal).toBe('SIGKILL');
    expect(stderr).toBe(`fault ${last}\n`);
    expect(stdout).toBe(passed.map((name) => `before ${name}\n`).join(''));
  });

  it.each([
    { name: 'outside tests', environment: { NODE_ENV: 'production', CARILLON_FAULT: 'claimed@1' } },
    { name: 'without a plan', environment: { NODE_ENV: 'test' } },
    {
      name: 'that are not passed often enough',
      environment: { NODE_ENV: 'test', CARILLON_FAULT: 'claimed@3' },
    },
  ])('do nothing $name', async ({ environment }) => {
    const { child, said, ended } = program.run('faults', { ...environment });
    await said('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['claimed', 'claimed@0', 'claimed@x', '@1', 'a@1,,b@1'])('refuse the plan "%s"', (plan) => {
    expect(() => createFaults({ NODE_ENV: 'test', CARILLON_FAULT: plan })).toThrow(TypeError);
  });
});
