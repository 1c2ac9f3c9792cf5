import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();

let api: TestApi;
let admin: Actor;
let system: Actor;
let member: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  system = await api.makeUser(organizationId, 'system');
  member = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const message = {
  ...{ title: 'Build 7 failed', text: 'See the log.', html: '<p>See the log.</p>' },
  notification: { id: newId(), title: 'Build 7 failed', data: { build: 7 } },
};

/** A delivery as a worker would have left it; `set` changes its notification. */
async function make(state: string, options: { set?: string; kept?: unknown; attempts?: number } = {}) {
  const body = { to: [member.id], title: 'secret' };
  const { body: created } = await api.ask('POST', '/v1/notifications', { token: admin.token, body });
  const notificationId: string = created.notifications[0].id;
  const id = newId();
  const kept = options.kept === undefined ? null : JSON.stringify(options.kept);
  await runSql(
    api.databaseUrl,
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state,
       attempts_made, message, settled_at)
     values ($1, $2, $3, $4, 'email', $1, $5, $6, $7, case when $5 not in ('pending', 'sending') then carillon_now() end)`,
    [id, admin.organizationId, notificationId, member.id, state, options.attempts ?? 3, kept],
  );
  if (options.set !== undefined) {
    await runSql(api.databaseUrl, `update notifications set ${options.set} where id = $1`, [notificationId]);
  }
  return id;
}

const contentOf = (id: string, token = admin.token): Promise<Answer> =>
  api.ask('GET', `/v1/deliveries/${id}/content`, { token });
const retry = (id: string, body: unknown = {}, token = admin.token): Promise<Answer> =>
  api.ask('POST', `/v1/deliveries/${id}/retry`, { token, body });
const storedOf = async (id: string) =>
  (await runSql(api.databaseUrl, 'select * from deliveries where id = $1', [id]))[0];

describe('GET /v1/deliveries/{id}/content', () => {
  it('shows admins and systems the message as it was sent, and lets nobody keep it', async () => {
    const id = await make('sent', { kept: message });
    for (const token of [admin.token, system.token]) {
      const answer = await contentOf(id, token);
      expect(answer.body).toEqual({ delivery_id: id, ...message });
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it.each([
    { name: 'not begun', state: 'pending', attempts: 0, code: 'delivery.not_rendered' },
    { name: 'of a kind that sends no message', state: 'sent', attempts: 1, code: 'delivery.not_rendered' },
    { name: 'suppressed', state: 'suppressed', attempts: 0, code: 'delivery.not_rendered' },
    { name: 'cancelled', state: 'cancelled', attempts: 1, code: 'delivery.content_removed' },
    { name: 'expired', state: 'expired', attempts: 1, code: 'delivery.content_removed' },
  ])('says why there is none of a delivery that is $name', async ({ state, attempts, code }) => {
    const answer = await contentOf(await make(state, { attempts }));
    expect(answer).toMatchObject({ status: 404, body: { code } });
  });

  it('says that it went with its notification', async () => {
    const id = await make('sent', { set: 'deleted_at = carillon_now()' });
    expect((await contentOf(id)).body.code).toBe('delivery.content_removed');
  });

  it('is there for nobody else', async () => {
    const id = await make('sent', { kept: message });
    expect((await contentOf(id, stranger.token)).body.code).toBe('delivery.not_found');
    expect((await contentOf(id, member.token)).body.code).toBe('auth.forbidden');
    expect((await contentOf(newId())).body.code).toBe('delivery.not_found');
  });
});

describe('POST /v1/deliveries/{id}/retry', () => {
  it('makes a dead delivery due now, with its message, and counts its tries onward', async () => {
    const id = await make('dead', { kept: message });
    const answer = await retry(id);
    expect(answer).toMatchObject({
      ...{ status: 200, body: { id, state: 'pending', reason: null, settled_at: null, attempts_made: 3 } },
    });
    expect(await storedOf(id)).toMatchObject({ attempts_before_replay: 3, past_expiry: false, message });
  });

  it('wants to be told that an unknown one may arrive twice', async () => {
    const id = await make('unknown');
    const refused = await retry(id);
    expect(refused).toMatchObject({
      ...{ status: 409, body: { code: 'delivery.confirmation_required', errors: [{ pointer: '/confirm' }] } },
    });
    expect((await retry(id, { confirm: true })).body.state).toBe('pending');
  });

  it.each([
    { name: 'that ended as expired', state: 'expired', set: 'expired_at = carillon_now()' },
    {
      name: 'whose notification has expired',
      state: 'dead',
      set: "expires_at = carillon_now() - interval '1 s'",
    },
  ])('sends one $name only to who says so', async ({ state, set }) => {
    const id = await make(state, { set });
    const refused = await retry(id);
    expect(refused).toMatchObject({
      ...{ status: 409, body: { code: 'delivery.expired', errors: [{ pointer: '/include_expired' }] } },
    });
    expect((await retry(id, { include_expired: true })).body.state).toBe('pending');
    expect(await storedOf(id)).toMatchObject({ past_expiry: true });
  });

  it.each(['pending', 'sending', 'sent', 'suppressed', 'cancelled', 'digested'])(
    'refuses one that is %s, and says why',
    async (state) => {
      const id = await make(state);
      const refused = await retry(id, { confirm: true, include_expired: true });
      expect(refused).toMatchObject({ status: 409, body: { code: 'delivery.not_retryable' } });
      expect((await storedOf(id))?.['state']).toBe(state);
    },
  );

  it.each(['deleted_at', 'cancelled_at'])('refuses one whose notification has %s', async (column) => {
    const id = await make('dead', { set: `${column} = carillon_now()` });
    expect((await retry(id, { include_expired: true })).body.code).toBe('delivery.not_retryable');
  });

  it('with the same Idempotency-Key tries once, however often it is asked', async () => {
    const id = await make('dead');
    const headers = { 'Idempotency-Key': newId() };
    const ask = () =>
      api.ask('POST', `/v1/deliveries/${id}/retry`, { token: admin.token, body: {}, headers });
    expect((await ask()).body.state).toBe('pending');
    await runSql(api.databaseUrl, "update deliveries set state = 'dead' where id = $1", [id]);
    const again = await ask();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body.state).toBe('dead');
  });

  it('of two at once lets one through', async () => {
    const id = await make('dead');
    const statuses = (await Promise.all([retry(id), retry(id)])).map((one) => one.status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('is for admins of the organization, with the scope for it', async () => {
    const id = await make('dead');
    for (const token of [system.token, member.token]) {
      expect((await retry(id, {}, token)).body.code).toBe('auth.forbidden');
    }
    expect((await retry(id, {}, await api.makeToken(admin, ['send']))).body.code).toBe('auth.scope_missing');
    expect((await retry(id, {}, stranger.token)).body.code).toBe('delivery.not_found');
    expect((await storedOf(id))?.['state']).toBe('dead');
  });

  it('leaves a line in the log with who asked', async () => {
    const id = await make('dead');
    await retry(id);
    const line =
      api
        .logged()
        .split('\n')
        .find((one) => one.includes(id) && one.includes('replayed')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      ...{ event: 'delivery.replayed', deliveryId: id, callerId: admin.id, attemptsMade: 3 },
    });
  });
});
