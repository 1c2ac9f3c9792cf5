import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import type { Clock, OrganizationId, SessionId, UserId } from '@carillon/core';
import {
  changePassword,
  connectDatabase,
  insertOrganization,
  insertSession,
  revokeSession,
  upsertUser,
  type ConnectedDatabase,
  type SessionHolder,
} from '@carillon/db';
import { createNewId } from '@carillon/runtime';
import { createTestDatabase, silentLog, type TestDatabase } from '@carillon/testkit';
import { createSessionTokens, type SessionTokens } from './session-tokens.ts';

const newId = createNewId();
const secretKey = Buffer.alloc(32, 7);
const begunMs = Date.parse('2026-11-21T12:00:00Z');

describe('access tokens of sessions', () => {
  let database: TestDatabase;
  let connected: ConnectedDatabase;
  let organizationId: OrganizationId;
  let laterMs = 0;
  const clock: Clock = { now: () => new Date(begunMs + laterMs), monotonicMs: () => laterMs };
  let tokens: SessionTokens;

  beforeAll(async () => {
    database = await createTestDatabase();
    connected = connectDatabase({ url: database.url, log: silentLog });
    organizationId = newId() as OrganizationId;
    await insertOrganization(connected.db, { id: organizationId, slug: 's', name: 'S', paused: false });
    tokens = createSessionTokens({ system: connected.db, clock }, secretKey);
  });
  afterAll(async () => {
    await connected.stop();
    await database.stop();
  });

  async function begin(): Promise<SessionHolder> {
    const sessionId = newId() as SessionId;
    const id = newId() as UserId;
    await upsertUser(connected.db, { id, organizationId, fields: { externalId: id } });
    await changePassword(connected.db, organizationId, id, 'hash');
    await insertSession(connected.db, {
      ...{ id: sessionId, userId: id, lookup: sessionId, refreshHash: sessionId, passwordHash: 'hash' },
    });
    return { sessionId, user: { id, organizationId, role: 'member' } };
  }

  it('say what those of Directus say, and whose session it is', async () => {
    const holder = await begin();
    const iat = Math.floor(clock.now().getTime() / 1000);
    expect(decodeJwt(await tokens.sign(holder))).toEqual({
      ...{ id: holder.user.id, role: 'member', app_access: true, admin_access: false },
      ...{ session: holder.sessionId, iat, exp: iat + 900, iss: 'directus' },
    });
  });

  it('are good for fifteen minutes', async () => {
    const holder = await begin();
    const token = await tokens.sign(holder);
    const expiresAt = new Date(begunMs + laterMs + 900_000);
    expect(await tokens.find(token)).toEqual({ ...holder, expiresAt });
    laterMs += 899_999;
    expect(await tokens.find(token)).toEqual({ ...holder, expiresAt });
    laterMs += 1;
    expect(await tokens.find(token)).toBeUndefined();
    laterMs += 60_000;
    expect(await tokens.find(token)).toBeUndefined();
  });

  it('are refused when their session has ended, at the latest after three seconds', async () => {
    const holder = await begin();
    const token = await tokens.sign(holder);
    expect(await tokens.find(token)).toBeDefined();
    await revokeSession(connected.db, holder.sessionId);
    laterMs += 3_001;
    expect(await tokens.find(token)).toBeUndefined();
  });

  const claimsOf = ({ sessionId, user }: SessionHolder) => ({ id: user.id, session: sessionId });
  const forge = (holder: SessionHolder, key: Uint8Array, more: { alg?: string; iss?: string } = {}) =>
    new SignJWT(claimsOf(holder))
      .setProtectedHeader({ alg: more.alg ?? 'HS256' })
      .setExpirationTime(Math.floor((begunMs + laterMs) / 1000) + 600)
      .setIssuer(more.iss ?? 'directus')
      .sign(key);
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each<{ name: string; make: (holder: SessionHolder) => Promise<string> }>([
    { name: 'signed with the secret key itself', make: (holder) => forge(holder, secretKey) },
    { name: 'signed with another key', make: (holder) => forge(holder, Buffer.alloc(32, 8)) },
    {
      name: 'not signed',
      make: async (holder) =>
        `${encoded({ alg: 'none' })}.${encoded({ ...claimsOf(holder), iss: 'directus', exp: 9e9 })}.`,
    },
    {
      name: 'altered',
      make: async (holder) => {
        const [head, , signature] = (await tokens.sign(holder)).split('.');
        return `${head}.${encoded({ ...claimsOf(holder), iss: 'directus', exp: 9e9 })}.${signature}`;
      },
    },
    {
      name: 'made by another installation',
      make: (holder) =>
        createSessionTokens({ system: connected.db, clock }, Buffer.alloc(32, 9)).sign(holder),
    },
    {
      name: 'of a session that never was',
      make: (holder) => tokens.sign({ ...holder, sessionId: newId() as SessionId }),
    },
    { name: 'no token', make: async () => 'a.b.c' },
  ])('are refused when $name', async ({ make }) => {
    expect(await tokens.find(await make(await begin()))).toBeUndefined();
  });
});
