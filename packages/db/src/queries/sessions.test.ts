import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, SessionId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { explainQueries } from '../../test/statements.ts';
import { makeOrganization, makeUser, newId, openTestStore, type TestStore } from '../../test/store.ts';
import { inOrganization } from '../transactions.ts';
import { changePassword, getPasswordHash, listLoginCandidates, replacePasswordHash } from './passwords.ts';
import {
  deleteOldSessions,
  insertSession,
  listValidSessions,
  loadSessionByToken,
  loadSessionHolder,
  renewSession,
  revokeSession,
  type NewSession,
} from './sessions.ts';
import { deleteUser, updateUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
  await makeUser(store.db, organizationId, { role: 'admin' });
});
afterAll(() => store.stop());

const dayMs = 86_400_000;
let made = 0;

/** Somebody whose password is stored as `hash`. */
async function makePerson(hash = 'hash-1', of = organizationId): Promise<{ userId: UserId; email: string }> {
  made += 1;
  const email = `Ada${made}@Example.com`;
  const userId = await makeUser(store.db, of, { email });
  await changePassword(store.db, of, userId, hash);
  return { userId, email };
}

async function begin(userId: UserId, passwordHash = 'hash-1'): Promise<NewSession & { begun: boolean }> {
  const id = newId<SessionId>();
  const session = { id, userId, lookup: `l-${id}`, refreshHash: `${id}-0`, passwordHash };
  return { ...session, begun: await insertSession(store.db, session) };
}

const renew = ({ id, lookup }: NewSession, generation: number) =>
  renewSession(store.db, {
    lookup,
    ...{ hash: `${id}-${generation}`, nextHash: `${id}-${generation + 1}` },
  });
const isAlive = async ({ id }: NewSession) => (await loadSessionHolder(store.db, id)) !== undefined;

describe('a session', () => {
  it('names its user with the role of now', async () => {
    const { userId } = await makePerson();
    const session = await begin(userId);
    expect(await loadSessionHolder(store.db, session.id)).toEqual({
      sessionId: session.id,
      user: { id: userId, organizationId, role: 'member' },
    });
    await updateUser(store.db, organizationId, userId, { role: 'admin' });
    expect(await loadSessionHolder(store.db, session.id)).toMatchObject({ user: { role: 'admin' } });
  });

  it('is renewed by its last token, each time for seven days more', async () => {
    const session = await begin((await makePerson()).userId);
    for (let generation = 0; generation < 3; generation += 1) {
      await advanceDatabaseClock(store, 6 * dayMs);
      expect(await renew(session, generation)).toMatchObject({ outcome: 'renewed' });
    }
    await advanceDatabaseClock(store, 7 * dayMs + 1);
    expect(await renew(session, 3)).toBeUndefined();
    expect(await isAlive(session)).toBe(false);
  });

  it('gives two pages that renew at the same moment the same next token', async () => {
    const session = await begin((await makePerson()).userId);
    const both = await Promise.all([renew(session, 0), renew(session, 0)]);
    expect(both.map((one) => one?.outcome)).toEqual(['renewed', 'renewed']);
    expect(await renew(session, 1)).toMatchObject({ outcome: 'renewed' });
  });

  it('goes on when the next token was made with another key meanwhile', async () => {
    const session = await begin((await makePerson()).userId);
    await renew(session, 0);
    const { id, lookup } = session;
    const otherwise = { lookup, hash: `${id}-0`, nextHash: 'made with another key' };
    expect(await renewSession(store.db, otherwise)).toBeUndefined();
    expect(await renew(session, 1)).toMatchObject({ outcome: 'renewed' });
  });

  it.each([
    { name: 'the token before, after the grace', generation: 0, renewals: 1, laterMs: 10_001 },
    { name: 'a token older than that, at once', generation: 0, renewals: 2, laterMs: 0 },
    { name: 'a token that was never given out', generation: 7, renewals: 0, laterMs: 0 },
  ])('is ended by $name', async ({ generation, renewals, laterMs }) => {
    const { userId } = await makePerson();
    const session = await begin(userId);
    for (let done = 0; done < renewals; done += 1) await renew(session, done);
    await advanceDatabaseClock(store, laterMs);
    expect(await renew(session, generation)).toEqual({
      outcome: 'reused',
      holder: { sessionId: session.id, user: { id: userId, organizationId, role: 'member' } },
    });
    expect(await renew(session, renewals)).toBeUndefined();
    expect(await isAlive(session)).toBe(false);
  });

  it('is found by the tokens that still work, and by no other', async () => {
    const session = await begin((await makePerson()).userId);
    const find = (generation: number) =>
      loadSessionByToken(store.db, { lookup: session.lookup, hash: `${session.id}-${generation}` });
    await renew(session, 0);
    expect(await find(0)).toMatchObject({ sessionId: session.id });
    expect(await find(1)).toMatchObject({ sessionId: session.id });
    expect(await find(2)).toBeUndefined();
    await advanceDatabaseClock(store, 10_001);
    expect(await find(0)).toBeUndefined();
    expect(await isAlive(session)).toBe(true);
  });

  it.each([
    { name: 'revoked', end: ({ id }: NewSession) => revokeSession(store.db, id) },
    {
      name: 'begun with a password that is no more',
      end: ({ userId }: NewSession) => changePassword(store.db, organizationId, userId, 'hash-2'),
    },
    {
      name: "a removed user's",
      end: ({ userId }: NewSession) => deleteUser(store.db, organizationId, userId),
    },
  ])('that is $name is good for nothing', async ({ end }) => {
    const session = await begin((await makePerson()).userId);
    expect(await listValidSessions(store.db, [session.id])).toEqual(new Set([session.id]));
    await end(session);
    expect(await listValidSessions(store.db, [session.id])).toEqual(new Set());
    expect(await isAlive(session)).toBe(false);
    expect(await renew(session, 0)).toBeUndefined();
  });

  it('makes room for the hundred-and-first of its user', async () => {
    const { userId } = await makePerson();
    const first = await begin(userId);
    await advanceDatabaseClock(store, 1_000);
    for (let count = 1; count < 100; count += 1) await begin(userId);
    expect(await isAlive(first)).toBe(true);
    const last = await begin(userId);
    expect(await isAlive(first)).toBe(false);
    expect(await isAlive(last)).toBe(true);
  });

  it('leaves the database when its time is over, ended or not', async () => {
    const [running, ended] = [
      await begin((await makePerson()).userId),
      await begin((await makePerson()).userId),
    ];
    await revokeSession(store.db, ended.id);
    const left = () => store.rows('select id from sessions where id = any($1)', [[running.id, ended.id]]);
    await deleteOldSessions(store.db, 1_000);
    expect(await left()).toHaveLength(2);
    await advanceDatabaseClock(store, 7 * dayMs + 1);
    let rows = 1;
    while (rows > 0) rows = await deleteOldSessions(store.db, 1);
    expect(await left()).toEqual([]);
  });

  it('is seen by its own organization only', async () => {
    await begin((await makePerson()).userId);
    const api = store.connect('carillon_api', 2);
    const other = await makeOrganization(store.db);
    const count = (of: OrganizationId) =>
      inOrganization(api, of, (db) => db.selectFrom('sessions').select('id').execute());
    expect((await count(organizationId)).length).toBeGreaterThan(0);
    expect(await count(other)).toEqual([]);
  });
});

