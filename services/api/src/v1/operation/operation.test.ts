import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemCodes, v1Routes } from '@carillon/contracts';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let production: TestApi;
let admin: Actor;

beforeAll(async () => {
  api = await startTestApi();
  production = await startTestApi({ NODE_ENV: 'production' });
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(async () => {
  await api.stop();
  await production.stop();
});

describe('health', () => {
  it('tells everybody that it lives and is ready', async () => {
    expect((await api.ask('GET', '/livez')).body).toEqual({ status: 'live' });
    const ready = await api.ask('GET', '/readyz');
    expect(ready.body).toMatchObject({ status: 'ready', failing: [] });
    expect(ready.headers['cache-control']).toBe('no-store');
  });

  it('tells details to operators and admins only', async () => {
    const operator = await api.makeOperator();
    for (const token of [operator, admin.token]) {
      const { body } = await api.ask('GET', '/healthz', { token });
      expect(body.checks.map((one: { name: string }) => one.name)).toContain('postgres');
    }
    const member = await api.makeUser(admin.organizationId, 'member');
    expect((await api.ask('GET', '/healthz', { token: member.token })).status).toBe(403);
  });
});

describe('/metrics', () => {
  it('is open outside production', async () => {
    const { status, text, headers } = await api.ask('GET', '/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('carillon_build_info{');
  });

  it('is open in production to who asks from the same machine', async () => {
    expect((await production.ask('GET', '/metrics')).status).toBe(200);
  });

  it.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via'])(
    'is closed in production to what a proxy passed on with %s, but for operators and admins',
    async (name) => {
      const headers = { [name]: '203.0.113.7' };
      expect((await production.ask('GET', '/metrics', { headers })).body.code).toBe('auth.required');
      const own = await production.makeUser(await production.makeOrganization(), 'admin');
      const member = await production.makeUser(own.organizationId, 'member');
      const refused = await production.ask('GET', '/metrics', { headers, token: member.token });
      expect(refused.body.code).toBe('auth.forbidden');
      const operator = await production.makeOperator();
      for (const token of [own.token, operator]) {
        expect((await production.ask('GET', '/metrics', { headers, token })).status).toBe(200);
      }
    },
  );
});

describe('/openapi.json', () => {
  it('names every call, and is not sent again to who has it', async () => {
    const { body, headers } = await api.ask('GET', '/openapi.json');
    const operations = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((path) => Object.values(path))
      .map((one) => one.operationId);
    expect(new Set(operations)).toEqual(new Set(v1Routes.map((route) => route.operationId)));
    const status = await statusOf('/openapi.json', { 'If-None-Match': headers['etag'] ?? '' });
    expect(status).toBe(304);
  });
});

/** Asks past the checks of contracts: not modified is no answer of a contract but of HTTP. */
function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(`${api.url}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on('error', reject).end();
  });
}

describe('/docs', () => {
  it('loads nothing from elsewhere, and what it loads is served', async () => {
    const page = await api.ask('GET', '/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const loaded = [...page.text.matchAll(/(?:src|href|spec-url)="([^"]+)"/g)].map((match) => match[1] ?? '');
    const own = loaded.filter((path) => path !== 'data:,');
    expect(own.filter((path) => !path.startsWith('/') || path.startsWith('//'))).toEqual([]);
    for (const path of own) expect((await api.ask('GET', path)).status).toBe(200);
  });

  it.each(['/docs', '/docs/errors', '/docs/viewer.js', '/docs/style.css'])(
    '%s may load from its own origin only, and be in nobody’s frame',
    async (path) => {
      const { headers } = await api.ask('GET', path);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it('has the anchor that the type of each problem points to', async () => {
    const { text } = await api.ask('GET', '/docs/errors');
    const missing = problemCodes.filter((code) => !text.includes(`<section id="${code}">`));
    expect(missing).toEqual([]);
    expect(text).toContain('<code>Retry-After</code>');
    expect(text).not.toMatch(/<script/);
    const refused = await api.ask('GET', '/v1/users/me');
    expect(refused.body.type).toBe('http://127.0.0.1:8080/docs/errors#auth.required');
  });
});
