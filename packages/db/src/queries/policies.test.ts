import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, UserId } from '@carillon/core';
import { makeOrganization, makeUser, newId, openTestStore, type TestStore } from '../../test/store.ts';
import { loadPolicies } from './policies.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

describe('loading policies', () => {
  it('answers what a user without any row is held to', async () => {
    const user = await makeUser(store.db, organizationId);
    const { users, categories } = await loadPolicies(store.db, [user]);
    expect([...users]).toEqual([
      [
        user,
        {
          ...{
            organizationId,
            rows: [],
            templateRows: [],
            window: undefined,
            version: 0,
            urgentPasses: true,
          },
          ...{ muteUntil: undefined, zone: 'UTC', organizationZone: 'UTC' },
          ...{ locale: undefined, organizationLocale: 'en' },
        },
      ],
    ]);
    expect([...categories]).toEqual([]);
  });

  it('answers every row of many users, each with its own', async () => {
    const people: UserId[] = [];
    for (let n = 0; n < 5; n += 1)
      people.push(await makeUser(store.db, organizationId, { zone: 'Asia/Tokyo' }));
    await store.rows(
      `insert into preferences (id, organization_id, user_id, category, kind, enabled, window_start, window_end, days, mode)
       select gen_random_uuid(), $1, u, 'c' || n, 'email', n = 1, '22:00', '07:00', '{1,5}', 'digest'
       from unnest($2::uuid[]) as u, generate_series(1, 3) as n`,
      [organizationId, people.slice(0, 4)],
    );
    const templateId = newId<string>();
    await store.rows(
      `insert into template_preferences (id, organization_id, user_id, template_id, enabled)
       select gen_random_uuid(), $1, u, $3, false from unnest($2::uuid[]) as u`,
      [organizationId, people.slice(1), templateId],
    );
    const { users } = await loadPolicies(store.db, [...people, ...people, newId()]);
    expect(people.map((id) => [users.get(id)?.rows.length, users.get(id)?.templateRows.length])).toEqual([
      ...[[3, 0], [3, 1], [3, 1], [3, 1], [0, 1]], // prettier-ignore
    ]);
    expect(users.size).toBe(5);
    expect(users.get(people[1] as UserId)?.rows.find((row) => row.category === 'c1')).toEqual({
      ...{ id: expect.any(String), category: 'c1', environment: '', project: '', kind: 'email' },
      ...{ enabled: true, mode: 'digest' },
      window: { start: '22:00', end: '07:00', zone: 'Asia/Tokyo', days: [1, 5] },
    });
    expect(users.get(people[4] as UserId)?.templateRows[0]).toEqual({
      ...{ id: expect.any(String), templateId, kind: '', enabled: false },
    });
  });

  it.each([
    { name: 'its own zone', own: 'Asia/Tokyo', user: 'Europe/Berlin', zone: 'Asia/Tokyo' },
    { name: "the user's zone", own: null, user: 'Europe/Berlin', zone: 'Europe/Berlin' },
    { name: "the organization's zone", own: null, user: null, zone: 'America/New_York' },
    { name: 'a zone nobody knows, as it is stored', own: 'Mars/Olympus', user: null, zone: 'Mars/Olympus' },
  ])('means a window in $name', async ({ own, user, zone }) => {
    const abroad = await makeOrganization(store.db);
    await store.rows("update organizations set zone = 'America/New_York' where id = $1", [abroad]);
    const id = await makeUser(store.db, abroad, { zone: user });
    await store.rows(
      `insert into quiet_hours (user_id, organization_id, window_start, window_end, zone, urgent_passes, muted_until)
       values ($1, $2, '99:99', '07:00', $3, false, '2026-01-01T10:00Z')`,
      [id, abroad, own],
    );
    await store.rows(
      `insert into preferences (id, organization_id, user_id, window_start, window_end, zone)
       values (gen_random_uuid(), $2, $1, '22:00', '07:00', $3)`,
      [id, abroad, own],
    );
    const policy = (await loadPolicies(store.db, [id])).users.get(id);
    expect(policy).toMatchObject({
      window: { start: '99:99', end: '07:00', zone, days: null },
      rows: [{ enabled: null, mode: null, window: { start: '22:00', end: '07:00', zone, days: null } }],
      ...{ urgentPasses: false, muteUntil: new Date('2026-01-01T10:00Z'), zone: user ?? 'America/New_York' },
    });
  });

  it("keeps each organization's categories apart and leaves removed users out", async () => {
    const other = await makeOrganization(store.db);
    await store.rows(
      `insert into categories (organization_id, key, name, mandatory, quiet_mode, default_enabled)
       values ($1, 'security', 'Security', true, 'off', true), ($1, 'news', 'News', false, 'digest', false),
         ($2, 'security', 'Security', false, 'hold', true)`,
      [organizationId, other],
    );
    const [here, removed] = [
      await makeUser(store.db, organizationId),
      await makeUser(store.db, organizationId),
    ];
    const there = await makeUser(store.db, other);
    await deleteUser(store.db, organizationId, removed);
    const { users, categories } = await loadPolicies(store.db, [removed, here, there]);
    expect([...users.keys()].toSorted()).toEqual([here, there].toSorted());
    expect(Object.fromEntries(categories.get(organizationId) ?? [])).toEqual({
      security: { mandatory: true, quietMode: 'off', defaultEnabled: true },
      news: { mandatory: false, quietMode: 'digest', defaultEnabled: false },
    });
    expect([...(categories.get(other) ?? [])]).toEqual([
      ['security', { mandatory: false, quietMode: 'hold', defaultEnabled: true }],
    ]);
  });
});
