import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserId } from '@carillon/core';
import { createInboxSubscriber } from '@carillon/queue';
import { createLog, createNewId } from '@carillon/runtime';
import { runSql, testRedisUrl } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();
const path = '/v1/notifications/cancel';

let api: TestApi;
let admin: Actor;
let system: Actor;
let member: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());
beforeEach(async () => {
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  system = await api.makeUser(organizationId, 'system');
  member = await api.makeUser(organizationId, 'member');
});

interface Sent {
  triggerId: string;
  ids: string[];
}

/** One call that tells the member so many things, and so many others beside it. */
async function send(fields: { category?: string } = {}, to: Actor[] = [member]): Promise<Sent> {
  const body = { to: to.map((one) => one.id), title: 'secret', ...fields };
  const answer = await api.ask('POST', '/v1/notifications', { token: admin.token, body });
  const notifications = answer.body.notifications as { id: string }[];
  return { triggerId: answer.body.trigger_id, ids: notifications.map((one) => one.id) };
}

/** As a worker would have left them: in the inbox, with one delivery each. */
async function place(ids: string[], state = 'pending'): Promise<void> {
  for (const id of ids) {
    await runSql(
      api.databaseUrl,
      `with head as (
         update inbox_state set head = head + 1
         where user_id = (select recipient_id from notifications where id = $1) returning head),
       placed as (
         update notifications set dispatched_at = carillon_now(), inbox_at = carillon_now(), inbox_reason = 'placed',
           placed_sequence = (select head from head), changed_sequence = (select head from head)
         where id = $1 returning organization_id, recipient_id)
       insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state)
       select $2, organization_id, $1, recipient_id, 'null', $2, $3 from placed`,
      [id, newId(), state],
    );
  }
}

const cancel = (body: unknown, token = admin.token): Promise<Answer> =>
  api.ask('POST', path, { token, body });
const inboxIds = async (): Promise<string[]> => {
  const { body } = await api.ask('GET', '/v1/inbox', { token: member.token });
  return body.data.map((one: { id: string }) => one.id);
};
const stateOf = async (id: string): Promise<string> =>
  (await api.ask('GET', `/v1/notifications/${id}`, { token: admin.token })).body.state;
const none = { matched: 0, cancelled: 0, in_flight: 0, sent: 0 };

