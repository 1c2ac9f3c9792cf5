import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildFixture, type FixtureProcess, type FixtureProgram } from './child-process.fixture.ts';

let program: FixtureProgram;
beforeAll(() => {
  program = buildFixture();
});
afterAll(() => program.remove());

async function ready(behaviour: string): Promise<FixtureProcess> {
  const fixture = program.run(behaviour);
  await fixture.said('ready');
  return fixture;
}

describe('a process that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('closes in order at %s and exits 0', async (signal) => {
    const { child, ended } = await ready('normal');
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    // The log and the program write by two ways, and the log's last lines by a third: lines may change places, not times.
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const logged = lines.map((line) => JSON.parse(line) as { time: string; event: string });
    expect(logged.toSorted((a, b) => a.time.localeCompare(b.time)).map(({ event }) => event)).toEqual([
      ...['process.started', 'process.stopping', 'process.stopped'],
    ]);
    expect(stdout).toMatch(/ready[^]*stop signal[^]*closed/);
  });

  it('exits 1 when the deadline cut it', async () => {
    const { child, ended } = await ready('hanging-stop');
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/"event":"process\.stopped","outcome":"cut"/);
  });

  it('exits 1 when it cannot close, and says why', async () => {
    const { child, ended } = await ready('failing-stop');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot close') });
  });

  it('exits at once at a second signal', async () => {
    const { child, said, ended } = await ready('stuck-stop');
    child.kill('SIGINT');
    await said('a moment later');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(stdout).toContain('process.stop_forced');
  });

  it('takes two signals in a moment for one, as a terminal and npm send them', async () => {
    const { child, ended } = await ready('normal');
    child.kill('SIGINT');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('closed') });
  });

  it('gives up a start that waits', async () => {
    const { child, said, ended } = program.run('slow-start');
    await said('starting');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('stops when the parent that holds its channel is gone', async () => {
    const { child, ended } = await ready('with-parent');
    child.disconnect();
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('stop signal') });
  });
});

describe('a process that breaks', () => {
  it.each([
    { name: 'an uncaught exception', behaviour: 'throwing', says: 'a defect' },
    { name: 'an unhandled rejection', behaviour: 'rejecting', says: 'nobody caught this' },
    { name: 'a watchdog', behaviour: 'failing-later', says: 'nothing claimed for 60 s' },
  ])('stops taking work after $name, logs it and exits 1', async ({ behaviour, says }) => {
    const { code, stdout } = await program.run(behaviour).ended;
    expect(code).toBe(1);
    expect(stdout).toContain('process.crashed');
    expect(stdout).toContain(says);
    expect(stdout).toContain('stop crash');
  });

  it('is gone within a second, even if it cannot stop', async () => {
    const { said, ended } = program.run('throwing');
    await said('stop crash');
    const begunMs = performance.now();
    await ended;
    // Three times the promise, since test machines are slow.
    expect(performance.now() - begunMs).toBeLessThan(3000);
  });
});

describe('a process that cannot start', () => {
  it('says why in one line, without passwords, and exits 1', async () => {
    const { code, stderr } = await program.run('failing-start').ended;
    expect(code).toBe(1);
    expect(stderr).toBe('carillon fixture cannot start: no route to postgres://[redacted]@db\n');
  });

  it('lists every wrong setting', async () => {
    const { code, stderr } = await program.run('wrong-settings').ended;
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      'carillon fixture cannot start: 2 settings are wrong:',
      expect.stringMatching(/^ {2}PORT: /),
      expect.stringMatching(/^ {2}LOG_LEVEL: /),
      '',
    ]);
  });
});
