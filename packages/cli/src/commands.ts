import { parseArgs } from 'node:util';
import { migrate } from './commands/migrate.ts';
import { operatorToken } from './commands/operator-token.ts';
import { restored } from './commands/restored.ts';
import { start } from './commands/start.ts';
import { testStack } from './commands/test-stack.ts';

export const helpText = `Usage: carillon <command>

  start                         run Carillon here: PostgreSQL, Redis, the API and the workers
  migrate                       bring the database to this version's schema
  operator-token [--name NAME]  make a token that is bound to no organization, and print it once
  restored                      after restoring a backup: let every client read its inbox anew
  test-stack                    run a throw-away Carillon whose clock can be moved, for tests of your own:
                                @carillon/client/testing drives it
  help                          show this

Settings are environment variables; README lists them. Without DATABASE_URL the commands beside start
work on the local stack that is running.`;

/** Those that take no options. */
const plainCommands = ['start', 'migrate', 'restored', 'test-stack', 'help'] as const;

export type Command =
  | { name: (typeof plainCommands)[number] }
  | { name: 'operator-token'; tokenName: string };

/** What the arguments ask for. Throws an error for people when they ask for nothing known. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' }, name: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = 'help', ...rest] = positionals;
  if (values.help === true) return { name: 'help' };
  if (rest.length > 0) throw new Error(`"${rest[0]}" is one word too many`);
  if (values.name !== undefined && name !== 'operator-token') throw new Error(`${name} takes no --name`);
  if (name === 'operator-token') return { name, tokenName: values.name ?? 'operator' };
  const plain = plainCommands.find((one) => one === name);
  if (plain === undefined) throw new Error(`There is no command "${name}"`);
  return { name: plain };
}

/** Runs a command to its end; `start` returns while the stack goes on running. */
export async function runCommand(command: Command): Promise<void> {
  switch (command.name) {
    case 'start':
      return start();
    case 'migrate':
      return migrate();
    case 'operator-token':
      return operatorToken({ name: command.tokenName });
    case 'restored':
      return restored();
    case 'test-stack':
      return testStack();
    case 'help':
      return console.log(helpText);
  }
}
