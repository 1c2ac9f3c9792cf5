import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { makeOrganization, makeUser, newId, openTestStore, type TestStore } from '../../test/store.ts';
import {
  deleteContactPoint,
  insertContactPoint,
  listContactPoints,
  updateContactPoint,
} from './contact-points.ts';
import {
  deleteUser,
  getUser,
  listUsers,
  loadUser,
  updateUser,
  upsertUser,
  upsertUsers,
  type UserFields,
  type UserRecord,
} from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

const upsert = (fields: UserFields) => upsertUser(store.db, { id: newId<UserId>(), organizationId, fields });
const emailsOf = async (userId: UserId) =>
  (await listContactPoints(store.db, organizationId, userId)).map(
    (point) => `${point.kind} ${point.address}`,
  );

describe('making users', () => {
  it('makes one user of twenty calls at once with the same external id', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => upsert({ externalId: 'race', name: `name ${n}` })),
    );
    expect(new Set(results.map((result) => result.user.id)).size).toBe(1);
    expect(results.filter((result) => result.created)).toHaveLength(1);
    const states = await store.rows('select head::int from inbox_state where user_id = $1', [
      results[0]?.user.id,
    ]);
    expect(states).toEqual([{ head: 0 }]);
  });

  it('updates what is named, keeps what is not, and clears what is null', async () => {
    const fields = { name: 'Ada', zone: 'Europe/London', profile: { team: 'a' }, role: 'admin' } as const;
    const { user, created } = await upsert({ externalId: 'keep', ...fields });
    const again = await upsert({ externalId: 'keep', name: 'Ada L.', zone: null });
    expect([created, again.created, again.user.id]).toEqual([true, false, user.id]);
    expect(again.user).toMatchObject({ name: 'Ada L.', zone: null, profile: { team: 'a' }, role: 'admin' });
  });

  it('keeps the same external id apart in two organizations', async () => {
    const other = await makeOrganization(store.db);
    const here = await upsert({ externalId: 'both' });
    const there = await upsertUser(store.db, {
      ...{
        id: newId<UserId>(),
        organizationId: other,
        fields: { externalId: 'both', email: 'x@example.com' },
      },
    });
    expect(there.created).toBe(true);
    expect(await loadUser(store.db, organizationId, { externalId: 'both' })).toMatchObject({
      id: here.user.id,
    });
    expect(await loadUser(store.db, organizationId, { id: there.user.id })).toBeUndefined();
  });

  it('answers many in the order given, and many calls at once do not block each other', async () => {
    const names = ['d', 'a', 'c', 'b'];
    const draft = (name: string) => ({
      ...{ id: newId<UserId>(), organizationId, fields: { externalId: `many-${name}`, name } },
    });
    const calls = [names, names.toReversed(), [...names.slice(2), ...names.slice(0, 2)]];
    const made = await Promise.all(
      calls.flatMap((call) =>
        [1, 2, 3].map(async () => ({
          call,
          ids: await store.db.transaction().execute((db) => upsertUsers(db, call.map(draft))),
        })),
      ),
    );
    const idOf = new Map(made[0]?.call.map((name, index) => [name, made[0]?.ids[index]]));
    expect(new Set(idOf.values()).size).toBe(4);
    for (const { call, ids } of made) expect(ids).toEqual(call.map((name) => idOf.get(name)));
  });

  it.each([
    { field: 'email', taken: { email: 'Taken@example.com' }, wanted: { email: 'tAKEN@example.com' } },
    { field: 'username', taken: { username: 'Taken' }, wanted: { username: 'taken' } },
  ])('names $field when another user has it', async ({ field, taken, wanted }) => {
    await upsert(taken);
    const refusal = { code: `user.${field}_taken`, errors: [{ pointer: `/${field}` }] };
    await expect(upsert({ externalId: `wants-${field}`, ...wanted })).rejects.toMatchObject(refusal);
    expect(await loadUser(store.db, organizationId, { externalId: `wants-${field}` })).toBeUndefined();
    const other = await makeUser(store.db, organizationId);
    await expect(updateUser(store.db, organizationId, other, wanted)).rejects.toMatchObject(refusal);
  });

  it('names the external id when another user has it', async () => {
    await upsert({ externalId: 'mine' });
    const other = await makeUser(store.db, organizationId);
    const refused = updateUser(store.db, organizationId, other, { externalId: 'mine' });
    await expect(refused).rejects.toMatchObject({ code: 'user.external_id_taken', name: 'ConflictError' });
  });
});

