import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
});
afterAll(() => api.stop());

const path = (of: Actor | 'me', verb = 'quiet-hours') => `/v1/users/${of === 'me' ? of : of.id}/${verb}`;
const get = (of: Actor | 'me' = 'me', token = member.token) => api.ask('GET', path(of), { token });
const set = (body: unknown, of: Actor | 'me' = 'me', token = member.token): Promise<Answer> =>
  api.ask('PUT', path(of), { token, body });
const mute = (until: string, of: Actor | 'me' = 'me', token = member.token): Promise<Answer> =>
  api.ask('POST', path(of, 'mute'), { token, body: { until } });

const window = { start: '22:00', end: '07:00', zone: 'Asia/Calcutta', days: [5, 6] };
const nothing = {
  ...{ start: null, end: null, zone: null, days: null, urgent_passes: true, muted_until: null },
};

describe('quiet hours', () => {
  it('are none until they are set', async () => {
    const person = await api.makeUser(admin.organizationId, 'member');
    expect((await get('me', person.token)).body).toEqual({ ...nothing, updated_at: null });
  });

  it('are set as sent, replaced as a whole, and removed', async () => {
    const made = await set({ ...window, urgent_passes: false });
    expect(made.body).toMatchObject({ ...window, urgent_passes: false, muted_until: null });
    expect((await get()).body).toEqual(made.body);
    const replaced = await set({ start: '21:00', end: '06:30' });
    expect(replaced.body).toMatchObject({ ...nothing, start: '21:00', end: '06:30' });
    expect((await api.ask('DELETE', path('me'), { token: member.token })).status).toBe(204);
    expect((await get()).body).toMatchObject(nothing);
    expect((await api.ask('DELETE', path('me'), { token: member.token })).status).toBe(204);
  });

  it.each([
    { body: { ...window, start: '25:00' }, pointer: '/start', detail: '22:00' },
    { body: { ...window, end: '7:00' }, pointer: '/end', detail: '07:00' },
    { body: { ...window, zone: 'Mars/Olympus' }, pointer: '/zone', detail: 'Europe/Berlin' },
    { body: { ...window, zone: '+01:00' }, pointer: '/zone', detail: 'daylight saving' },
    { body: { ...window, days: [] }, pointer: '/days', detail: 'leave days out' },
    { body: { ...window, days: [1, 9] }, pointer: '/days/1', detail: 'from 1 (Monday) to 7 (Sunday)' },
  ])('refuse $body with 422 and say what would be right', async ({ body, pointer, detail }) => {
    const refused = await set(body);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      ...{ code: 'quiet_hours.invalid', errors: [{ pointer, detail: expect.stringContaining(detail) }] },
    });
    expect((await get()).body).toMatchObject(nothing);
  });

  it('refuse a window with one time only', async () => {
    expect((await set({ start: '22:00' })).body).toMatchObject({
      ...{ code: 'request.invalid', errors: [{ pointer: '/end' }] },
    });
  });

  it('are set by an admin for a user of the organization', async () => {
    expect((await set(window, member, admin.token)).body).toMatchObject(window);
    expect((await get()).body).toMatchObject(window);
  });
});

describe('mute', () => {
  it('lasts until its end or until it is ended, and leaves the window', async () => {
    await set(window);
    const until = '2999-01-01T00:00:00.000Z';
    expect((await mute(until)).body).toMatchObject({ ...window, muted_until: until });
    expect((await set({ ...window, end: '08:00' })).body.muted_until).toBe(until);
    await api.ask('DELETE', path('me'), { token: member.token });
    expect((await get()).body).toMatchObject({ ...nothing, muted_until: until });
    expect((await api.ask('DELETE', path('me', 'mute'), { token: member.token })).status).toBe(204);
    expect((await get()).body.muted_until).toBeNull();
    expect((await api.ask('DELETE', path('me', 'mute'), { token: member.token })).status).toBe(204);
  });

  it('is refused when it would be over already', async () => {
    const refused = await mute('2001-01-01T00:00:00Z');
    expect(refused.body).toMatchObject({ code: 'mute.past', errors: [{ pointer: '/until' }] });
    expect((await mute('tomorrow')).body).toMatchObject({
      ...{ code: 'request.invalid', errors: [{ pointer: '/until' }] },
    });
    expect((await get()).body.muted_until).toBeNull();
  });

  it('is set by an admin, and the log names who did it and to whom', async () => {
    expect((await mute('2999-01-01T00:00:00Z', member, admin.token)).status).toBe(200);
    const lines = api
      .logged()
      .split('\n')
      .filter((line) => line.includes('user.muted'));
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ userId: member.id, callerId: admin.id });
  });
});

describe('a change over the API', () => {
  it('moves what is held at once, in the same transaction', async () => {
    const hold = () =>
      runSql(
        api.databaseUrl,
        `with made as (
           insert into notifications (id, organization_id, number, trigger_id, recipient_id, title)
           values (gen_random_uuid(), $1, floor(random() * 1e9), gen_random_uuid(), $2, 'Held')
           returning id, organization_id, recipient_id)
         insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, reason,
           not_before, scan_after)
         select gen_random_uuid(), organization_id, id, recipient_id, 'null', gen_random_uuid(), 'quiet_hours',
           carillon_now() + interval '9 hours', carillon_now() + interval '9 hours' from made`,
        [member.organizationId, member.id],
      );
    const held = async () => {
      const rows = await runSql(
        api.databaseUrl,
        `select count(*)::int as held from deliveries where recipient_id = $1 and not_before > carillon_now()`,
        [member.id],
      );
      return rows[0]?.['held'];
    };
    const asked = { token: member.token };
    const zone = { ...asked, body: { zone: 'Pacific/Apia' } };
    const row = { ...asked, body: { category: 'x', enabled: false } };
    for (const change of [
      () => set(window),
      () => api.ask('DELETE', path('me', 'mute'), asked),
      () => api.ask('PATCH', '/v1/users/me', zone),
      () => api.ask('PUT', '/v1/users/me/preferences', row),
      () => api.ask('PUT', '/v1/categories/general', { token: admin.token, body: { quiet_mode: 'off' } }),
    ]) {
      await hold();
      expect(await held()).toBe(1);
      expect((await change()).status).toBeLessThan(300);
      expect(await held()).toBe(0);
    }
    await hold();
    expect((await set({ ...window, zone: 'Mars/Olympus' })).status).toBe(422);
    expect(await held()).toBe(1);
  });
});
