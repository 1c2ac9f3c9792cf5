import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelKinds } from '@carillon/core';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let templateId: string;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  const categories = {
    security: { mandatory: true },
    news: { default_enabled: false, quiet_mode: 'digest' },
  };
  for (const [key, body] of Object.entries(categories)) {
    await api.ask('PUT', `/v1/categories/${key}`, { token: admin.token, body });
  }
  const rows = await runSql(
    api.databaseUrl,
    `insert into templates (id, organization_id, key, name, category, default_enabled)
     values (gen_random_uuid(), $1, 'invoice', 'Invoice', 'news', true) returning id`,
    [admin.organizationId],
  );
  templateId = String(rows[0]?.['id']);
});
afterAll(() => api.stop());

/** A new member with these preferences, and how to ask what holds for it. */
async function person(...preferences: unknown[]) {
  const actor = await api.makeUser(admin.organizationId, 'member');
  const { token } = actor;
  const ids: string[] = [];
  for (const body of preferences) {
    ids.push((await api.ask('PUT', '/v1/users/me/preferences', { token, body })).body.id);
  }
  const ask = async (query = '') =>
    (await api.ask('GET', `/v1/users/me/preferences/effective${query}`, { token })).body;
  return { ...actor, ids, ask };
}
/** The rows of one answer about one category, by channel kind. */
const byKind = (body: { data: Record<string, unknown>[] }) =>
  Object.fromEntries(body.data.map((row) => [String(row['kind']), row]));

describe('effective preferences', () => {
  it('name for each category by each kind what holds, which layer won and by which preference', async () => {
    const { ask, ids } = await person(
      { category: 'billing', enabled: false },
      { kind: 'email', enabled: true },
    );
    const { data } = await ask();
    const won = data.map((row: Record<string, unknown>) =>
      [row['category'], row['kind'], row['enabled'], row['decided_by'], row['preference_id']].join(' '),
    );
    const [billing, email] = ids;
    const others = (category: string, verdict: string) =>
      channelKinds.slice(2).map((kind) => `${category} ${kind} ${verdict}`);
    expect(won).toEqual([
      'billing inbox false preference ' + billing,
      'billing email true preference ' + email,
      ...others('billing', 'false preference ' + billing),
      'general inbox true category_default ',
      'general email true preference ' + email,
      ...others('general', 'true category_default '),
      'news inbox false category_default ',
      'news email true preference ' + email,
      ...others('news', 'false category_default '),
      'security inbox true mandatory ',
      'security email true mandatory ',
      ...others('security', 'true mandatory '),
    ]);
    expect(data.filter((row: { mandatory: boolean }) => row.mandatory)).toHaveLength(channelKinds.length);
  });

  it('hold in the environment and project that are asked for', async () => {
    const { ask, ids } = await person(
      { category: 'c', environment: 'staging', enabled: false },
      { category: 'c', environment: 'staging', project: 'shop', enabled: true },
    );
    const winner = async (query: string) =>
      byKind(await ask(`?category=c${query}`))['email']?.['preference_id'];
    expect(await winner('')).toBeNull();
    expect(await winner('&environment=staging')).toBe(ids[0]);
    expect(await winner('&environment=staging&project=shop')).toBe(ids[1]);
    expect(await winner('&environment=production&project=shop')).toBeNull();
  });

  it('of a template begin with the preference about it, then its default, in its category', async () => {
    const { ask, token } = await person();
    const before = byKind(await ask('?template=invoice'));
    expect(before['email']).toMatchObject({
      ...{ category: 'news', template_id: templateId, enabled: true, decided_by: 'template_default' },
    });
    const body = { template: 'invoice', kind: 'email', enabled: false };
    const set = await api.ask('PUT', '/v1/users/me/template-preferences', { token, body });
    const after = byKind(await ask(`?template=${templateId}`));
    expect(after['email']).toMatchObject({
      ...{ enabled: false, decided_by: 'template_preference', preference_id: set.body.id },
    });
    expect(after['inbox']).toMatchObject({ enabled: true, decided_by: 'template_default' });
    const elsewhere = byKind(await ask('?template=invoice&category=security'));
    expect(elsewhere['email']).toMatchObject({ category: 'security', enabled: true, mandatory: true });
  });

  it('name the window that governs, the mode, and whether it is quiet now', async () => {
    const always = { start: '00:00', end: '23:59', zone: 'UTC', days: null };
    const never = { start: '12:00', end: '12:00', zone: null, days: [1] };
    const { ask, ids, token } = await person(
      { kind: 'webhook', quiet_hours: never },
      { kind: 'email', category: 'news', quiet_mode: 'drop' },
    );
    const asked = { token, body: { zone: 'Asia/Tokyo' } };
    await api.ask('PATCH', '/v1/users/me', asked);
    await api.ask('PUT', '/v1/users/me/quiet-hours', { token, body: always });
    const table = byKind(await ask('?category=news'));
    expect(table['inbox']?.['quiet']).toBeNull();
    expect(table['email']?.['quiet']).toMatchObject({
      ...{ mode: 'drop', mode_preference_id: ids[1], window: always, window_preference_id: null },
    });
    expect(table['webhook']?.['quiet']).toEqual({
      ...{ mode: 'digest', mode_preference_id: null, window: { ...never, zone: 'Asia/Tokyo' } },
      ...{ window_preference_id: ids[0], quiet_now: false, until: null, decided_by: 'preference' },
    });
    const until = '2999-01-01T12:00:00.000Z';
    await api.ask('POST', '/v1/users/me/mute', { token, body: { until } });
    const muted = byKind(await ask('?category=news'));
    expect(muted['webhook']?.['quiet']).toMatchObject({ quiet_now: true, until, decided_by: 'mute' });
    const security = byKind(await ask('?category=security'));
    expect(security['webhook']?.['quiet']).toMatchObject({ quiet_now: false, decided_by: 'mandatory' });
  });

  it('are told to an admin for a user of the organization', async () => {
    const { id, ids } = await person({ category: 'billing', enabled: false });
    const path = `/v1/users/${id}/preferences/effective?category=billing`;
    const { body } = await api.ask('GET', path, { token: admin.token });
    expect(byKind(body)['email']).toMatchObject({ enabled: false, preference_id: ids[0] });
  });

  it('of a template that is unknown are refused, and the parameter is named', async () => {
    const { ask } = await person();
    expect(await ask('?template=nope')).toMatchObject({
      ...{ code: 'preference.template_unknown', errors: [{ pointer: '/query/template' }] },
    });
  });
});
