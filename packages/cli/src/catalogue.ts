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
  { name: 'notify', load: async () => (await import('./commands/notify.ts')).addNotify },
  { name: 'inbox', load: async () => (await import('./commands/inbox.ts')).addInbox },
  { name: 'explain', load: async () => (await import('./commands/explain.ts')).addExplain },
  { name: 'simulate', load: async () => (await import('./commands/simulate.ts')).addSimulate },
  { name: 'deliveries', load: async () => (await import('./commands/deliveries.ts')).addDeliveries },
  { name: 'dead-letters', load: async () => (await import('./commands/dead-letters.ts')).addDeadLetters },
  { name: 'pause', load: async () => (await import('./commands/pause.ts')).addPause },
  { name: 'resume', load: async () => (await import('./commands/pause.ts')).addResume },
  { name: 'paused', load: async () => (await import('./commands/pause.ts')).addPaused },
  { name: 'channels', load: async () => (await import('./commands/channels.ts')).addChannels },
  { name: 'test', load: async () => (await import('./commands/channels.ts')).addTest },
  { name: 'templates', load: async () => (await import('./commands/templates.ts')).addTemplates },
  { name: 'users', load: async () => (await import('./commands/users.ts')).addUsers },
  { name: 'tokens', load: async () => (await import('./commands/tokens.ts')).addTokens },
  { name: 'doctor', load: async () => (await import('./commands/doctor.ts')).addDoctor },
  { name: 'migrate', load: async () => (await import('./commands/database.ts')).addMigrate },
  { name: 'operator-token', load: async () => (await import('./commands/database.ts')).addOperatorToken },
  { name: 'restored', load: async () => (await import('./commands/database.ts')).addRestored },
  { name: 'test-stack', load: async () => (await import('./commands/up.ts')).addTestStack },
  { name: 'completion', load: async () => (await import('./commands/completion.ts')).addCompletion },
];
