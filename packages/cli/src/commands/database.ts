import type { AddCommand } from '../catalogue.ts';

const note = `
It works on DATABASE_URL, else on the local stack that runs on this machine.`;

/** `carillon migrate` */
export const addMigrate: AddCommand = (program, cli) => {
  program
    .command('migrate')
    .description("bring the database to this version's schema, as each start does")
    .addHelpText('after', note)
    .action(async () => {
      const { migrate } = await import('../database/migrate.ts');
      const result = await migrate();
      cli.show(
        result,
        result.applied === 0
          ? `The schema is up to date (${result.schema})`
          : `Applied ${result.applied} migrations: the schema is ${result.schema} now`,
      );
    });
};

/** `carillon operator-token` */
export const addOperatorToken: AddCommand = (program, cli) => {
  program
    .command('operator-token')
    .description('make a token that is bound to no organization, and print it once')
    .option('--name <name>', 'what lists call it', 'operator')
    .addHelpText('after', note)
    .action(async ({ name }) => {
      const { makeOperatorToken } = await import('../database/operator-token.ts');
      const result = await makeOperatorToken({ name });
      cli.show({ ...result, name }, result.token);
    });
};

/** `carillon restored` */
export const addRestored: AddCommand = (program, cli) => {
  program
    .command('restored')
    .description('after restoring a backup: let every client read its inbox anew')
    .addHelpText('after', note)
    .action(async () => {
      const { restored } = await import('../database/restored.ts');
      const result = await restored();
      cli.show(result, `New epoch ${result.epoch}: every client reads its inbox anew`);
    });
};
