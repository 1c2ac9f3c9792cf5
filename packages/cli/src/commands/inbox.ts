import type { Carillon, InboxItem } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../failure.ts';
import { pageSize, positiveInteger, takeRows } from '../options.ts';
import { shownInstant } from '../terminal/instants.ts';
import { plain } from '../terminal/plain.ts';
import type { Column } from '../terminal/table.ts';

const statuses = ['all', 'unread', 'read', 'archived'] as const;
const pageItemsMax = 100;
const verbs = [
  { name: 'read', description: 'mark items as read' },
  { name: 'unread', description: 'mark items as unread' },
  { name: 'archive', description: 'archive items' },
  { name: 'unarchive', description: 'bring archived items back' },
  { name: 'dismiss', description: 'dismiss items' },
  { name: 'acknowledge', description: 'say "I have it": nothing more is sent for them' },
  { name: 'delete', description: 'delete items for good, on every device' },
] as const;

/** `carillon inbox`: the whole screen on a terminal, lines in a pipe. */
export const addInbox: AddCommand = (program, cli) => {
  const inbox = program.command('inbox').description('show your inbox, live, and tidy it up');

  inbox
    .command('show', { isDefault: true })
    .description('show it: live on a terminal, else as a list')
    .option('--list', 'a list, on a terminal too')
    .option('--follow', 'go on and print what arrives')
    .option('--count <n>', 'with --follow: end after so many', positiveInteger)
    .option('--status <status>', 'all, unread, read or archived', 'all')
    .option('--category <name>', 'only of this category')
    .option('--limit <n>', 'how many of the list', positiveInteger, 25)
    .option('--all', 'all of the list')
    .action(async ({ list, follow, count, status: wanted, category, ...limits }) => {
      const status = statuses.find((one) => one === wanted);
      if (status === undefined) throw new UsageError(`--status must be one of ${statuses.join(', ')}`);
      const carillon = await cli.connect();
      const filter = { status, ...(category !== undefined && { category }) };
      if (follow === true) return printArrivals(cli, carillon, filter, count);
      const isScreen = cli.stdin.isTTY === true && cli.stdout.isTTY === true;
      if (isScreen && list === undefined && !cli.isJson()) {
        return (await import('../inbox-view/run.ts')).runInboxView(cli, carillon);
      }
      const rows = carillon.inbox.list({ ...filter, limit: pageSize(limits, pageItemsMax) });
      return cli.list(
        takeRows(rows, limits, () => cli.note('There are more: --limit or --all')),
        columns,
      );
    });

  for (const { name, description } of verbs) {
    inbox
      .command(name)
      .description(description)
      .argument('<id...>', 'of items')
      .action(async (ids) => {
        const result = await (await cli.connect()).inbox.change({ ids, verb: name });
        cli.show(result, `${result.changed} changed, ${result.counts.unread} unread`);
      });
  }

  inbox
    .command('read-all')
    .description('mark everything as read that is there now')
    .option('--category <name>', 'only of this category')
    .action(async ({ category }) => {
      const carillon = await cli.connect();
      const { position } = await carillon.inbox.counts();
      // What arrives between the two calls stays unread.
      const wish = { up_to: position, ...(category !== undefined && { category }) };
      const result = await carillon.inbox.readAll(wish);
      cli.show(result, `${result.changed} changed, ${result.counts.unread} unread`);
    });
};

interface Filter {
  status: (typeof statuses)[number];
  category?: string;
}

/** Prints each item as it arrives, without gaps, until there were `count` of them or the process is ended. */
async function printArrivals(cli: Cli, carillon: Carillon, filter: Filter, count = Infinity): Promise<void> {
  const live = carillon.inbox.live({ ...filter, limit: 1 });
  let left = count;
  let lastState = '';
  await new Promise<void>((resolve, reject) => {
    live.subscribe(({ connection }, arrived) => {
      // Newest first, as lists are; told in the order in which they came.
      for (const item of arrived.toReversed()) {
        if (left <= 0) break;
        cli.show(item, lineOf(item));
        left -= 1;
      }
      if (left <= 0) return resolve();
      if (connection.state === 'refused') return reject(connection.error);
      if (connection.state !== lastState && connection.state === 'waiting') cli.note('Offline; trying again');
      lastState = connection.state;
      return undefined;
    });
    live.ready.then(() => cli.note('Waiting for what arrives'), reject);
  }).finally(() => live.stop());
}

function lineOf({ inbox_at: at, title, body }: InboxItem): string {
  return `${shownInstant(at)}  ${plain(title)}${body === '' ? '' : ` – ${plain(body)}`}`;
}

const columns: readonly Column<InboxItem>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: '', text: ({ read_at: at }) => (at === null ? '●' : ''), tone: () => 'accent' },
  { title: 'ARRIVED', text: ({ inbox_at: at }) => shownInstant(at) },
  { title: 'CATEGORY', text: ({ category }) => category },
  { title: 'TITLE', text: ({ title }) => title, isFlexible: true },
];
