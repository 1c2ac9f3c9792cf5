import { describe, expect, it } from '@jest/globals';
import { runCommand } from '../test/commands/run-command.ts';

const complete = async (...words: string[]): Promise<string[]> => {
  const { stdout } = await runCommand(['completion', 'words', '--', ...words]);
  return stdout.split('\n').filter((line) => line !== '');
};

describe('completion', () => {
  it.each([
    { words: ['s'], offers: ['send', 'simulate'] },
    { words: ['dead-letters', ''], offers: ['list', 'replay'] },
    { words: ['dead-letters', 'replay', '--inc'], offers: ['--include-expired', '--include-unknown'] },
    { words: ['--json', 'templates', 'pu'], offers: ['pull', 'push'] },
    { words: ['--url', 'http://a', 'tok'], offers: ['tokens'] },
    { words: ['tokens', 'cr', '--n'], offers: [] },
    { words: ['send', '--to', ''], offers: [] },
    { words: ['pause', ''], offers: ['kind', 'channel', 'template'] },
    { words: ['pause', 'kind', ''], offers: [] },
    { words: ['completion', ''], offers: ['bash', 'zsh', 'fish'] },
    { words: ['--dem'], offers: ['--demo'] },
  ])('offers $offers after "carillon $words"', async ({ words, offers }) => {
    expect(await complete(...words)).toEqual(offers);
  });

  it('offers every command, and every option with what it does', async () => {
    expect(await complete('')).toEqual(expect.arrayContaining(['up', 'send', 'doctor', 'completion']));
    const { stdout } = await runCommand(['completion', 'words', '--describe', '--', 'test', '--to']);
    expect(stdout).toBe(
      '--to\tan address in the form of the kind\n--token\tthe credential to call it with (better: CARILLON_TOKEN, CARILLON_TOKEN_FILE)\n',
    );
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks for words', async (shell) => {
    const { stdout, exitCode } = await runCommand(['completion', shell]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('carillon completion words ');
  });

  it('refuses a shell that it does not know', async () => {
    expect(await runCommand(['completion', 'tcsh'])).toMatchObject({ exitCode: 2 });
  });
});
