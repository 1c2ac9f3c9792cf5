import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { setOncallStage, type OncallStage } from '../../../test/oncall-stage.ts';

const path = '/api/v1/personal_notification_rules';
const key = 'a secret of at least thirty-two characters';
let stage: OncallStage;

beforeAll(async () => {
  stage = await setOncallStage({
    ...{ CARILLON_JWT_SECRET: key, CARILLON_JWT_ISSUER: 'https://login.example.org' },
    ...{ CARILLON_JWT_AUDIENCE: 'carillon', CARILLON_JWT_ORGANIZATION_CLAIM: 'org' },
  });
});
afterAll(() => stage.stop());

const ask = (authorization: string, headers: Record<string, string> = {}) =>
  stage.ask('GET', path, { headers: { authorization, ...headers } });

describe("OnCall's credential", () => {
  it('is a token of Carillon, bare or behind "Bearer" in any letters', async () => {
    const { token } = stage.member;
    for (const authorization of [token, `Bearer ${token}`, `bearer  ${token}`]) {
      expect((await ask(authorization)).status).toBe(200);
    }
  });

  it('is a JWT as well, bare too', async () => {
    const { body } = await stage.api.ask('GET', '/v1/users/me', { token: stage.member.token });
    const jwt = await new SignJWT({ org: stage.organizationId })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('https://login.example.org')
      .setAudience('carillon')
      .setSubject(body.external_id)
      .setExpirationTime('10m')
      .sign(new TextEncoder().encode(key));
    expect((await ask(jwt)).status).toBe(200);
    expect((await ask(`Bearer ${jwt}`)).status).toBe(200);
  });

  it('counts whatever Grafana it is said to be for', async () => {
    const headers = { 'x-grafana-url': 'https://grafana.example.com', 'x-grafana-instance-id': '7' };
    expect((await ask(stage.member.token, headers)).status).toBe(200);
  });

  it.each([
    '',
    'meowmeowmeow',
    'Bearer',
    'Bearer a b',
    'Basic YTpi',
    'Token x',
    'a.b.c',
    `${'a'.repeat(9_000)}`,
  ])('is refused with 403 where it is no credential (%#)', async (authorization) => {
    const { status, body } = await ask(authorization);
    expect([status, body]).toEqual([403, { detail: 'Invalid token.' }]);
  });

  it('does not count in a query or a cookie', async () => {
    const { token } = stage.member;
    expect((await stage.ask('GET', `${path}?access_token=${token}&token=${token}`)).status).toBe(403);
    expect((await stage.ask('GET', path, { headers: { cookie: `token=${token}` } })).status).toBe(403);
  });

  it('that is refused stands in the log as that, without what was sent', async () => {
    const secret = randomUUID();
    await ask(secret);
    const lines = stage.api.logged().split('\n');
    expect(lines.some((line) => line.includes('auth.refused') && line.includes('oncall'))).toBe(true);
    expect(stage.api.logged()).not.toContain(secret);
  });
});
