import type { AddCommand } from '../catalogue.ts';
import { readAll } from '../terminal/streams.ts';

/** `carillon notify`: to whoever the token belongs to. */
export const addNotify: AddCommand = (program, cli) => {
  program
    .command('notify')
    .description('notify yourself: the end of a long job, a reminder')
    .argument('<title>', 'one line of plain text')
    .argument('[message]', 'Markdown; - reads it from standard input')
    .option('--link <url>', 'where a click leads')
    .option('--category <name>', 'what you can switch off')
    .option('--key <text>', 'an idempotency key: the same call with it makes nothing twice, for a day')
    .addHelpText('after', '\nExample:\n  make; carillon notify "Build ended" "with status $?"\n')
    .action(async (title, message, { link, category, key }) => {
      const body = message === '-' ? (await readAll(cli.stdin)).trimEnd() : message;
      const carillon = await cli.connect();
      const accepted = await carillon.inbox.notify(
        {
          title,
          ...(body !== undefined && { body }),
          ...(link !== undefined && { url: link }),
          ...(category !== undefined && { category }),
        },
        key === undefined ? {} : { idempotencyKey: key },
      );
      cli.show(accepted, `Accepted ${accepted.id}`);
    });
};
