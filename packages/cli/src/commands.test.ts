import { describe, expect, it } from '@jest/globals';
import { helpText, parseCommand } from './commands.ts';

describe('the command line', () => {
  it.each([
    { args: [], command: { name: 'help' } },
    { args: ['start'], command: { name: 'start' } },
    { args: ['migrate'], command: { name: 'migrate' } },
    { args: ['restored'], command: { name: 'restored' } },
    { args: ['test-stack'], command: { name: 'test-stack' } },
    { args: ['start', '--help'], command: { name: 'help' } },
    { args: ['-h'], command: { name: 'help' } },
    { args: ['operator-token'], command: { name: 'operator-token', tokenName: 'operator' } },
    { args: ['operator-token', '--name', 'ops'], command: { name: 'operator-token', tokenName: 'ops' } },
  ])('understands "carillon $args"', ({ args, command }) => {
    expect(parseCommand(args)).toEqual(command);
  });

  it.each([
    { args: ['fly'], message: 'There is no command "fly"' },
    { args: ['start', 'now'], message: '"now" is one word too many' },
    { args: ['start', '--name', 'x'], message: 'start takes no --name' },
    { args: ['start', '--fast'], message: "Unknown option '--fast'" },
  ])('refuses "carillon $args" with a reason', ({ args, message }) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  it('explains every command', () => {
    for (const name of ['start', 'migrate', 'operator-token', 'restored', 'test-stack', 'help']) {
      expect(helpText).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });
});
