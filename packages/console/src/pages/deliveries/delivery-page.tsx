import type { Answer, Attempt, Delivery } from '@carillon/client';
import { useConsole } from '../../console-context.ts';
import { kindName } from '../../kind-name.ts';
import { useDoing, useLoad } from '../../load.ts';
import { hrefTo } from '../../router.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Table, type Column } from '../../ui/keyset-table.tsx';
import { Empty, Facts, PageHead, Panel, type PageProps } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { durationBetween, Instant } from '../../ui/time.tsx';
import { Message } from '../message.tsx';

interface Told {
  delivery: Delivery;
  attempts: readonly Attempt[];
  content: Answer<'getDeliveryContent'> | undefined;
}

/** One delivery with its tries, and what was handed to the target. */
export function DeliveryPage({ params }: PageProps) {
  const id = params['id'] ?? '';
  const told = useLoad<Told>(
    async (api, signal) => {
      const [delivery, attempts, content] = await Promise.all([
        api.deliveries.get(id, { signal }),
        api.deliveries.attempts(id, { signal }),
        // Before its first try there is none.
        api.deliveries.content(id, { signal }).catch(() => undefined),
      ]);
      return { delivery, attempts: attempts.data, content };
    },
    [id],
  );
  const delivery = told.data?.delivery;
  return (
    <div class="page">
      <PageHead
        title={delivery === undefined ? 'Delivery' : `${kindName(delivery.kind)}: a delivery`}
        above={<a href={hrefTo('/deliveries')}>Deliveries</a>}
      >
        <Button onClick={told.reload} busy={told.busy}>
          Refresh
        </Button>
        {delivery !== undefined && <RetryButton delivery={delivery} onDone={told.reload} />}
      </PageHead>
      <Shown of={told}>
        {(data) => (
          <>
            <div class="columns">
              <Panel title="Where it stands">
                <DeliveryFacts delivery={data.delivery} />
              </Panel>
              <Panel title="What was handed over">
                {data.content === undefined ? (
                  <Empty title="Nothing yet">It is rendered at the first try.</Empty>
                ) : (
                  <Message message={data.content} />
                )}
              </Panel>
            </div>
            <Panel title="Tries" flush>
              {data.attempts.length === 0 ? (
                <Empty title="There was no try yet" />
              ) : (
                <Table
                  caption="Tries"
                  rows={data.attempts}
                  columns={attemptColumns}
                  keyOf={({ number }) => String(number)}
                />
              )}
            </Panel>
          </>
        )}
      </Shown>
    </div>
  );
}

const attemptColumns: readonly Column<Attempt>[] = [
  { title: 'No.', class: 'narrow', cell: ({ number }) => number },
  { title: 'Began', class: 'narrow', cell: ({ started_at: at }) => <Instant at={at} seconds /> },
  {
    title: 'Took',
    class: 'narrow',
    cell: ({ started_at: from, ended_at: to }) => (to === null ? '–' : durationBetween(from, to)),
  },
  { title: 'Outcome', class: 'narrow', cell: ({ outcome }) => <StateBadge state={outcome ?? 'under way'} /> },
  { title: 'Status', class: 'narrow', cell: ({ status_code: status }) => status ?? '–' },
  { title: 'What the target said', cell: ({ reason, provider_id: id }) => reason ?? id ?? '–' },
];

/** From where the API takes a delivery up again. */
const ends = new Set(['dead', 'unknown', 'expired']);

function RetryButton({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  const { api, confirm, say } = useConsole();
  const { id, state } = delivery;
  const mayArriveTwice = state === 'unknown';
  const isExpired = state === 'expired';
  const warning = mayArriveTwice
    ? ' Nobody knows whether it arrived: it may arrive twice.'
    : isExpired
      ? ' Its time is over: it is sent all the same.'
      : '';
  const { busy, run } = useDoing(
    async () => {
      const yes = await confirm({
        title: 'Try again now?',
        text: `It becomes due at once, and its schedule of tries begins anew.${warning}`,
        ...{ button: 'Try again', danger: mayArriveTwice },
      });
      if (!yes) return;
      await api.deliveries.retry(id, { confirm: mayArriveTwice, include_expired: isExpired });
      say('It is due again');
      onDone();
    },
    { says: true },
  );
  if (!ends.has(state)) return null;
  return (
    <Button look="primary" busy={busy} onClick={() => run()}>
      Try again
    </Button>
  );
}

function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { id, state, reason, not_before: due, settled_at: settledAt, provider_id: providerId } = delivery;
  const { notification_id: of, recipient_id: to, channel_id: through, feedback } = delivery;
  return (
    <Facts
      of={[
        ['State', <StateBadge key="state" state={state} />],
        ['Because', reason === null ? undefined : reason.replaceAll('_', ' ')],
        ['Due', state === 'pending' ? <Instant key="due" at={due} exact /> : undefined],
        ['Ended', settledAt === null ? undefined : <Instant key="end" at={settledAt} exact />],
        [
          'Notification',
          <a key="of" href={hrefTo(`/notifications/${of}`)}>
            what became of it in all
          </a>,
        ],
        [
          'Recipient',
          <a key="to" href={hrefTo(`/users/${to}`)}>
            who it is for
          </a>,
        ],
        [
          'Channel',
          <a key="by" href={hrefTo(`/channels/${through}`)}>
            {kindName(delivery.kind)}
          </a>,
        ],
        ['Provider said', feedback === null ? undefined : <StateBadge key="said" state={feedback} />],
        ['Provider’s id', providerId === null ? undefined : <Copyable key="its" text={providerId} />],
        ['Id', <Copyable key="id" text={id} />],
      ]}
    />
  );
}
