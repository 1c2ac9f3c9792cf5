import type { Command } from '@commander-js/extra-typings';
import type { Body, Carillon, DeadLetter, Query, ReplayResult } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../failure.ts';
import { gather, instantOption, pageSize, positiveInteger, takeRows } from '../options.ts';
import { shownInstant } from '../terminal/instants.ts';
import { createProgress } from '../terminal/progress.ts';
import { confirm } from '../terminal/prompt.ts';
import type { Column } from '../terminal/table.ts';
import { toneOfState } from './deliveries.ts';

type Filter = NonNullable<Body<'replayDeadLetters'>['filter']>;

/** `carillon dead-letters` */
export const addDeadLetters: AddCommand = (program, cli) => {
  const deadLetters = program
    .command('dead-letters')
    .description('show what was given up, and send it again');

  withFilterOptions(deadLetters.command('list', { isDefault: true }), cli)
    .description('list what was given up, the last first')
    .option('--limit <n>', 'how many', positiveInteger, 50)
    .option('--all', 'all of them')
    .action(async ({ limit, all, ...options }) => {
      const limits = { limit, all };
      const carillon = await cli.connect();
      const query: Query<'listDeadLetters'> = { ...toFilter(options), limit: pageSize(limits) };
      const rows = takeRows(carillon.deadLetters.list(query), limits, () =>
        cli.note('There are more: --limit or --all'),
      );
      await cli.list(rows, columns);
    });

  withFilterOptions(deadLetters.command('replay'), cli)
    .description('send again what was given up: by id, by a filter, or everything')
    .argument('[id...]', 'of deliveries')
    .option('--everything', 'all dead letters of the organization')
    .option('--dry-run', 'only count')
    .option('--fresh', 'render the messages again, instead of sending those that were kept')
    .option('--include-expired', 'also what has expired meanwhile')
    .option('--include-unknown', 'also what may have arrived: it may arrive twice')
    .option('-y, --yes', 'do not ask')
    .action(async (ids, options) => {
      const { everything, dryRun, fresh, includeExpired, includeUnknown, yes, ...filterOptions } = options;
      const wish = {
        ...toSelection(ids, toFilter(filterOptions), everything === true),
        ...(fresh === true && { render: 'fresh' as const }),
        ...(includeExpired === true && { include_expired: true }),
        ...(includeUnknown === true && { include_unknown: true }),
      };
      const carillon = await cli.connect();
      const found = await carillon.deadLetters.replay({ ...wish, dry_run: true }, patient);
      if (dryRun === true) return cli.show(found, [...renderResult(found, 'would be sent again')]);
      if (found.replayed === 0) return cli.show(found, renderResult(found, 'sent again'));
      if (yes !== true && !(await confirm(cli, `Send ${found.replayed} messages again?`))) {
        return cli.note('Nothing was sent');
      }
      const done = await replayWithProgress(cli, carillon, wish, found.replayed);
      return cli.show(done, renderResult(done, 'sent again'));
    });
};

/** The API works through all that is selected in one call. */
const patient = { timeoutMs: 15 * 60_000 };
const watchEveryMs = 2_000;

/** What is left is counted while the API works through it. */
async function replayWithProgress(
  cli: Cli,
  carillon: Carillon,
  wish: Body<'replayDeadLetters'>,
  total: number,
): Promise<ReplayResult> {
  const progress = createProgress(cli.stderr, { label: 'Replaying', total, isQuiet: cli.isJson() });
  let shown = 0;
  const watch = async (): Promise<void> => {
    const left = await carillon.deadLetters.replay({ ...wish, dry_run: true });
    progress.advance(Math.max(0, total - left.replayed - shown));
    shown = Math.max(shown, total - left.replayed);
  };
  const isWatched = cli.stderr.isTTY === true;
  // A count that fails is only a bar that stands still.
  const timer = isWatched ? setInterval(() => void watch().catch(() => undefined), watchEveryMs) : undefined;
  try {
    return await carillon.deadLetters.replay(wish, patient);
  } finally {
    clearInterval(timer);
    progress.end();
  }
}

function withFilterOptions(command: Command, cli: Pick<Cli, 'now'>) {
  const instant = instantOption(cli.now);
  return command
    .option('--state <state>', 'only `dead` or only `unknown`')
    .option('--kind <kind>', 'only of this channel kind')
    .option('--reason <code>', 'only given up for this reason')
    .option('--category <name>', 'only of this category')
    .option('--template <key>', 'only of this template')
    .option('--recipient <id>', 'only for this user id')
    .option('--settled-after <instant>', 'only what was given up then or later', instant)
    .option('--settled-before <instant>', 'only what was given up before', instant);
}

interface FilterOptions {
  state?: string | undefined;
  kind?: string | undefined;
  reason?: string | undefined;
  category?: string | undefined;
  template?: string | undefined;
  recipient?: string | undefined;
  settledAfter?: string | undefined;
  settledBefore?: string | undefined;
}

function toFilter(options: FilterOptions): Filter {
  const { state, kind, reason, category, template, recipient, settledAfter, settledBefore } = options;
  return {
    // What is no state, kind or reason is refused by the API, which knows them.
    ...(state !== undefined && { state: state as NonNullable<Filter['state']> }),
    ...(kind !== undefined && { kind: kind as NonNullable<Filter['kind']> }),
    ...(reason !== undefined && { reason: reason as NonNullable<Filter['reason']> }),
    ...(category !== undefined && { category }),
    ...(template !== undefined && { template }),
    ...(recipient !== undefined && { recipient_id: recipient }),
    ...(settledAfter !== undefined && { settled_after: settledAfter }),
    ...(settledBefore !== undefined && { settled_before: settledBefore }),
  };
}

function toSelection(
  ids: readonly string[],
  filter: Filter,
  everything: boolean,
): Pick<Body<'replayDeadLetters'>, 'ids' | 'filter'> {
  const isFiltered = Object.keys(filter).length > 0;
  const ways = [ids.length > 0, isFiltered, everything].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('Name ids, or a filter, or --everything: exactly one of them');
  if (ids.length > 0) return { ids: gather(ids.join(',')) };
  return { filter: everything ? { settled_after: '1970-01-01T00:00:00Z' } : filter };
}

const columns: readonly Column<DeadLetter>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOfState(state) },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'REASON', text: ({ reason }) => reason },
  { title: 'OBSTACLE', text: ({ obstacle }) => obstacle },
  { title: 'GIVEN UP', text: ({ settled_at: at }) => shownInstant(at) },
  {
    title: 'THE TARGET SAID',
    text: ({ last_reason: reason, last_status_code: code }) => [code, reason].filter(Boolean).join(' '),
    isFlexible: true,
  },
];

function renderResult({ matched, replayed, skipped }: ReplayResult, done: string): string[] {
  const left = Object.entries(skipped).filter(([, count]) => count > 0);
  return [
    `${replayed} of ${matched} ${done}`,
    ...left.map(([why, count]) => `  ${count} left out: ${leftOut[why] ?? why}`),
  ];
}

const leftOut: Readonly<Record<string, string>> = {
  expired: 'expired meanwhile (--include-expired)',
  unknown: 'may have arrived (--include-unknown)',
  deleted: 'the notification or its recipient is gone',
  cancelled: 'cancelled',
};
