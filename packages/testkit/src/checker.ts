import { runSql } from './database.ts';
import type { LoadCall } from './load.ts';
import type { WebhookArrival } from './webhook-receiver.ts';

/** What the database holds after the noise. */
export interface StoredNotification {
  id: string;
  /** `data.call` of the load. */
  call: string | null;
  recipientId: string;
  placedSequence: number | null;
  changedSequence: number | null;
  dispatched: boolean;
}

export interface StoredDelivery {
  id: string;
  kind: string;
  state: string;
  reason: string | null;
  attempts: number;
  crashes: number;
}

export interface Stored {
  notifications: StoredNotification[];
  deliveries: StoredDelivery[];
  /** `inbox_state.head` by user. */
  heads: ReadonlyMap<string, number>;
}

/** Everything that must not be, by name; each list is empty when all is well. */
export interface Findings {
  /** Answered 2xx and not in the database, or not all of it. */
  lost: string[];
  /** In the database although its call was refused, or never made. */
  unexpected: string[];
  /** One call made a recipient's notification more than once. */
  doubled: string[];
  /** Neither placed nor otherwise dealt with, or a delivery that is not at its end. */
  unsettled: string[];
  /** Numbers of a recipient that are not 1 … head. */
  sequences: string[];
  /** Delivered as sent, but nothing arrived. */
  unsent: string[];
  /** Arrived although no delivery of this id exists. */
  stray: string[];
  /** Same id, another body. */
  altered: string[];
}

export interface Report {
  findings: Findings;
  /** Deliveries that arrived more than once, with how often beyond the first time. */
  duplicates: ReadonlyMap<string, number>;
  /** Sum of these. */
  duplicateCount: number;
}

const finalStates = new Set(['sent', 'suppressed', 'cancelled', 'expired', 'digested', 'dead', 'unknown']);

/**
 * Judges a run as Jepsen does: what callers were told against what is stored, and what is stored
 * against what arrived outside. Sequences are judged only where nothing but placing changed the inbox.
 */
export function check(run: {
  calls: readonly LoadCall[];
  stored: Stored;
  arrivals?: readonly Pick<WebhookArrival, 'id' | 'body'>[];
}): Report {
  const { calls, stored, arrivals } = run;
  const duplicates = arrivals === undefined ? new Map<string, number>() : countDuplicates(arrivals);
  return {
    findings: {
      ...judgeCalls(calls, stored),
      unsettled: judgeSettled(stored),
      sequences: judgeSequences(stored),
      ...judgeArrivals(stored, arrivals),
    },
    duplicates,
    duplicateCount: [...duplicates.values()].reduce((sum, more) => sum + more, 0),
  };
}

/** What a run without fault looks like. */
export const noFindings: Findings = {
  ...{ lost: [], unexpected: [], doubled: [], unsettled: [], sequences: [] },
  ...{ unsent: [], stray: [], altered: [] },
};

function judgeCalls(
  calls: readonly LoadCall[],
  { notifications }: Stored,
): Pick<Findings, 'lost' | 'unexpected' | 'doubled'> {
  const byCall = groupBy(notifications);
  const ids = new Set(notifications.map((one) => one.id));
  const known = new Map(calls.map((call) => [call.key, call]));
  const lost = calls.flatMap((call) => {
    if (call.outcome !== 'ok') return [];
    const recipients = new Set((byCall.get(call.key) ?? []).map((one) => one.recipientId));
    const missing = call.recipients.filter((id) => !recipients.has(id));
    const gone = call.notificationIds.filter((id) => !ids.has(id));
    return [...missing.map((id) => `${call.key} for ${id}`), ...gone.map((id) => `${call.key}: ${id}`)];
  });
  const unexpected = notifications.flatMap((one) => {
    const call = known.get(one.call ?? '');
    return call === undefined || call.outcome === 'refused' ? [`${one.call}: ${one.id}`] : [];
  });
  const doubled = [...byCall].flatMap(([key, rows]) =>
    new Set(rows.map((row) => row.recipientId)).size === rows.length ? [] : [key],
  );
  return { lost, unexpected, doubled };
}

function groupBy(rows: readonly StoredNotification[]): Map<string, StoredNotification[]> {
  const groups = new Map<string, StoredNotification[]>();
  for (const row of rows) groups.set(row.call ?? '', [...(groups.get(row.call ?? '') ?? []), row]);
  return groups;
}

function judgeSettled({ notifications, deliveries }: Stored): string[] {
  return [
    ...notifications.filter((one) => !one.dispatched).map((one) => `notification ${one.id}`),
    ...deliveries
      .filter((one) => !finalStates.has(one.state))
      .map((one) => `delivery ${one.id}: ${one.state}`),
  ];
}

function judgeSequences({ notifications, heads }: Stored): string[] {
  return [...heads].flatMap(([userId, head]) => {
    const numbers = new Set(
      notifications
        .filter((one) => one.recipientId === userId && one.placedSequence !== null)
        .map((one) => one.placedSequence),
    );
    const missing = Array.from({ length: head }, (_, index) => index + 1).filter((n) => !numbers.has(n));
    const above = [...numbers].filter((n) => n !== null && n > head);
    return missing.length + above.length === 0
      ? []
      : [`${userId}: head ${head}, missing ${missing.join()}, above ${above.join()}`];
  });
}

function judgeArrivals(
  { deliveries }: Stored,
  arrivals: readonly Pick<WebhookArrival, 'id' | 'body'>[] | undefined,
): Pick<Findings, 'unsent' | 'stray' | 'altered'> {
  if (arrivals === undefined) return { unsent: [], stray: [], altered: [] };
  const bodies = new Map<string, Set<string>>();
  for (const { id, body } of arrivals) bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  const webhooks = deliveries.filter((one) => one.kind === 'webhook');
  const ids = new Set(webhooks.map((one) => one.id));
  return {
    unsent: webhooks.filter((one) => one.state === 'sent' && !bodies.has(one.id)).map((one) => one.id),
    stray: [...bodies.keys()].filter((id) => !ids.has(id)),
    altered: [...bodies].filter(([, different]) => different.size > 1).map(([id]) => id),
  };
}

function countDuplicates(arrivals: readonly { id: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of arrivals) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1).map(([id, count]) => [id, count - 1]));
}

/** Reads what the checker needs, of all organizations. */
export async function loadStored(database: { url: string }): Promise<Stored> {
  // One statement and so one snapshot: rows and heads of two moments would look like broken sequences.
  const [stored] = await runSql(
    database.url,
    `select
       (select coalesce(json_agg(json_build_object('id', id, 'call', data->>'call', 'recipientId', recipient_id,
          'placedSequence', placed_sequence, 'changedSequence', changed_sequence,
          'dispatched', dispatched_at is not null) order by id), '[]') from notifications) as notifications,
       (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'state', state, 'reason', reason,
          'attempts', attempts_made, 'crashes', crashes) order by id), '[]') from deliveries) as deliveries,
       (select coalesce(json_agg(json_build_object('user', user_id, 'head', head)), '[]') from inbox_state) as heads`,
  );
  const { notifications, deliveries, heads } = stored as unknown as {
    notifications: StoredNotification[];
    deliveries: StoredDelivery[];
    heads: { user: string; head: number }[];
  };
  return {
    notifications,
    deliveries,
    heads: new Map(heads.map(({ user, head }) => [user, head])),
  };
}
