import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessTokenId, OrganizationId, SessionId, UserId } from '@carillon/core';
import { advanceDatabaseClock } from '@carillon/testkit';
import { makeOrganization, makeUser, newId, openTestStore, type TestStore } from '../../test/store.ts';
import { ensureDemoUser, ensureFirstAdmin } from '../seed.ts';
import {
  insertAccessToken,
  listAccessTokens,
  loadTokenHolder,
  revokeAccessToken,
  touchAccessTokens,
  type NewAccessToken,
} from './access-tokens.ts';
import { listValidTokens } from './live.ts';
import { insertStreamTicket, takeStreamTicket } from './stream-tickets.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
let organizationId: OrganizationId;
beforeAll(async () => {
  store = await openTestStore();
  organizationId = await makeOrganization(store.db);
});
afterAll(() => store.stop());

async function makeToken(
  userId: UserId | null,
  changes: Partial<NewAccessToken> = {},
): Promise<NewAccessToken> {
  const id = newId<AccessTokenId>();
  const token: NewAccessToken = {
    ...{ id, organizationId: userId && organizationId, userId, operator: userId === null, name: 'laptop' },
    ...{ lookup: `l-${id}`, hash: `h-${id}`, scopes: ['inbox'], expiresInSeconds: undefined },
    ...changes,
  };
  await insertAccessToken(store.db, token);
  return token;
}
const holderOf = (token: NewAccessToken) => loadTokenHolder(store.db, token.lookup);
const isValid = async (token: NewAccessToken) => (await listValidTokens(store.db, [token.id])).has(token.id);

describe('a token', () => {
  it('names its user, role and scopes, and is never listed with what opens it', async () => {
    const userId = await makeUser(store.db, organizationId, { role: 'admin' });
    const token = await makeToken(userId);
    expect(await holderOf(token)).toEqual({
      ...{ tokenId: token.id, hash: token.hash, operator: false, scopes: ['inbox'], expiresAt: null },
      user: { id: userId, organizationId, role: 'admin' },
    });
    await touchAccessTokens(store.db, [token.id]);
    const [listed] = await listAccessTokens(store.db, organizationId, userId);
    expect(listed).toMatchObject({ id: token.id, name: 'laptop', last_used_at: expect.any(Date) });
    expect(JSON.stringify(listed)).not.toMatch(/"(hash|lookup)"|[lh]-/);
  });

  it('of an operator needs no user', async () => {
    const token = await makeToken(null);
    expect(await holderOf(token)).toMatchObject({ operator: true, user: undefined });
  });

  it('is worth nothing once it is revoked, and revoking twice is fine', async () => {
    const userId = await makeUser(store.db, organizationId);
    const token = await makeToken(userId);
    expect(await isValid(token)).toBe(true);
    await revokeAccessToken(store.db, organizationId, userId, token.id);
    await revokeAccessToken(store.db, organizationId, userId, token.id);
    expect([await holderOf(token), await isValid(token)]).toEqual([undefined, false]);
    const other = await makeUser(store.db, organizationId);
    const foreign = revokeAccessToken(store.db, organizationId, other, token.id);
    await expect(foreign).rejects.toMatchObject({ code: 'token.not_found' });
  });

  it('is worth nothing once it has expired, by the clock of the database', async () => {
    const token = await makeToken(await makeUser(store.db, organizationId), { expiresInSeconds: 60 });
    await advanceDatabaseClock(store, 58_000);
    expect(await holderOf(token)).toBeDefined();
    await advanceDatabaseClock(store, 2_001);
    expect([await holderOf(token), await isValid(token)]).toEqual([undefined, false]);
  });

  it('is worth nothing once its user is removed', async () => {
    const userId = await makeUser(store.db, organizationId);
    const token = await makeToken(userId);
    await deleteUser(store.db, organizationId, userId);
    expect([await holderOf(token), await isValid(token)]).toEqual([undefined, false]);
  });

  it('is not overwritten by another with the same public part', async () => {
    const userId = await makeUser(store.db, organizationId);
    const token = await makeToken(userId);
    await makeToken(await makeUser(store.db, organizationId), { lookup: token.lookup });
    expect(await holderOf(token)).toMatchObject({ tokenId: token.id, user: { id: userId } });
  });
});

describe('a stream ticket', () => {
  const makeTicket = async (lifetimeMs: number) => {
    const userId = await makeUser(store.db, organizationId);
    const tokenId = newId<AccessTokenId>();
    const ticket = {
      ...{ hash: newId<string>(), organizationId, userId, tokenId },
      ...{ sessionId: newId<SessionId>(), credentialExpiresAt: undefined },
    };
    await insertStreamTicket(store.db, ticket, lifetimeMs);
    return ticket;
  };

  it('opens one connection, however many try at once', async () => {
    const ticket = await makeTicket(60_000);
    const uses = await Promise.all(Array.from({ length: 10 }, () => takeStreamTicket(store.db, ticket.hash)));
    expect(uses.filter((use) => use !== undefined)).toEqual([ticket]);
    expect(await takeStreamTicket(store.db, ticket.hash)).toBeUndefined();
  });

  it('opens nothing after its time', async () => {
    const ticket = await makeTicket(60_000);
    await advanceDatabaseClock(store, 60_001);
    expect(await takeStreamTicket(store.db, ticket.hash)).toBeUndefined();
  });

  it('opens nothing for a removed user', async () => {
    const ticket = await makeTicket(60_000);
    await deleteUser(store.db, organizationId, ticket.userId);
    expect(await takeStreamTicket(store.db, ticket.hash)).toBeUndefined();
  });
});

describe('the first admin', () => {
  it('is made once by many processes that start at once, and its token works', async () => {
    const admin = { token: { lookup: 'first', hash: 'x' }, operator: true, newId, paused: false };
    const made = await Promise.all(Array.from({ length: 8 }, () => ensureFirstAdmin(store.db, admin)));
    expect(new Set(made.map((one) => `${one.organizationId} ${one.userId}`)).size).toBe(1);
    const [first] = made;
    expect(await loadTokenHolder(store.db, 'first')).toMatchObject({
      ...{
        operator: true,
        user: { id: first?.userId, organizationId: first?.organizationId, role: 'admin' },
      },
    });
    const demo = {
      organizationId: first?.organizationId as OrganizationId,
      token: { lookup: 'demo', hash: 'x' },
      newId,
    };
    await ensureDemoUser(store.db, demo);
    const { userId } = await ensureDemoUser(store.db, demo);
    expect(await loadTokenHolder(store.db, 'demo')).toMatchObject({
      operator: false,
      user: { id: userId, role: 'member' },
    });
  });
});
