import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setOcoreStage, type OcoreStage } from '../../../test/ocore-stage.ts';
import type { Actor } from '../../../test/test-api.ts';
import type { OcorePreference } from './preference-rows.ts';

const path = '/api/notifications/preferences';
let stage: OcoreStage;
let person: Actor;

beforeAll(async () => {
  stage = await setOcoreStage();
});
beforeEach(async () => {
  person = await stage.makeUser('member');
});
afterAll(() => stage.stop());

const put = (preferences: unknown) => stage.ask('PUT', path, { token: person.token, body: { preferences } });
const rows = async (): Promise<OcorePreference[]> =>
  (await stage.ask('GET', path, { token: person.token })).body;
const v1 = (method: 'PUT' | 'GET', rest = '', body?: unknown) =>
  stage.api.ask(method, `/v1/users/me/preferences${rest}`, { token: person.token, body });

/** Without what a database makes. */
async function shown(): Promise<Partial<OcorePreference>[]> {
  return (await rows()).map(({ id: _id, createdAt: _created, updatedAt: _updated, ...rest }) => rest);
}
const unset = { environmentId: '', projectId: '', quietStart: '', quietEnd: '', timezone: '', enabled: true };

describe('setting preferences', () => {
  it('answers all of them as a later GET does, and texts for what is not set', async () => {
    await put([{ category: 'billing', enabled: false }]);
    const answered = await put([{ category: '*' }]);
    expect(answered.status).toBe(200);
    expect(answered.body).toEqual(await rows());
    expect(await shown()).toEqual([
      { ...unset, category: '*' },
      { ...unset, category: 'billing', enabled: false },
    ]);
  });

  it('tells rows apart by category, environment and project', async () => {
    const parts = [
      { category: 'c' },
      { category: 'c', environmentId: 'e' },
      { category: 'c', environmentId: 'e', projectId: 'p' },
      { category: 'c', projectId: 'p' },
      { category: '*', projectId: 'p' },
    ];
    await put(parts);
    const ids = new Set((await rows()).map(({ id }) => id));
    expect(ids.size).toBe(5);
    await put(parts.map((part) => ({ ...part, enabled: false })));
    const after = await rows();
    expect(new Set(after.map(({ id }) => id))).toEqual(ids);
    expect(after.every(({ enabled }) => !enabled)).toBe(true);
  });

  it('leaves what is not named, and rows that do not change untouched', async () => {
    const window = { quietStart: '22:00', quietEnd: '07:00', timezone: 'Europe/Berlin' };
    await put([{ category: 'a', ...window }, { category: 'b' }]);
    const [, before] = await rows();
    await put([
      { category: 'a', enabled: false },
      { category: 'b', enabled: true },
    ]);
    const [changed, after] = await rows();
    expect(changed).toMatchObject({ category: 'a', enabled: false, ...window });
    expect(after).toEqual(before);
  });

  it.each(['Asia/Kolkata', 'Asia/Calcutta', 'UTC', 'europe/berlin', 'America/Argentina/Buenos_Aires'])(
    'gives the zone %s back as it was sent, with quiet hours and without',
    async (timezone) => {
      await put([
        { category: 'a', timezone },
        { category: 'b', timezone, quietStart: '01:00', quietEnd: '02:00' },
      ]);
      expect((await rows()).map((row) => row.timezone)).toEqual([timezone, timezone]);
      await put([
        { category: 'b', quietStart: '', quietEnd: '' },
        { category: 'a', quietStart: '01:00', quietEnd: '02:00' },
      ]);
      expect((await rows()).map((row) => row.timezone)).toEqual([timezone, timezone]);
      await put([{ category: 'a', timezone: '' }]);
      expect((await rows())[0]?.timezone).toBe('');
    },
  );

  it('takes equal times, which switch broader quiet hours off', async () => {
    expect((await put([{ category: 'a', quietStart: '00:00', quietEnd: '00:00' }])).status).toBe(200);
    expect(await shown()).toEqual([{ ...unset, category: 'a', quietStart: '00:00', quietEnd: '00:00' }]);
  });

  it('takes one end of quiet hours where the other is known', async () => {
    await put([{ category: 'a', quietStart: '22:00', quietEnd: '07:00' }]);
    expect((await put([{ category: 'a', quietEnd: '08:00' }])).body[0].quietEnd).toBe('08:00');
    const half = await put([{ category: 'a', quietEnd: '' }]);
    expect(half.status).toBe(400);
    expect(half.body.message).toMatch(/^preferences\[0\]\.quietEnd: must be a time too/);
  });

  it.each([
    { name: 'a row that is no object', row: 7, place: 'preferences[1]' },
    { name: 'no category', row: {}, place: 'preferences[1].category' },
    { name: 'an empty category', row: { category: '' }, place: 'preferences[1].category' },
    { name: 'a long category', row: { category: 'x'.repeat(101) }, place: 'preferences[1].category' },
    {
      name: 'a long environment',
      row: { category: 'x', environmentId: 'x'.repeat(101) },
      place: 'preferences[1].environmentId',
    },
    {
      name: 'a project that is no text',
      row: { category: 'x', projectId: null },
      place: 'preferences[1].projectId',
    },
    {
      name: 'a switch that is a text',
      row: { category: 'x', enabled: 'false' },
      place: 'preferences[1].enabled',
    },
    {
      name: 'the hour 24',
      row: { category: 'x', quietStart: '24:00', quietEnd: '07:00' },
      place: 'preferences[1].quietStart',
    },
    {
      name: 'a time of one digit',
      row: { category: 'x', quietStart: '22:00', quietEnd: '7:00' },
      place: 'preferences[1].quietEnd',
    },
    {
      name: 'a start without an end',
      row: { category: 'x', quietStart: '22:00' },
      place: 'preferences[1].quietEnd',
    },
    {
      name: 'an end without a start',
      row: { category: 'x', quietEnd: '07:00' },
      place: 'preferences[1].quietStart',
    },
    {
      name: 'a zone that does not exist',
      row: { category: 'x', timezone: 'Mars/Olympus' },
      place: 'preferences[1].timezone',
    },
    {
      name: 'an offset for a zone',
      row: { category: 'x', timezone: '+02:00' },
      place: 'preferences[1].timezone',
    },
  ])('refuses $name, names it, and stores nothing', async ({ row, place }) => {
    const refused = await put([{ category: 'kept', enabled: false }, row]);
    expect(refused.status).toBe(400);
    expect(refused.body.message.split(': ')[0]).toBe(place);
    expect(await rows()).toEqual([]);
  });

  it.each([undefined, null, {}, 'all', Array(201).fill({ category: 'a' })])(
    'refuses what is no list of 200 at most (%#)',
    async (preferences) => {
      expect(await put(preferences)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    },
  );

  it('refuses what would be more than 200 rows, and stores none of it', async () => {
    await put(Array.from({ length: 200 }, (_, index) => ({ category: `c${index}` })));
    expect(await put([{ category: 'c0', enabled: false }, { category: 'one-more' }])).toMatchObject({
      ...{ status: 409, body: { code: 'limit.reached' } },
    });
    const stored = await rows();
    expect(stored).toHaveLength(200);
    expect(stored.every(({ enabled }) => enabled)).toBe(true);
  });

  it('loses none of two changes at once, and makes no row twice', async () => {
    await Promise.all([
      ...Array.from({ length: 8 }, () => put([{ category: 'same', quietStart: '22:00', quietEnd: '07:00' }])),
      ...Array.from({ length: 8 }, () => put([{ category: 'same', enabled: false }])),
    ]);
    expect(await shown()).toEqual([
      { ...unset, category: 'same', enabled: false, quietStart: '22:00', quietEnd: '07:00' },
    ]);
  });

  it('takes back a row of a category that became mandatory meanwhile', async () => {
    const { token } = stage.admin;
    await stage.api.ask('PUT', '/v1/categories/late', { token, body: {} });
    await put([{ category: 'late', enabled: false }]);
    await stage.api.ask('PUT', '/v1/categories/late', { token, body: { mandatory: true } });
    const answered = await put([...(await rows()), { category: 'other' }]);
    expect(answered.status).toBe(200);
    expect(answered.body).toHaveLength(2);
  });

  it('belongs to the caller alone', async () => {
    await put([{ category: 'mine' }]);
    for (const { token } of [stage.member, stage.admin, stage.stranger]) {
      expect((await stage.ask('GET', path, { token })).body).toEqual([]);
    }
  });
});

describe('preferences that were set through /v1', () => {
  it('are shown where they are for all channel kinds', async () => {
    await v1('PUT', '', { category: 'a', kind: 'email', enabled: false });
    await v1('PUT', '', { category: '*', enabled: false });
    await v1('PUT', '', { category: 'a', enabled: false });
    expect(await shown()).toEqual([{ ...unset, category: 'a', enabled: false }]);
  });

  it('that leave it open whether something is wanted are shown as the next broader one has it', async () => {
    const quiet_hours = { start: '22:00', end: '07:00' };
    await v1('PUT', '', { environment: 'staging', enabled: false });
    await v1('PUT', '', { category: 'a', environment: 'staging', quiet_hours });
    await v1('PUT', '', { category: 'a', quiet_hours });
    expect((await rows()).map(({ enabled }) => enabled)).toEqual([false, true, false]);
  });

  it('keep weekdays and mode through a change of something else, and lose the weekdays with the times', async () => {
    const quiet_hours = { start: '22:00', end: '07:00', days: [1, 2] };
    await v1('PUT', '', { category: 'a', quiet_hours, quiet_mode: 'digest' });
    await put([{ category: 'a', timezone: 'UTC' }]);
    const [kept] = (await v1('GET')).body.data;
    expect(kept).toMatchObject({
      enabled: null,
      quiet_mode: 'digest',
      quiet_hours: { ...quiet_hours, zone: 'UTC' },
    });
    await put([{ category: 'a', quietStart: '23:00' }]);
    const [everyDay] = (await v1('GET')).body.data;
    expect(everyDay).toMatchObject({ quiet_mode: 'digest', quiet_hours: { start: '23:00', days: null } });
  });

  it('that only carried quiet hours and lose them are on', async () => {
    await v1('PUT', '', { category: 'a', quiet_hours: { start: '22:00', end: '07:00' } });
    expect((await put([{ category: 'a', quietStart: '', quietEnd: '' }])).status).toBe(200);
    expect((await v1('GET')).body.data).toMatchObject([{ enabled: true, quiet_hours: null }]);
  });
});

describe('what is set', () => {
  it('decides what is delivered, and when it is quiet', async () => {
    await put([
      { category: '*', quietStart: '00:00', quietEnd: '23:59', timezone: 'UTC' },
      { category: 'billing', enabled: false, environmentId: 'production' },
      { category: 'billing', quietStart: '12:00', quietEnd: '12:00' },
    ]);
    const effective = async (query: string) => {
      const { data } = (await v1('GET', `/effective?category=${query}`)).body;
      const of = (kind: string) => data.find((row: { kind: string }) => row.kind === kind);
      return { inbox: of('inbox').enabled, mail: of('email').enabled, window: of('email').quiet.window };
    };
    const all = { start: '00:00', end: '23:59', zone: 'UTC', days: null };
    const off = { start: '12:00', end: '12:00', zone: 'UTC', days: null };
    expect(await effective('other')).toEqual({ inbox: true, mail: true, window: all });
    expect(await effective('billing')).toEqual({ inbox: true, mail: true, window: off });
    expect(await effective('billing&environment=production')).toEqual({
      inbox: false,
      mail: false,
      window: off,
    });
  });
});
