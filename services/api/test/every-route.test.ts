import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileRoute, v1Routes, type Route } from '@carillon/contracts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** Calls that everybody may make; a route that joins them must be named here. */
const open = new Set([
  ...['getLiveness', 'getReadiness', 'getMetrics', 'getOpenApi', 'getDocs'],
  // They are about getting a credential.
  ...['createSession', 'refreshSession', 'endSession'],
  // Vendors have signatures in the place of tokens.
  'receiveCallback',
]);
const closed = v1Routes.filter((route) => !open.has(route.operationId));
const forAdmins = closed.filter((route) => route.auth !== 'public' && !route.auth.roles.includes('member'));
const forUsers = closed.filter((route) => route.auth !== 'public' && !route.auth.roles.includes('operator'));
const unknownId = '01981c5e-8f00-7000-8000-0000000000ff';

let api: TestApi;
let admin: Actor;
let member: Actor;
let operator: string;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  operator = await api.makeOperator();
});
afterAll(() => api.stop());

/** The path of a route with ids that exist nowhere. */
function pathOf(route: Route): string {
  return route.path.replaceAll(/\{\w+\}/g, unknownId);
}

/** What the documents show as a body of the route. */
function bodyOf(route: Route): unknown {
  return route.body === undefined ? undefined : (route.example?.body ?? {});
}

/** A server whose paths are matched in a wrong order would answer another call than the one asked for. */
describe('every route', () => {
  // The stream never ends; that it is served shows in its refusal of an unknown query parameter below.
  it.each(v1Routes.filter((route) => route.operationId !== 'openInboxStream'))(
    '$operationId is served',
    async (route) => {
      const answer = await api.ask(route.method, pathOf(route), { token: admin.token, body: bodyOf(route) });
      expect(answer.body?.code).not.toBe('route.not_found');
      expect(answer.status).not.toBe(405);
      expect(answer.status).toBeLessThan(500);
    },
  );

  it.each(closed)('$operationId refuses who sends no credential', async (route) => {
    const answer = await api.ask(route.method, pathOf(route), { body: bodyOf(route) });
    expect(answer.body.code).toBe('auth.required');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="carillon"');
  });

  it.each(closed)('$operationId refuses a token that was never given out', async (route) => {
    const token = '0123456789-012345678901234567890123456789012';
    const answer = await api.ask(route.method, pathOf(route), { token, body: bodyOf(route) });
    expect(answer.body.code).toBe('auth.invalid');
  });

  it.each(closed)('$operationId refuses a token in the query', async (route) => {
    const path = `${pathOf(route)}?access_token=${admin.token}`;
    const answer = await api.ask(route.method, path, { token: admin.token });
    expect([400, 401, 403]).toContain(answer.status);
  });

  it.each(forAdmins)('$operationId refuses a member', async (route) => {
    const answer = await api.ask(route.method, pathOf(route), { token: member.token, body: bodyOf(route) });
    expect(answer.body.code).toBe('auth.forbidden');
  });

  it.each(forUsers)('$operationId refuses an operator that is no user', async (route) => {
    const answer = await api.ask(route.method, pathOf(route), { token: operator, body: bodyOf(route) });
    expect(answer.body.code).toBe('auth.forbidden');
  });

  it.each(closed.filter((route) => route.auth !== 'public' && route.auth.scope !== undefined))(
    '$operationId refuses a token that was limited to another scope',
    async (route) => {
      const scope = route.auth === 'public' ? undefined : route.auth.scope;
      const roles = route.auth === 'public' ? [] : route.auth.roles;
      const actor = roles.includes('admin') ? admin : member;
      const token = await api.makeToken(actor, [scope === 'inbox' ? 'send' : 'inbox']);
      const answer = await api.ask(route.method, pathOf(route), { token, body: bodyOf(route) });
      expect(answer.body.code).toBe('auth.scope_missing');
    },
  );

  it.each(closed.filter((route) => takesObject(route)))(
    '$operationId refuses an unknown field and points to it',
    async (route) => {
      const body = { ...(bodyOf(route) as object), surprise: 1 };
      const token = roleOf(route);
      const path = examplePathOf(route);
      const answer = await api.ask(route.method, path, { token, body });
      expect(answer.body.code).toBe('request.invalid');
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: '/surprise' }));
    },
  );

  it.each(closed.filter((route) => route.method === 'GET'))(
    '$operationId refuses an unknown query parameter and points to it',
    async (route) => {
      const path = `${examplePathOf(route)}?surprise=1`;
      const answer = await api.ask(route.method, path, { token: roleOf(route) });
      expect(answer.body.code).toBe('request.invalid');
      expect(answer.body.errors[0].pointer).toBe('/query/surprise');
    },
  );

  it.each(closed.filter((route) => route.idempotency === 'unsupported'))(
    '$operationId refuses an Idempotency-Key',
    async (route) => {
      const headers = { 'Idempotency-Key': 'k-1' };
      const asked = { token: roleOf(route), body: bodyOf(route), headers };
      const answer = await api.ask(route.method, examplePathOf(route), asked);
      expect(answer.body.code).toBe('idempotency.unsupported');
    },
  );
});

describe('a path that is served for other methods only', () => {
  it.each(['/v1/users', '/v1/channels', '/v1/paused', '/livez'])('%s says which', async (path) => {
    const answer = await api.ask('DELETE', path, { token: admin.token });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toContain('GET');
  });
});

function takesObject(route: Route): boolean {
  if (route.body === undefined) return false;
  return compileRoute(route).body(bodyOf(route)).ok;
}

function examplePathOf(route: Route): string {
  const params = route.example?.params ?? {};
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? unknownId),
  );
}

function roleOf(route: Route): string {
  const roles = route.auth === 'public' ? [] : route.auth.roles;
  return roles.includes('admin') ? admin.token : roles.includes('member') ? member.token : operator;
}
