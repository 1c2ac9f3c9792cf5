import { expect } from '@jest/globals';
import {
  loadStored,
  pollUntil,
  type ServiceProcess,
  type StreamClient,
  type Stored,
} from '@carillon/testkit';
import type { Person, Stage } from './stage.ts';

/** One request with a JSON body, as the person; the answer with its body parsed. */
export async function callApi(
  api: Pick<ServiceProcess, 'url'>,
  person: Pick<Person, 'token'> | undefined,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown>; durationMs: number }> {
  const startedMs = performance.now();
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(person !== undefined && { authorization: `Bearer ${person.token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(options.timeoutMs ?? 20_000),
  });
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return {
    status: response.status,
    headers: response.headers,
    body,
    durationMs: performance.now() - startedMs,
  };
}

/** Creates one notification and answers the ids of its rows; fails unless it is accepted. */
export async function notify(
  api: Pick<ServiceProcess, 'url'>,
  sender: Pick<Person, 'token'>,
  body: Record<string, unknown>,
): Promise<string[]> {
  const answer = await callApi(api, sender, 'POST', '/v1/notifications', {
    body: { title: 'Story', ...body },
  });
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 202 });
  return (answer.body['notifications'] as { id: string }[]).map(({ id }) => id);
}

const finalStates = new Set(['sent', 'suppressed', 'cancelled', 'expired', 'digested', 'dead', 'unknown']);

/** Waits until everything accepted was dispatched and every delivery is at its end. */
export async function waitUntilSettled(stage: Pick<Stage, 'database'>, deadlineMs = 60_000): Promise<Stored> {
  let last: Stored | undefined;
  try {
    return await pollUntil(async () => {
      const stored = await loadStored(stage.database);
      last = stored;
      const waits = stored.notifications.some((one) => !one.dispatched);
      return !waits && stored.deliveries.every((one) => finalStates.has(one.state)) ? stored : undefined;
    }, deadlineMs);
  } catch (cause) {
    const undispatched = last?.notifications.filter((one) => !one.dispatched).length;
    const open = last?.deliveries.filter((one) => !finalStates.has(one.state)).slice(0, 5);
    throw new Error(`not settled: ${undispatched} undispatched, ${JSON.stringify(open)}`, { cause });
  }
}

/** Waits until the client's copy is what the database shows, then proves it item by item. */
export async function expectCopyOfDatabase(
  stage: Pick<Stage, 'sql'>,
  client: StreamClient,
  person: Pick<Person, 'id'>,
  deadlineMs = 36_000,
): Promise<void> {
  const rows = await stage.sql('select head::int from inbox_state where user_id = $1', [person.id]);
  const head = Number(rows[0]?.['head']);
  await client.waitFor(({ copy }) => Number(copy.position?.split('.')[1]) >= head, deadlineMs);
  const shown = await stage.sql(
    `select id, changed_sequence::int as sequence, read_at is not null as read from notifications
     where recipient_id = $1 and inbox_at is not null and archived_at is null and dismissed_at is null
       and snoozed_until is null and expired_at is null and deleted_at is null order by id`,
    [person.id],
  );
  const copied = [...client.copy.items.values()]
    .map(({ id, sequence, read_at }) => ({ id, sequence, read: read_at !== null }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(copied).toEqual(shown);
  expect(client.copy.faults).toEqual([]);
  const unread = shown.filter((row) => row['read'] !== true).length;
  expect(client.copy.counts?.unread).toBe(unread);
}

/** A notification of somebody else, accepted later and placed, proves that the sweeps have been by. */
export async function twoSweeps(stage: Pick<Stage, 'sql'>): Promise<void> {
  await stage.sql(
    `insert into organizations (id, slug, name) values (gen_random_uuid(), 'witness', 'Witness')
     on conflict do nothing`,
  );
  for (let round = 0; round < 2; round += 1) {
    const rows = await stage.sql(
      `with o as (select id from organizations where slug = 'witness'),
         u as (insert into users (id, organization_id) select gen_random_uuid(), id from o returning id, organization_id),
         s as (insert into inbox_state (user_id, organization_id) select id, organization_id from u)
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title)
       select gen_random_uuid(), organization_id, $1, gen_random_uuid(), id, 'witness' from u returning id`,
      [round + 1],
    );
    const find = 'select 1 from notifications where id = $1 and dispatched_at is not null';
    await pollUntil(async () => (await stage.sql(find, [rows[0]?.['id']])).length > 0, 45_000);
  }
  await stage.sql(`delete from notifications where title = 'witness'`);
}