describe('POST /v1/notifications/cancel', () => {
  it('cancels what a call made and nothing else, for admins and systems, and twice is once', async () => {
    const sent = await send({}, [member, admin, system]);
    const other = await send();
    const answer = await cancel({ trigger_id: sent.triggerId }, system.token);
    expect(answer).toMatchObject({ status: 200, body: { ...none, matched: 3, cancelled: 3 } });
    expect((await cancel({ trigger_id: sent.triggerId })).body).toEqual({ ...none, matched: 3 });
    for (const id of sent.ids) expect(await stateOf(id)).toBe('cancelled');
    expect(await stateOf(other.ids[0] ?? '')).toBe('accepted');
  });

  it('only counts in a dry run', async () => {
    const sent = await send();
    const placed = await send();
    await place(placed.ids);
    const times = { created_after: '2020-01-01T00:00:00Z', created_before: '2100-01-01T00:00:00Z' };
    const expected = { ...none, matched: 2, cancelled: 2 };
    expect((await cancel({ ...times, dry_run: true, withdraw: true })).body).toEqual(expected);
    expect(await stateOf(sent.ids[0] ?? '')).toBe('accepted');
    expect(await inboxIds()).toEqual(placed.ids);
    expect((await cancel(times)).body).toEqual(expected);
  });

  it('stops what is pending and tells what it cannot take back', async () => {
    const [pending, sending, sent] = [await send(), await send(), await send()];
    await place(pending.ids);
    await place(sending.ids, 'sending');
    await place(sent.ids, 'sent');
    const times = { created_after: '2020-01-01T00:00:00Z', created_before: '2100-01-01T00:00:00Z' };
    expect((await cancel(times)).body).toEqual({ matched: 3, cancelled: 1, in_flight: 1, sent: 1 });
    expect(await inboxIds()).toHaveLength(3);
  });

  it('keeps to a category of a time', async () => {
    await send();
    await send({ category: 'news' });
    const times = { created_after: '2020-01-01T00:00:00Z', created_before: '2100-01-01T00:00:00Z' };
    expect((await cancel({ ...times, category: 'news' })).body).toMatchObject({ matched: 1 });
    const past = { created_after: '2020-01-01T00:00:00Z', created_before: '2020-01-02T00:00:00Z' };
    expect((await cancel(past)).body).toEqual(none);
  });

  it('finds what a template says by its key, its id, and after it was deleted', async () => {
    const [one, other] = [await send(), await send()];
    const templateId = newId();
    await runSql(
      api.databaseUrl,
      'insert into templates (id, organization_id, key, name, deleted_at) values ($1, $2, $3, $3, carillon_now())',
      [templateId, admin.organizationId, 'build-failed'],
    );
    await runSql(api.databaseUrl, 'update notifications set template_id = $1 where id = $2', [
      ...[templateId, one.ids[0]],
    ]);
    expect((await cancel({ template: templateId, dry_run: true })).body).toMatchObject({ cancelled: 1 });
    expect((await cancel({ template: 'build-failed' })).body).toMatchObject({ matched: 1, cancelled: 1 });
    expect(await stateOf(other.ids[0] ?? '')).toBe('accepted');
    const refused = await cancel({ template: 'build-failed' }, stranger.token);
    expect(refused.body).toMatchObject({ code: 'template.unknown', errors: [{ pointer: '/template' }] });
  });

  it('with withdraw empties inboxes and says so once for each user', async () => {
    const sent: Sent[] = [];
    for (let count = 0; count < 3; count += 1) sent.push(await send());
    await place(sent.flatMap((one) => one.ids));
    const hints: { userId: UserId; head: number }[] = [];
    const log = createLog({ service: 'api', version: 'test', level: 'error' });
    let onHinted: () => void = () => undefined;
    const hinted = new Promise<void>((resolve) => {
      onHinted = resolve;
    });
    const subscriber = createInboxSubscriber({
      ...{ redisUrl: testRedisUrl(), log, onReconnect: () => undefined, onMoves: () => undefined },
      onHint(userId, head) {
        hints.push({ userId, head });
        if (userId === admin.id) onHinted();
      },
    });
    await Promise.all([subscriber.subscribe(member.id), subscriber.subscribe(admin.id)]);
    const times = { created_after: '2020-01-01T00:00:00Z', created_before: '2100-01-01T00:00:00Z' };
    const answer = await cancel({ ...times, withdraw: true });
    expect(answer.body).toMatchObject({ matched: 3, cancelled: 3 });
    // A hint of another inbox marks the end of what was said before.
    const marker = await send({}, [admin]);
    await place(marker.ids);
    await cancel({ trigger_id: marker.triggerId, withdraw: true });
    await hinted;
    await subscriber.stop();
    expect(hints).toEqual([
      { userId: member.id, head: 4 },
      { userId: admin.id, head: 2 },
    ]);
    expect(await inboxIds()).toEqual([]);
    expect((await cancel({ ...times, withdraw: true })).body).toEqual(none);
  });

  it('reaches nothing of another organization', async () => {
    const sent = await send();
    expect((await cancel({ trigger_id: sent.triggerId }, stranger.token)).body).toEqual(none);
    expect(await stateOf(sent.ids[0] ?? '')).toBe('accepted');
  });

  it.each([
    { name: 'no selector', body: {} },
    { name: 'a category alone', body: { category: 'news' } },
    { name: 'half a time', body: { created_after: '2020-01-01T00:00:00Z' } },
    { name: 'two selectors', body: { trigger_id: newId(), template: 'build-failed' } },
    { name: 'a call and half a time', body: { trigger_id: newId(), created_before: '2020-01-01T00:00:00Z' } },
  ])('refuses $name and says what is to be named', async ({ body }) => {
    const answer = await cancel(body);
    expect(answer.body.code).toBe('request.invalid');
    expect(answer.body.errors).toContainEqual({
      pointer: '',
      detail:
        'must name exactly one of `trigger_id`, `template`, or `created_after` together with `created_before`',
    });
  });

  it('refuses a time that ends before it begins', async () => {
    const body = { created_after: '2020-01-02T00:00:00Z', created_before: '2020-01-02T00:00:00Z' };
    expect((await cancel(body)).body).toMatchObject({
      ...{ code: 'request.invalid', errors: [{ pointer: '/created_before' }] },
    });
  });

  it('is for admins and systems whose token may send', async () => {
    const sent = await send();
    const body = { trigger_id: sent.triggerId };
    expect((await cancel(body, member.token)).body.code).toBe('auth.forbidden');
    const limited = await api.makeToken(admin, ['inbox']);
    expect((await cancel(body, limited)).body.code).toBe('auth.scope_missing');
    expect((await cancel(body, await api.makeToken(system, ['send']))).status).toBe(200);
  });

  it('leaves a line in the log with who called and what it met, and nothing of the content', async () => {
    const sent = await send();
    await cancel({ trigger_id: sent.triggerId });
    const lines = api
      .logged()
      .split('\n')
      .filter((line) => line.includes(sent.triggerId));
    const line = lines.find((one) => one.includes('notifications.cancelled')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      ...{ event: 'notifications.cancelled', organizationId: admin.organizationId, callerId: admin.id },
      ...{ by: 'trigger', matched: 1, cancelled: 1, withdraw: false },
    });
    expect(line).not.toContain('secret');
  });
});