describe('a password', () => {
  it('begins no session when it was changed after it was checked', async () => {
    const { userId } = await makePerson('hash-1');
    await changePassword(store.db, organizationId, userId, 'hash-2');
    expect(await begin(userId, 'hash-1')).toMatchObject({ begun: false });
  });

  it('that is changed while a session begins ends that session, whichever comes first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { userId } = await makePerson('hash-1');
      const [session] = await Promise.all([
        begin(userId, 'hash-1'),
        store.db
          .transaction()
          .execute((transaction) => changePassword(transaction, organizationId, userId, 'hash-2')),
      ]);
      expect(await isAlive(session)).toBe(false);
    }
  });

  it('is stored anew at other costs without ending sessions, unless it was changed meanwhile', async () => {
    const { userId } = await makePerson('hash-1');
    const session = await begin(userId);
    expect(await replacePasswordHash(store.db, userId, { from: 'hash-1', to: 'hash-2' })).toBe(true);
    expect(await replacePasswordHash(store.db, userId, { from: 'hash-1', to: 'hash-3' })).toBe(false);
    expect(await getPasswordHash(store.db, organizationId, userId)).toBe('hash-2');
    expect(await isAlive(session)).toBe(true);
  });

  it('is nobody’s in another organization', async () => {
    const { userId } = await makePerson();
    const other = await makeOrganization(store.db);
    const refused = { code: 'user.not_found' };
    await expect(getPasswordHash(store.db, other, userId)).rejects.toMatchObject(refused);
    await expect(changePassword(store.db, other, userId, null)).rejects.toMatchObject(refused);
    expect(await getPasswordHash(store.db, organizationId, userId)).toBe('hash-1');
  });
});

describe('who may log in by an address', () => {
  const find = (email: string, organization?: string) =>
    listLoginCandidates(store.db, { email, organization, limit: 5 });

  it('is found in any case of letters, in each organization, or in the one that is named', async () => {
    const other = await makeOrganization(store.db);
    const here = await makePerson();
    const there = await makeUser(store.db, other, { email: here.email.toUpperCase() });
    await changePassword(store.db, other, there, 'hash-9');
    const found = await find(here.email.toLowerCase());
    expect(new Set(found.map((one) => one.id))).toEqual(new Set([here.userId, there]));
    const only = [{ id: there, organizationId: other, role: 'member' as const, passwordHash: 'hash-9' }];
    expect(await find(here.email, `slug-${other}`)).toEqual(only);
    expect(await find(here.email, other.toUpperCase())).toEqual(only);
    expect(await find(here.email, 'nowhere')).toEqual([]);
  });

  it('has a password and was not removed', async () => {
    const without = await makePerson();
    await changePassword(store.db, organizationId, without.userId, null);
    const removed = await makePerson();
    await deleteUser(store.db, organizationId, removed.userId);
    expect(await find(without.email)).toEqual([]);
    expect(await find(removed.email)).toEqual([]);
  });

  it('is found by an index over all organizations', async () => {
    await store.rows(
      `insert into users (id, organization_id, email, password_hash)
        select gen_random_uuid(), $1, 'many' || n || '@example.com', 'hash' from generate_series(1, 3000) n`,
      [organizationId],
    );
    await store.rows('analyze users');
    const plan = await explainQueries(store, (db) =>
      listLoginCandidates(db, { email: 'many7@example.com', organization: undefined, limit: 5 }),
    );
    expect(plan).toContain('users_login');
  });
});
