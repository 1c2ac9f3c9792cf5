import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ServiceProcess } from '@carillon/testkit';
import { callApi } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

describe('one idempotency key', () => {
  let stage: Stage;
  let apis: ServiceProcess[];

  beforeAll(async () => {
    stage = await setStage();
    apis = await Promise.all([stage.startApi(), stage.startApi()]);
  });
  afterAll(() => stage.stop());

  it.each([
    { name: 'known people', to: () => stage.people.map(({ id }) => id) },
    { name: 'a user that the call makes', to: () => [{ external_id: `new-${randomUUID()}`, name: 'New' }] },
  ])('makes one trigger for $name when twenty callers race over two instances', async ({ to }) => {
    const key = randomUUID();
    const body = { to: to(), title: `Race ${key}` };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => post(index, key, body)));
    const accepted = answers.filter(({ status }) => status === 202);
    const waiting = answers.filter(({ status, body: problem }) => {
      return status === 409 && problem['code'] === 'idempotency.in_progress';
    });
    expect(accepted.length + waiting.length).toBe(20);
    expect(accepted.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(new Set(accepted.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const rows = await stage.sql('select id from notifications where title = $1 order by id', [body.title]);
    const named = accepted[0]?.body['notifications'] as { id: string }[];
    expect(named.map(({ id }) => id).toSorted()).toEqual(rows.map((row) => row['id']));

    const later = await post(1, key, body);
    expect([later.status, later.body]).toEqual([202, accepted[0]?.body]);
  });

  it('refuses the key for another body, and gives another caller an answer of its own', async () => {
    const key = randomUUID();
    const to = stage.people.map(({ id }) => id);
    const first = await post(0, key, { to, title: 'First' });
    const other = await post(1, key, { to, title: 'Second' });
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency.key_reused']);
    const colleague = await stage.addPerson();
    await stage.sql(`update users set role = 'system' where id = $1`, [colleague.id]);
    const theirs = await callApi(apis[0] ?? { url: '' }, colleague, 'POST', '/v1/notifications', {
      ...{ body: { to, title: 'First' }, headers: { 'idempotency-key': key } },
    });
    expect([first.status, theirs.status]).toEqual([202, 202]);
    expect(theirs.body['trigger_id']).not.toBe(first.body['trigger_id']);
  });

  function post(index: number, key: string, body: Record<string, unknown>) {
    const api = apis[index % apis.length] ?? { url: '' };
    return callApi(api, stage.admin, 'POST', '/v1/notifications', {
      ...{ body, headers: { 'idempotency-key': key } },
    });
  }
});
