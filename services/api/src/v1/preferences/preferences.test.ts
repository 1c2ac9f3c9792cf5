import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;
let other: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  other = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
  for (const [key, body] of Object.entries({ security: { mandatory: true }, billing: {} })) {
    await api.ask('PUT', `/v1/categories/${key}`, { token: admin.token, body });
  }
});
afterAll(() => api.stop());

const path = (of: Actor | 'me', rest = '') => `/v1/users/${of === 'me' ? of : of.id}/preferences${rest}`;
const put = (of: Actor | 'me', body: unknown, token = member.token): Promise<Answer> =>
  api.ask('PUT', path(of), { token, body });
const putMany = (of: Actor | 'me', preferences: unknown[], token = member.token): Promise<Answer> =>
  api.ask('POST', path(of, '/bulk'), { token, body: { preferences } });
const list = async (of: Actor | 'me', token = member.token) =>
  (await api.ask('GET', path(of), { token })).body;

describe('setting preferences', () => {
  it('makes one, replaces that of the same part as a whole, and removes it', async () => {
    const window = { start: '22:00', end: '07:00' };
    const made = await put('me', { category: 'made', kind: 'email', enabled: false, quiet_hours: window });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      ...{ category: 'made', environment: '', project: '', kind: 'email', enabled: false, quiet_mode: null },
      quiet_hours: { ...window, zone: null, days: null },
    });
    const changed = await put('me', { category: 'made', kind: 'email', quiet_mode: 'digest' });
    expect(changed.body).toMatchObject({
      ...{ id: made.body.id, enabled: null, quiet_hours: null, quiet_mode: 'digest' },
    });
    expect((await list('me')).data).toContainEqual(changed.body);
    const asked = { token: member.token };
    expect((await api.ask('DELETE', path('me', `/${made.body.id}`), asked)).status).toBe(204);
    const again = await api.ask('DELETE', path('me', `/${made.body.id}`), asked);
    expect(again.body.code).toBe('preference.not_found');
  });

  it('keeps zones and weekdays as they were sent', async () => {
    const quiet_hours = { start: '22:00', end: '22:00', zone: 'asia/calcutta', days: [7, 1] };
    expect((await put('me', { project: 'kept', quiet_hours })).body.quiet_hours).toEqual(quiet_hours);
  });

  it('sets many in the order of the request, or none', async () => {
    const person = await api.makeUser(admin.organizationId, 'member');
    const wishes = ['b', 'a', 'c'].map((category) => ({ category, enabled: false }));
    const set = await putMany('me', wishes, person.token);
    expect(set.body.data.map((one: { category: string }) => one.category)).toEqual(['b', 'a', 'c']);
    const broken = [
      { category: 'd', enabled: true },
      { category: 'security', enabled: false },
    ];
    const refused = await putMany('me', broken, person.token);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      ...{ code: 'preference.mandatory', errors: [{ pointer: '/preferences/1/enabled' }] },
    });
    const after = (await list('me', person.token)).data.map((one: { category: string }) => one.category);
    expect(after).toEqual(['a', 'b', 'c']);
  });

  const window = { start: '22:00', end: '07:00' };
  it.each([
    {
      name: 'a mandatory category switched off',
      body: { category: 'security', enabled: false },
      refusal: { code: 'preference.mandatory', errors: [{ pointer: '/enabled' }] },
    },
    {
      name: 'one that says nothing',
      body: { category: 'billing', enabled: null },
      refusal: { code: 'preference.invalid', errors: [{ pointer: '' }] },
    },
    {
      name: 'quiet time for the inbox',
      body: { kind: 'inbox', quiet_hours: window, quiet_mode: 'drop' },
      refusal: {
        code: 'preference.invalid',
        errors: [{ pointer: '/quiet_hours' }, { pointer: '/quiet_mode' }],
      },
    },
    {
      name: 'times, a zone and weekdays that are none',
      body: { quiet_hours: { start: '7:00', end: '24:00', zone: '+02:00', days: [0, 3, 3, 8] } },
      refusal: {
        code: 'quiet_hours.invalid',
        errors: [
          { pointer: '/quiet_hours/start', detail: expect.stringContaining('07:00') },
          { pointer: '/quiet_hours/end', detail: expect.stringContaining('00:00 for midnight') },
          { pointer: '/quiet_hours/zone', detail: expect.stringContaining('Europe/Berlin') },
          { pointer: '/quiet_hours/days/0', detail: expect.stringContaining('Sunday is 7') },
          { pointer: '/quiet_hours/days/2', detail: expect.stringContaining('a second time') },
          { pointer: '/quiet_hours/days/3', detail: expect.stringContaining('from 1 (Monday) to 7') },
        ],
      },
    },
  ])('refuses $name, with the place and what would be right', async ({ body, refusal }) => {
    const refused = await put('me', body);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject(refusal);
  });

  it('lets a mandatory category be preferred on, and everything be switched off at once', async () => {
    expect((await put('me', { category: 'security', enabled: true })).status).toBe(200);
    const person = await api.makeUser(admin.organizationId, 'member');
    expect((await put('me', { enabled: false }, person.token)).status).toBe(200);
    const table = await api.ask('GET', path('me', '/effective?category=security'), { token: person.token });
    expect(table.body.data.every((row: { enabled: boolean }) => row.enabled)).toBe(true);
  });

  it('refuses the same part twice in one list, points to each place in it, and takes 100', async () => {
    const twice = await putMany('me', [{ enabled: true }, { kind: '', enabled: false }]);
    expect(twice.body).toMatchObject({ code: 'preference.invalid', errors: [{ pointer: '/preferences/1' }] });
    const many = Array.from({ length: 101 }, (_, n) => ({ category: `n${n}`, enabled: true }));
    expect((await putMany('me', many)).body.errors[0].pointer).toBe('/preferences');
    const zone = [{ quiet_hours: { start: '22:00', end: '07:00', zone: 'Mars/Olympus' } }];
    expect((await putMany('me', zone)).body.errors[0].pointer).toBe('/preferences/0/quiet_hours/zone');
  });

  it('gives a user no more than 200', async () => {
    const person = await api.makeUser(admin.organizationId, 'member');
    const batch = (from: number) =>
      Array.from({ length: 100 }, (_, n) => ({ category: `n${from + n}`, enabled: true }));
    await putMany('me', batch(0), person.token);
    expect((await putMany('me', batch(100), person.token)).status).toBe(200);
    expect((await put('me', { enabled: true }, person.token)).body.code).toBe('limit.reached');
    expect((await put('me', { category: 'n7', enabled: false }, person.token)).status).toBe(200);
  });
});

