import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { setOcoreStage, type OcoreStage } from '../../../test/ocore-stage.ts';

const path = '/api/notifications/unread-count';
const key = 'a secret of at least thirty-two characters';
let stage: OcoreStage;

beforeAll(async () => {
  stage = await setOcoreStage({
    ...{ CARILLON_JWT_SECRET: key, CARILLON_JWT_ISSUER: 'https://login.example.org' },
    ...{ CARILLON_JWT_AUDIENCE: 'carillon', CARILLON_JWT_ORGANIZATION: 'one' },
  });
  const body = { external_id: 'ada' };
  await stage.api.ask('PATCH', `/v1/users/${stage.member.id}`, { token: stage.admin.token, body });
});
afterAll(() => stage.stop());

const sign = (subject: string, expires: string, by = key) =>
  new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://login.example.org')
    .setAudience('carillon')
    .setSubject(subject)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(by));
const ask = (authorization: string) => stage.ask('GET', path, { headers: { authorization } });

describe("oCore's credential", () => {
  it('is a JWT of a user', async () => {
    await stage.writer.place(stage.member, { title: 'For Ada' });
    expect(await ask(`Bearer ${await sign('ada', '10m')}`)).toMatchObject({
      status: 200,
      body: { count: 1 },
    });
  });

  it('is a token of Carillon as well, in any letters of "Bearer"', async () => {
    expect((await ask(`Bearer ${stage.member.token}`)).status).toBe(200);
    expect((await ask(`bearer  ${stage.member.token}`)).status).toBe(200);
  });

  it.each([
    { name: 'an expired JWT', token: () => sign('ada', '-10m') },
    { name: 'a JWT by another key', token: () => sign('ada', '10m', `${key}!`) },
    { name: 'a JWT of nobody', token: () => sign('grace', '10m') },
    { name: 'a token that was never given out', token: async () => `${'a'.repeat(10)}-${'b'.repeat(33)}` },
  ])('is not $name, and why is not told', async ({ token }) => {
    const refused = await ask(`Bearer ${await token()}`);
    expect(refused).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="carillon"');
  });

  it.each(['', 'Basic YTpi', 'Bearer', 'Bearer a b'])('is asked for after "%s"', async (authorization) => {
    const { status, body } = await ask(authorization);
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        message: 'Send `Authorization: Bearer <token>` with a JWT or an access token',
        code: 'auth.required',
      },
    });
  });

  it('does not count without its scheme, in a query or in a cookie', async () => {
    const { token } = stage.member;
    expect((await ask(token)).status).toBe(401);
    expect((await stage.ask('GET', `${path}?access_token=${token}`)).status).toBe(401);
    expect((await stage.ask('GET', path, { headers: { cookie: `token=${token}` } })).status).toBe(401);
  });
});
