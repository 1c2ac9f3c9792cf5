import type { AddCommand } from '../catalogue.ts';
import { UsageError } from '../failure.ts';
import { toCreate, withContentOptions } from './content-options.ts';
import { sendFile } from './send-file.ts';

/** `carillon send` */
export const addSend: AddCommand = (program, cli) => {
  withContentOptions(program.command('send'), cli)
    .description('notify people of something')
    .argument('[title]', 'one line of plain text')
    .argument('[body]', 'Markdown; - reads it from standard input')
    .option(
      '--file <file>',
      'many: a JSON object on each line, as the API takes them; - reads standard input',
    )
    .option('--key <text>', 'an idempotency key: the same call with it makes nothing twice, for a day')
    .addHelpText(
      'after',
      `
Examples:
  carillon send --to external:ada "Backup finished" "All **12** databases are safe."
  carillon send --to ada@example.com --template build-failed --data '{"number": 7}'
  carillon send --file notifications.jsonl
`,
    )
    .action(async (title, body, { file, key, ...options }) => {
      if (file !== undefined) {
        if (title !== undefined || Object.keys(options).length > 0) {
          throw new UsageError('--file says everything: leave out the rest');
        }
        return sendFile(cli, file, key);
      }
      const wish = await toCreate(cli, options, { title, body });
      const carillon = await cli.connect();
      const accepted = await carillon.notifications.create(
        wish,
        key === undefined ? {} : { idempotencyKey: key },
      );
      const { notifications, rejected } = accepted;
      cli.show(accepted, [
        ...notifications.map(({ id, recipient_id: recipient }) => `Accepted ${id} for ${recipient}`),
        ...rejected.map(({ pointer, detail }) => `Left out ${pointer}: ${detail}`),
      ]);
      const [first] = notifications;
      if (first !== undefined) return cli.note(`What becomes of it: carillon explain ${first.id}`);
      return undefined;
    });
};