describe('contact points', () => {
  it('follow the e-mail address of the profile and leave the others alone', async () => {
    const userId = await makeUser(store.db, organizationId, { email: 'one@example.com' });
    const added = { organizationId, userId, kind: 'email', address: 'work@example.com' } as const;
    await insertContactPoint(store.db, { id: newId(), ...added, verified: true });
    expect((await emailsOf(userId)).toSorted()).toEqual(['email one@example.com', 'email work@example.com']);
    await updateUser(store.db, organizationId, userId, { email: 'two@example.com' });
    expect((await emailsOf(userId)).toSorted()).toEqual(['email two@example.com', 'email work@example.com']);
    await updateUser(store.db, organizationId, userId, { name: 'Same address' });
    await updateUser(store.db, organizationId, userId, { email: 'work@example.com' });
    expect(await emailsOf(userId)).toEqual(['email work@example.com']);
    await updateUser(store.db, organizationId, userId, { email: null });
    expect(await emailsOf(userId)).toEqual([]);
  });

  it('are refused twice, and a changed address is good again', async () => {
    const userId = await makeUser(store.db, organizationId);
    const point = { organizationId, userId, kind: 'webhook', address: 'https://ok.example/1' } as const;
    const { id } = await insertContactPoint(store.db, { id: newId(), ...point, verified: false });
    const twice = insertContactPoint(store.db, { id: newId(), ...point, verified: false });
    await expect(twice).rejects.toMatchObject({
      code: 'contact_point.taken',
      errors: [{ pointer: '/address' }],
    });
    await store.rows("update contact_points set bad_reason = 'gone' where id = $1", [id]);
    const moved = { address: 'https://ok.example/2' };
    expect(await updateContactPoint(store.db, organizationId, userId, id, moved)).toMatchObject({
      ...{ ...moved, bad_reason: null, verified_at: null },
    });
    const verified = await updateContactPoint(store.db, organizationId, userId, id, { verified: true });
    expect(verified.verified_at).toBeInstanceOf(Date);
    const other = await makeUser(store.db, organizationId);
    const foreign = deleteContactPoint(store.db, organizationId, other, id);
    await expect(foreign).rejects.toMatchObject({ code: 'contact_point.not_found' });
    await deleteContactPoint(store.db, organizationId, userId, id);
    expect(await listContactPoints(store.db, organizationId, userId)).toEqual([]);
  });
});

describe('listing users', () => {
  it('walks every user once, and a kept cursor shows each later change', async () => {
    const own = await makeOrganization(store.db);
    const made: UserId[] = [];
    for (let n = 0; n < 7; n += 1) made.push(await makeUser(store.db, own));
    // Several of one instant: the id decides.
    await store.rows('update users set updated_at = carillon_now() where organization_id = $1', [own]);
    let cursor: UserRecord | undefined;
    const next = async (limit: number) => {
      const edge = cursor && { updatedAt: cursor.updated_at, id: cursor.id, direction: 'next' as const };
      const page = await listUsers(store.db, own, { limit, edge });
      cursor = page.at(-1) ?? cursor;
      return page.map((user) => user.id);
    };
    const seen = [...(await next(3)), ...(await next(3)), ...(await next(3))];
    expect(seen).toEqual(made.toSorted());
    expect(await next(3)).toEqual([]);
    for (const id of [made[4], made[1]] as UserId[]) {
      await advanceDatabaseClock(store, 1_000);
      await updateUser(store.db, own, id, { name: 'changed' });
      expect(await next(3)).toEqual([id]);
    }
    const since = (await getUser(store.db, own, { id: made[4] as UserId })).updated_at;
    const after = await listUsers(store.db, own, { limit: 10, updatedAfter: since });
    expect(after.map((user) => user.id)).toEqual([made[1]]);
  });

  it('finds by external id and by e-mail in any case', async () => {
    const own = await makeOrganization(store.db);
    const id = await makeUser(store.db, own, { externalId: 'ada', email: 'Äda@Example.com' });
    await makeUser(store.db, own, { externalId: 'bob', email: 'bob@example.com' });
    for (const filter of [{ externalId: 'ada' }, { email: 'Äda@eXample.COM' }]) {
      expect((await listUsers(store.db, own, { limit: 10, ...filter })).map((user) => user.id)).toEqual([id]);
    }
  });
});

describe('removing a user', () => {
  it('takes addresses and names at once, and lets the external id be used again', async () => {
    const fields = { externalId: 'leaver', email: 'leaver@example.com', username: 'leaver', name: 'Leaver' };
    const { user } = await upsert({ ...fields, profile: { note: 'Leaver' } });
    await deleteUser(store.db, organizationId, user.id);
    const rows = await store.rows('select * from users where id = $1', [user.id]);
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('leaver');
    await expect(getUser(store.db, organizationId, { id: user.id })).rejects.toMatchObject({
      code: 'user.not_found',
    });
    await expect(deleteUser(store.db, organizationId, user.id)).rejects.toMatchObject({
      code: 'user.not_found',
    });
    const again = await upsert(fields);
    expect([again.created, again.user.id === user.id]).toEqual([true, false]);
  });
});
