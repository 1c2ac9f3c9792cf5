import { describe, expect, it } from '@jest/globals';
import { runCommand } from '../test/commands/run-command.ts';
import { readFileSync } from 'node:fs';
import { catalogue } from './catalogue.ts';
import { exitCodes } from './failure.ts';

describe('the command line', () => {
  it('shows all commands in its help, each with what it does', async () => {
    const { exitCode, stdout } = await runCommand(['--help']);
    expect(exitCode).toBe(0);
    for (const { name } of catalogue) expect(stdout).toMatch(new RegExp(`^  ${name}[ |].*\\w`, 'm'));
  });

  it.each(catalogue)('explains $name', async ({ name }) => {
    const { exitCode, stdout } = await runCommand([name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: carillon ${name}`);
    expect(stdout).toContain('--json');
  });

  it.each([
    { name: 'an unknown command', args: ['fly'], says: "unknown command 'fly'" },
    { name: 'a misspelt command', args: ['sned'], says: 'Did you mean send?' },
    { name: 'an unknown option', args: ['up', '--fast'], says: "unknown option '--fast'" },
    { name: 'nobody to tell', args: ['send', 'Hello'], says: 'Whom to tell?' },
    { name: 'a word too many', args: ['migrate', 'now'], says: 'too many arguments' },
    { name: 'a time out of nothing', args: ['--timeout', 'soon', 'whoami'], says: 'a number above 0' },
    {
      name: 'data that are no JSON',
      args: ['send', '--to', 'a', '--template', 'b', '--data', '{'],
      says: 'It must be a JSON object',
    },
    {
      name: 'an instant without a zone',
      args: ['send', '--to', 'a', 'b', '--send-at', '2026-12-01T08:00'],
      says: 'It must be an instant',
    },
    {
      name: 'neither title nor template',
      args: ['send', '--to', 'a'],
      says: 'Say it in a title, or by --template',
    },
    { name: 'no API to call', args: ['whoami'], says: 'No Carillon is known here' },
    { name: 'a URL that is none', args: ['whoami', '--url', 'ftp://x'], says: 'not a URL of Carillon' },
    {
      name: 'a password in a URL',
      args: ['whoami', '--url', 'http://a:b@localhost'],
      says: 'no place for a password',
    },
    {
      name: 'the demo user of no stack',
      args: ['--demo', 'whoami'],
      says: 'No local stack with a demo user',
    },
  ])('refuses $name with exit code 2, in words and in JSON', async ({ args, says }) => {
    const told = await runCommand(args);
    expect(told).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told.stderr).toContain(says);

    const asJson = await runCommand(['--json', ...args]);
    expect(asJson).toMatchObject({ exitCode: 2, stdout: '' });
    const { error } = JSON.parse(asJson.stderr);
    expect(error).toMatchObject({ code: 'cli.usage', exit_code: 2, retryable: false });
    expect(error.message).toContain(says);
  });
});

describe('docs/cli.md', () => {
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

  it.each(catalogue)('tells of $name', ({ name }) => {
    expect(page).toMatch(new RegExp(`(carillon( --\\w+)*|\`) ?${name}\\b`));
  });

  it('tells every exit code, and no other', () => {
    const told = [...page.matchAll(/^\| (\d) +\|/gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(exitCodes));
  });
});
