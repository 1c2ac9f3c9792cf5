import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Cli } from './cli.ts';

/** Adds a command, with its own ones, to the program. */
export type AddCommand = (program: CommandUnknownOpts, cli: Cli) => void;

export interface CatalogueEntry {
  name: string;
  aliases?: readonly string[];
  load: () => Promise<AddCommand>;
}

/** Every command, in the order of the help. Only the one that is called is loaded. */
export const catalogue: readonly CatalogueEntry[] = [
  { name: 'up', aliases: ['start'], load: async () => (await import('./commands/up.ts')).addUp },
  { name: 'login', load: async () => (await import('./commands/login.ts')).addLogin },
  { name: 'logout', load: async () => (await import('./commands/login.ts')).addLogout },
  { name: 'whoami', load: async () => (await import('./commands/login.ts')).addWhoami },
  { name: 'send', load: async () => (await import('./commands/send.ts')).addSend },
  { name: 'migrate', load: async () => (await import('./commands/database.ts')).addMigrate },
  { name: 'operator-token', load: async () => (await import('./commands/database.ts')).addOperatorToken },
  { name: 'restored', load: async () => (await import('./commands/database.ts')).addRestored },
  { name: 'test-stack', load: async () => (await import('./commands/up.ts')).addTestStack },
];