describe('preferences of others', () => {
  it('are set and removed by an admin of the organization', async () => {
    const made = await put(member, { category: 'by-admin', enabled: false }, admin.token);
    expect((await list('me')).data).toContainEqual(made.body);
    const asked = { token: admin.token };
    expect((await api.ask('DELETE', path(member, `/${made.body.id}`), asked)).status).toBe(204);
  });

  it.each([
    { name: 'a member', token: () => other.token },
    { name: 'an admin of another organization', token: () => stranger.token },
  ])('are out of reach for $name', async ({ token }) => {
    const made = await put('me', { category: 'mine', enabled: false });
    const asked = { token: token() };
    const window = { start: '22:00', end: '07:00' };
    const calls = [
      () => api.ask('GET', path(member), asked),
      () => put(member, { enabled: false }, token()),
      () => putMany(member, [{ enabled: false }], token()),
      () => api.ask('DELETE', path(member, `/${made.body.id}`), asked),
      () => api.ask('GET', path(member, '/effective'), asked),
      () =>
        api.ask('PUT', `/v1/users/${member.id}/template-preferences`, {
          ...{ ...asked, body: { template: 'x', enabled: false } },
        }),
      () => api.ask('GET', `/v1/users/${member.id}/quiet-hours`, asked),
      () => api.ask('PUT', `/v1/users/${member.id}/quiet-hours`, { ...asked, body: window }),
      () => api.ask('DELETE', `/v1/users/${member.id}/quiet-hours`, asked),
      () =>
        api.ask('POST', `/v1/users/${member.id}/mute`, { ...asked, body: { until: '2999-01-01T00:00:00Z' } }),
      () => api.ask('DELETE', `/v1/users/${member.id}/mute`, asked),
    ];
    for (const call of calls) expect((await call()).body.code).toBe('user.not_found');
    const own = await api.ask('DELETE', path('me', `/${made.body.id}`), asked);
    expect(own.body.code).toBe('preference.not_found');
    expect((await list('me')).data).toContainEqual(made.body);
  });

  it("need more than the scope preferences, which does for one's own", async () => {
    const token = await api.makeToken(admin, ['preferences']);
    expect((await put('me', { enabled: true }, token)).status).toBe(200);
    expect((await put(member, { enabled: true }, token)).body.code).toBe('auth.scope_missing');
  });
});

describe('preferences about templates', () => {
  const of = (rest = '') => `/v1/users/me/template-preferences${rest}`;
  const set = (body: unknown): Promise<Answer> => api.ask('PUT', of(), { token: member.token, body });
  let invoiceId: string;
  beforeAll(async () => {
    const insert = async (key: string, category: string, mandatory: boolean) => {
      const rows = await runSql(
        api.databaseUrl,
        `insert into templates (id, organization_id, key, name, category, mandatory)
         values (gen_random_uuid(), '${admin.organizationId}', '${key}', '${key}', '${category}', ${mandatory})
         returning id`,
      );
      return String(rows[0]?.['id']);
    };
    invoiceId = await insert('invoice', 'billing', false);
    await insert('alarm', 'billing', true);
    await insert('sign-in', 'security', false);
  });

  it('are set by key and by id, shown with the key, and removed', async () => {
    const made = await set({ template: 'invoice', kind: 'email', enabled: false });
    expect(made.body).toMatchObject({ template_id: invoiceId, template_key: 'invoice', kind: 'email' });
    const changed = await set({ template: invoiceId, kind: 'email', enabled: true });
    expect(changed.body).toMatchObject({ id: made.body.id, enabled: true });
    expect((await list('me')).template_preferences).toEqual([changed.body]);
    const asked = { token: member.token };
    expect((await api.ask('DELETE', of(`/${made.body.id}`), asked)).status).toBe(204);
    const again = await api.ask('DELETE', of(`/${made.body.id}`), asked);
    expect(again.body.code).toBe('preference.not_found');
  });

  it.each(['alarm', 'sign-in'])('refuse to switch off what is mandatory (%s)', async (template) => {
    const refused = await set({ template, enabled: false });
    expect(refused.body).toMatchObject({ code: 'preference.mandatory', errors: [{ pointer: '/enabled' }] });
    expect((await set({ template, enabled: true })).status).toBe(200);
  });

  it("refuse a template that is unknown, and another organization's", async () => {
    for (const template of ['nope', '01981c5e-8f00-7000-8000-0000000000ff']) {
      const refused = await set({ template, enabled: false });
      expect(refused.body).toMatchObject({
        ...{ code: 'preference.template_unknown', errors: [{ pointer: '/template' }] },
      });
    }
    const body = { template: invoiceId, enabled: false };
    const foreign = await api.ask('PUT', of(), { token: stranger.token, body });
    expect(foreign.body.code).toBe('preference.template_unknown');
  });
});
