import type { Delivery } from '@carillon/client';
import type { AddCommand } from '../catalogue.ts';
import { pageSize, positiveInteger, takeRows } from '../options.ts';
import { shownInstant } from '../terminal/instants.ts';
import type { Tone } from '../terminal/paint.ts';
import { renderFields, renderTable, type Column } from '../terminal/table.ts';

/** `carillon deliveries` */
export const addDeliveries: AddCommand = (program, cli) => {
  const deliveries = program.command('deliveries').description('show what went where, and each try');

  deliveries
    .command('list', { isDefault: true })
    .description('list deliveries, those of the newest notifications first')
    .option('--notification <id>', 'only of this notification')
    .option('--state <state>', 'only in this state')
    .option('--kind <kind>', 'only of this channel kind')
    .option('--limit <n>', 'how many', positiveInteger, 50)
    .option('--all', 'all of them')
    .action(async ({ notification, state, kind, ...limits }) => {
      const carillon = await cli.connect();
      const rows = carillon.deliveries.list({
        limit: pageSize(limits),
        ...(notification !== undefined && { notification_id: notification }),
        // What is no state or kind is refused by the API, which knows them.
        ...(state !== undefined && { state: state as Delivery['state'] }),
        ...(kind !== undefined && { kind: kind as Delivery['kind'] }),
      });
      await cli.list(
        takeRows(rows, limits, () => cli.note('There are more: --limit or --all')),
        columns,
      );
    });

  deliveries
    .command('show')
    .description('show one delivery with its tries')
    .argument('<id>', 'of the delivery')
    .action(async (id) => {
      const carillon = await cli.connect();
      const delivery = await carillon.deliveries.get(id);
      const { data: attempts } = await carillon.deliveries.attempts(id);
      const screen = { paint: cli.paint, width: cli.stdout.columns };
      cli.show({ ...delivery, attempts }, [
        ...renderFields(fieldsOf(delivery), cli.paint),
        '',
        ...renderTable(attempts, attemptColumns, screen),
      ]);
    });

  deliveries
    .command('retry')
    .description('try a delivery again now that is dead, unknown or expired')
    .argument('<id>', 'of the delivery')
    .option('--confirm', 'also if it may have arrived: it would arrive twice')
    .option('--include-expired', 'also if its notification has expired')
    .action(async (id, { confirm, includeExpired }) => {
      const carillon = await cli.connect();
      const delivery = await carillon.deliveries.retry(id, {
        ...(confirm !== undefined && { confirm }),
        ...(includeExpired !== undefined && { include_expired: includeExpired }),
      });
      cli.show(delivery, `${delivery.id} is ${delivery.state} again`);
    });
};

/** How good a state is. */
export function toneOfState(state: Delivery['state']): Tone | undefined {
  if (state === 'sent') return 'good';
  if (state === 'dead' || state === 'unknown') return 'bad';
  return state === 'pending' || state === 'sending' ? 'warning' : 'dim';
}

const columns: readonly Column<Delivery>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOfState(state) },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'REASON', text: ({ reason }) => reason, isFlexible: true },
  { title: 'TRIES', text: ({ attempts_made: tries }) => String(tries) },
  { title: 'DECIDED', text: ({ created_at: at }) => shownInstant(at) },
  {
    title: 'SETTLED OR DUE',
    text: ({ settled_at: settled, not_before: due }) => shownInstant(settled ?? due),
  },
];

const attemptColumns: readonly Column<{
  number: number;
  started_at: string;
  outcome: string | null;
  status_code: number | null;
  reason: string | null;
}>[] = [
  { title: 'TRY', text: ({ number }) => String(number) },
  { title: 'BEGUN', text: ({ started_at: at }) => shownInstant(at) },
  { title: 'OUTCOME', text: ({ outcome }) => outcome ?? 'running' },
  { title: 'STATUS', text: ({ status_code: code }) => (code === null ? '' : String(code)) },
  { title: 'THE TARGET SAID', text: ({ reason }) => reason, isFlexible: true },
];

function fieldsOf(delivery: Delivery): [string, string | null][] {
  return [
    ['id', delivery.id],
    ['notification', delivery.notification_id],
    ['recipient', delivery.recipient_id],
    ['channel', `${delivery.kind} ${delivery.channel_id}`],
    ['state', delivery.state],
    ['reason', delivery.reason],
    ['provider id', delivery.provider_id],
    ['feedback', delivery.feedback],
    ['decided', shownInstant(delivery.created_at)],
    ['due', delivery.settled_at === null ? shownInstant(delivery.not_before) : null],
    ['settled', shownInstant(delivery.settled_at)],
  ];
}
