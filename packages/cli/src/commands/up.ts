import type { AddCommand } from '../catalogue.ts';

/** `carillon up`: PostgreSQL, Redis, the API and the workers on this machine. */
export const addUp: AddCommand = (program) => {
  program
    .command('up')
    .alias('start')
    .description('run Carillon here: PostgreSQL, Redis, the API and the workers')
    .addHelpText('after', '\nIts settings are environment variables; README lists them.')
    .action(async () => (await import('../local/run-stack.ts')).start());
};

/** `carillon test-stack`: for `@carillon/client/testing`. */
export const addTestStack: AddCommand = (program) => {
  program
    .command('test-stack')
    .description(
      'run a throw-away Carillon whose clock can be moved, for tests: @carillon/client/testing drives it',
    )
    .action(async () => (await import('../local/run-test-stack.ts')).testStack());
};
