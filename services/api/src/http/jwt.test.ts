import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { OrganizationId, UserId } from '@carillon/core';
import { connectDatabase, insertOrganization, upsertUser, type ConnectedDatabase } from '@carillon/db';
import { createNewId, type JwtConfig } from '@carillon/runtime';
import { createTestDatabase, silentLog, type TestDatabase } from '@carillon/testkit';
import { createJwtVerifier } from './jwt.ts';

const newId = createNewId();
const secret = 'a secret of at least thirty-two characters';
const right = { issuer: 'https://login.example.org', audience: 'carillon' };
/** Undefined leaves a claim out. */
type Claims = { [Name in keyof JWTPayload]: JWTPayload[Name] | undefined };

const nowSeconds = Math.floor(Date.now() / 1_000);

describe('JWTs of own users', () => {
  let database: TestDatabase;
  let connected: ConnectedDatabase;
  let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
  let keyServer: Server;
  let keyAnswer: { status: number; body: string };
  let asked = 0;
  let ada: UserId;
  /** Of another organization, with the same external id as Ada. */
  let otherAda: UserId;
  let otherId: OrganizationId;

  beforeAll(async () => {
    database = await createTestDatabase();
    connected = connectDatabase({ url: database.url, log: silentLog });
    const organizationId = newId() as OrganizationId;
    await insertOrganization(connected.db, { id: organizationId, slug: 'own', name: 'Own', paused: false });
    const fields = { externalId: 'ada', role: 'system' as const };
    ada = (await upsertUser(connected.db, { id: newId() as UserId, organizationId, fields })).user.id;
    otherId = newId() as OrganizationId;
    await insertOrganization(connected.db, { id: otherId, slug: 'other', name: 'Other', paused: false });
    const member = { externalId: 'ada', role: 'member' as const };
    const made = { id: newId() as UserId, organizationId: otherId, fields: member };
    otherAda = (await upsertUser(connected.db, made)).user.id;
    keys = await generateKeyPair('RS256', { extractable: true });
    keyAnswer = {
      status: 200,
      body: JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256' }] }),
    };
    keyServer = createServer((_request, response) => {
      asked += 1;
      response.writeHead(keyAnswer.status, { 'content-type': 'application/json' }).end(keyAnswer.body);
    });
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    keyServer.closeAllConnections();
    await new Promise<void>((resolve) => keyServer.close(() => resolve()));
    await connected.stop();
    await database.stop();
  });

  it('let in the user whose external id is the subject, with the role that the user has', async () => {
    const caller = await bySecret().verify(await sign({}));
    expect(caller).toMatchObject({
      ...{ id: ada, operator: false, user: { id: ada, role: 'system' }, tokenId: undefined },
      expiresAt: new Date((nowSeconds + 600) * 1_000),
    });
    expect(await byKeys().verify(await signWithKey({}))).toMatchObject({ id: ada });
  });

  it.each<{ name: string; claims: Claims }>([
    { name: 'without an expiry', claims: { exp: undefined } },
    { name: 'that expired two minutes ago', claims: { exp: nowSeconds - 120 } },
    { name: 'that begins in two minutes', claims: { nbf: nowSeconds + 120 } },
    { name: 'of another issuer', claims: { iss: 'https://evil.example.org' } },
    { name: 'without an issuer', claims: { iss: undefined } },
    { name: 'for another audience', claims: { aud: 'other' } },
    { name: 'without an audience', claims: { aud: undefined } },
    { name: 'without a subject', claims: { sub: undefined } },
    { name: 'of a subject that nobody is', claims: { sub: 'grace' } },
  ])('are refused $name', async ({ claims }) => {
    expect(await bySecret().verify(await sign(claims))).toBeUndefined();
  });

  it('are let in within a minute of skew', async () => {
    const late = await sign({ exp: nowSeconds - 30, nbf: nowSeconds + 30 });
    expect(await bySecret().verify(late)).toMatchObject({ id: ada });
  });

  it('are refused with an algorithm that is not configured, and with keys that they bring', async () => {
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    const [, payload] = (await sign({})).split('.');
    const publicKey = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    const forged = [
      `${header({ alg: 'none' })}.${payload}.`,
      await sign({}, { alg: 'HS512' }),
      await signWithKey({}, { jku: `http://127.0.0.1:${keyPort()}/evil`, kid: 'k1' }, 'wrong'),
      await signWithKey({}, { jwk: await exportJWK(keys.publicKey) }, 'wrong'),
    ];
    for (const jwt of forged) {
      expect(await bySecret().verify(jwt)).toBeUndefined();
      expect(await byKeys().verify(jwt)).toBeUndefined();
    }
    const confused = await new SignJWT(claimsWith({})).setProtectedHeader({ alg: 'HS256' }).sign(publicKey);
    expect(await byKeys().verify(confused)).toBeUndefined();
  });

  it('make the user where that is configured, once', async () => {
    const verifier = bySecret({ createUsers: true });
    const jwt = await sign({ sub: 'new-one' });
    const callers = await Promise.all([verifier.verify(jwt), verifier.verify(jwt), verifier.verify(jwt)]);
    expect(new Set(callers.map((caller) => caller?.id)).size).toBe(1);
    expect(callers[0]).toMatchObject({ user: { role: 'member' } });
  });

  it('belong to the organization that a configured claim names, by its slug or its id', async () => {
    const claimed = bySecret({ organizationClaim: 'https://example.org/team' });
    const of = async (team: unknown) =>
      (await claimed.verify(await sign({ 'https://example.org/team': team })))?.user;
    expect(await of('own')).toMatchObject({ id: ada, role: 'system' });
    const other = { id: otherAda, organizationId: otherId, role: 'member' };
    expect(await of('other')).toEqual(other);
    expect(await of(otherId.toUpperCase())).toEqual(other);
  });

  it.each([
    { name: 'no claim', team: undefined },
    { name: 'an organization that is not there', team: 'third' },
    { name: 'an id that nobody has', team: '01981c5e-8f00-7000-8000-0000000000ff' },
    { name: 'an empty text', team: '' },
    { name: 'a list', team: ['own'] },
    { name: 'a number', team: 1 },
    { name: 'what no store can hold', team: 'own\0' },
    { name: 'a text without end', team: 'own'.repeat(1_000) },
  ])('are refused with $name where a claim names the organization, and make nobody', async ({ team }) => {
    const claimed = bySecret({ organizationClaim: 'team', createUsers: true });
    expect(await claimed.verify(await sign({ team }))).toBeUndefined();
    const everyObjects = bySecret({ organizationClaim: 'constructor' });
    expect(await everyObjects.verify(await sign({ team }))).toBeUndefined();
  });

  it.each([
    { name: 'answers 500', answer: { status: 500, body: '{}' } },
    { name: 'answers no JSON', answer: { status: 200, body: '<html>' } },
    { name: 'answers no key set', answer: { status: 200, body: '{"error":"no"}' } },
  ])('are put off, not refused, while the key URL $name', async ({ answer }) => {
    const kept = keyAnswer;
    keyAnswer = answer;
    const before = asked;
    await expect(byKeys().verify(await signWithKey({}))).rejects.toMatchObject({
      ...{ code: 'service.unavailable', retryAfterMs: 30_000 },
    });
    keyAnswer = kept;
    expect(asked).toBe(before + 1);
  });

  it('are put off, not refused, while nobody listens at the key URL', async () => {
    const verifier = byKeys({ jwksUrl: 'http://127.0.0.1:1/keys' });
    await expect(verifier.verify(await signWithKey({}))).rejects.toMatchObject({
      code: 'service.unavailable',
    });
  });

  function deps() {
    return { system: connected.db, newId, log: silentLog };
  }

  function bySecret(more: { createUsers?: boolean; organizationClaim?: string } = {}) {
    const config: JwtConfig = {
      ...right,
      organization: 'own',
      organizationClaim: undefined,
      createUsers: false,
      source: 'secret',
      secret,
      ...more,
    };
    return createJwtVerifier(config, deps());
  }

  function byKeys(more: { jwksUrl?: string } = {}) {
    const jwksUrl = more.jwksUrl ?? `http://127.0.0.1:${keyPort()}/keys`;
    return createJwtVerifier(
      {
        ...{ ...right, organization: 'own', organizationClaim: undefined, createUsers: false },
        ...{ source: 'jwks', jwksUrl },
      },
      deps(),
    );
  }

  function keyPort(): number {
    return (keyServer.address() as AddressInfo).port;
  }

  function claimsWith(claims: Claims): JWTPayload {
    const all: Claims = {
      iss: right.issuer,
      aud: right.audience,
      sub: 'ada',
      exp: nowSeconds + 600,
      ...claims,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  function sign(claims: Claims, { alg = 'HS256' } = {}): Promise<string> {
    return new SignJWT(claimsWith(claims)).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
  }

  async function signWithKey(claims: Claims, header: object = {}, by: 'right' | 'wrong' = 'right') {
    const { privateKey } = by === 'right' ? keys : await generateKeyPair('RS256');
    return new SignJWT(claimsWith(claims))
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
      .sign(privateKey);
  }
});
