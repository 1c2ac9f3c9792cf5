import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();

let api: TestApi;
let admin: Actor;
let system: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  system = await api.makeUser(organizationId, 'system');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const triedFirst = newId();

/** A delivery as a worker would have left it. */
async function insertDelivery(of: Actor, fields: { notificationId?: string; state?: string } = {}) {
  const id = newId();
  await runSql(
    api.databaseUrl,
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state, attempts_made)
     values ($1, $2, $3, $4, 'null', $5, $6, 2)`,
    [id, of.organizationId, fields.notificationId ?? newId(), of.id, newId(), fields.state ?? 'sent'],
  );
  await runSql(
    api.databaseUrl,
    `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code, channel_id)
     values ($1, 1, $2, carillon_now(), 'retry', $3, 503, $4), ($1, 2, $2, carillon_now(), 'sent', null, 204, null)`,
    [id, of.organizationId, 'busy '.repeat(1_000), triedFirst],
  );
  return id;
}

const ask = (path: string, token = admin.token): Promise<Answer> => api.ask('GET', path, { token });
const ids = (answer: Answer): string[] => answer.body.data.map((one: { id: string }) => one.id);

describe('GET /v1/deliveries', () => {
  it('lists newest first and goes both ways', async () => {
    const fresh = await api.makeUser(await api.makeOrganization(), 'admin');
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift(await insertDelivery(fresh));
    const first = await ask('/v1/deliveries?limit=2', fresh.token);
    const second = await ask(`/v1/deliveries?limit=2&cursor=${first.body.next_cursor}`, fresh.token);
    const third = await ask(`/v1/deliveries?limit=2&cursor=${second.body.next_cursor}`, fresh.token);
    expect([first, second, third].flatMap(ids)).toEqual(made);
    expect(third.body.next_cursor).toBeNull();
    const back = await ask(`/v1/deliveries?limit=2&cursor=${third.body.prev_cursor}`, fresh.token);
    expect(ids(back)).toEqual(ids(second));
  });

  it('lists those of a notification, of a state, and of a kind', async () => {
    const notificationId = newId();
    const dead = await insertDelivery(admin, { notificationId, state: 'dead' });
    expect(ids(await ask(`/v1/deliveries?notification_id=${notificationId}`))).toEqual([dead]);
    expect(ids(await ask('/v1/deliveries?state=dead&kind=null'))).toEqual([dead]);
    expect(ids(await ask('/v1/deliveries?kind=email'))).toEqual([]);
  });

  it('shows a delivery and its tries to admins and systems, cutting what a receiver said too long', async () => {
    const id = await insertDelivery(admin);
    const shown = await ask(`/v1/deliveries/${id}`, system.token);
    expect(shown.body).toMatchObject({ id, state: 'sent', attempts_made: 2 });
    const { body } = await ask(`/v1/deliveries/${id}/attempts`, system.token);
    expect(body.data).toMatchObject([
      { number: 1, outcome: 'retry', status_code: 503, channel_id: triedFirst },
      { number: 2, outcome: 'sent', reason: null, status_code: 204, channel_id: null },
    ]);
    expect(body.data[0].reason).toHaveLength(2_048);
  });

  it('does not show those of another organization', async () => {
    const id = await insertDelivery(admin);
    for (const path of [`/v1/deliveries/${id}`, `/v1/deliveries/${id}/attempts`]) {
      expect((await ask(path, stranger.token)).body.code).toBe('delivery.not_found');
    }
    expect(ids(await ask('/v1/deliveries', stranger.token))).toEqual([]);
  });
});

describe('PUT /v1/paused', () => {
  const put = (body: unknown, token = admin.token) => api.ask('PUT', '/v1/paused', { token, body });
  const running = { paused: false, paused_at: null, channels: [] };

  it('pauses and resumes the own organization, keeping since when it is paused', async () => {
    expect((await ask('/v1/paused')).body).toEqual(running);
    const first = await put({ paused: true });
    expect(first.body.paused).toBe(true);
    expect((await put({ paused: true })).body).toEqual(first.body);
    expect((await ask('/v1/paused', stranger.token)).body.paused).toBe(false);
    expect((await put({ paused: false })).body).toEqual(running);
  });

  it('pauses and resumes channel kinds beside it, each left alone where it is not named', async () => {
    expect((await put({ channels: ['email', 'webhook'] })).body).toEqual({
      ...{ ...running, channels: ['email', 'webhook'] },
    });
    expect((await put({ paused: true })).body).toMatchObject({
      paused: true,
      channels: ['email', 'webhook'],
    });
    expect((await put({ channels: ['email'] })).body).toMatchObject({ paused: true, channels: ['email'] });
    expect((await ask('/v1/paused', stranger.token)).body).toEqual(running);
    expect((await put({ paused: false, channels: [] })).body).toEqual(running);
    const line =
      api
        .logged()
        .split('\n')
        .find((one) => one.includes('organization.kinds_paused')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ callerId: admin.id, kinds: ['email', 'webhook'] });
  });

  it.each([
    { name: 'nothing', body: {}, pointer: '' },
    { name: 'the inbox', body: { channels: ['inbox'] }, pointer: '/channels/0' },
    { name: 'a kind twice', body: { channels: ['email', 'email'] }, pointer: '/channels' },
    { name: 'a kind that does not exist', body: { channels: ['pigeon'] }, pointer: '/channels/0' },
  ])('refuses $name', async ({ body, pointer }) => {
    expect((await put(body)).body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('is for admins', async () => {
    expect((await put({ channels: ['email'] }, system.token)).body.code).toBe('auth.forbidden');
  });
});
