import assert from 'node:assert/strict';
import type { BatteryCase } from './adapter-battery.ts';
import type { GoldenPair } from './golden-pairs.ts';
import { sendRaw, type RawAnswer as Answer } from './send-raw.ts';

/** A route of another system, as its table of routes tells it. */
export interface DescribedRoute {
  method: string;
  /** With its mount; parameters as `{id}`. */
  path: string;
  isPublic: boolean;
}

/** What a battery must know of a dialect: its tables, and what only its system knows. */
export interface DialectHarness {
  /** Read when a case runs, not before: the server is started meanwhile. */
  url(): string;
  routes: readonly DescribedRoute[];
  /** Paths that become WebSockets. */
  streams: readonly string[];
  mounts: readonly string[];
  pairs: readonly GoldenPair[];
  /** Every place in which this system's clients put a credential. */
  credentials: readonly {
    name: string;
    place(token: string): { headers?: Record<string, string>; query?: string };
  }[];
  /** `own` may do everything, `foreign` is as mighty in another organization. */
  tokens(): { own: string; foreign: string };
  /** Of a parameter by its name: a value that exists in the own organization only, and one that exists nowhere. */
  parameter(name: string, path: string): { own: string; unknown: string };
  /** A body that the route takes; undefined where it takes none. */
  bodyOf(route: DescribedRoute): unknown;
  /** Throws unless this is how the system tells an error with this status. */
  checkError(status: number, body: unknown): void;
  /** Throws unless this is how the system says that a path is not served. */
  checkUnservedPath(status: number, body: unknown): void;
  /** What nobody is answered where that is not 401. */
  nobodyStatus?: number;
  /** What a wrong credential is answered where that is not 401. */
  wrongCredentialStatus?: number;
  /** A system without 405 says that such a path is not served. */
  hasNo405?: boolean;
  /** Routes that take a list where others take an object only. */
  takesLists?(route: DescribedRoute): boolean;
  /** Routes that answer 204 for what is not there. */
  toleratesAbsent?(route: DescribedRoute): boolean;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What every dialect promises, as cases for `it.each(dialectBattery(harness))('$name', ({ run }) => run())`. */
export function dialectBattery(harness: DialectHarness): BatteryCase[] {
  const closed = harness.routes.filter((route) => !route.isPublic);
  return [
    ...harness.routes.flatMap((route) => servedCases(harness, route)),
    ...closed.flatMap((route) => closedCases(harness, route)),
    ...harness.streams.flatMap((path) => streamCases(harness, path)),
    ...harness.credentials.map(({ name, place }) => ({
      name: `takes the credential as ${name}`,
      run: () => takesCredential(harness, closed, place),
    })),
    ...pathCases(harness),
    ...harness.pairs.map((pair) => ({
      name: `knows the route of the golden pair "${pair.name}"`,
      run: async () => {
        const isServed = harness.routes.some((route) => isPairOf(pair, route));
        assert.ok(
          isServed || pair.response.status === 404 || pair.response.status === 405,
          pair.request.path,
        );
      },
    })),
  ];
}

function servedCases(harness: DialectHarness, route: DescribedRoute): BatteryCase[] {
  const line = lineOf(route);
  return [
    {
      name: `${line} is served`,
      async run() {
        const answer = await callOwn(harness, route);
        assert.ok(answer.status < 500 && ![401, 403, 405].includes(answer.status), told(answer));
        if (answer.status !== 404) return;
        assert.throws(() => harness.checkUnservedPath(404, bodyOf(answer)), told(answer));
      },
    },
    {
      name: `${line} has a golden pair`,
      run: async () =>
        assert.ok(
          harness.pairs.some((pair) => isPairOf(pair, route) && isAnswer(pair.response.status)),
          'no golden pair shows an answer of it',
        ),
    },
  ];
}

/** 426 is all that a stream answers to who does not ask for one. */
function isAnswer(status: number): boolean {
  return status < 400 || status === 426;
}

function closedCases(harness: DialectHarness, route: DescribedRoute): BatteryCase[] {
  const line = lineOf(route);
  const wrong = harness.wrongCredentialStatus ?? 401;
  const refusals = [
    { who: 'nobody', token: undefined, wanted: harness.nobodyStatus ?? 401 },
    {
      who: 'a credential that was never given out',
      ...{ token: `${'a'.repeat(10)}-${'b'.repeat(33)}`, wanted: wrong },
    },
    { who: 'a credential of no known form', token: '!!', wanted: wrong },
  ].map(({ who, token, wanted }) => ({
    name: `${line} refuses ${who}`,
    async run() {
      const answer = await call(harness, route.method, pathOf(harness, route, 'own'), {
        token,
        body: harness.bodyOf(route),
      });
      assert.equal(answer.status, wanted, told(answer));
      harness.checkError(wanted, bodyOf(answer));
    },
  }));
  return [...refusals, ...bodyCases(harness, route), ...parameterCases(harness, route)];
}

function bodyCases(harness: DialectHarness, route: DescribedRoute): BatteryCase[] {
  if (harness.bodyOf(route) === undefined) return [];
  const bodies: { what: string; body: string | Buffer }[] = [
    { what: 'that is no JSON', body: '{"half":' },
    ...(harness.takesLists?.(route) === true ? [] : [{ what: 'that is no object', body: '[1]' }]),
    { what: 'nested deeper than anyone would', body: `${'['.repeat(5_000)}${']'.repeat(5_000)}` },
    { what: 'that is no UTF-8', body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) },
  ];
  return bodies.map(({ what, body }) => ({
    name: `${lineOf(route)} refuses a body ${what}`,
    async run() {
      const token = harness.tokens().own;
      const answer = await call(harness, route.method, pathOf(harness, route, 'own'), { token, raw: body });
      checkRefusal(harness, answer);
    },
  }));
}

/** What another organization has is not there: the two answers differ in the id that was asked for and in nothing else. */
function parameterCases(harness: DialectHarness, route: DescribedRoute): BatteryCase[] {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.length === 0) return [];
  return [
    {
      name: `${lineOf(route)} refuses what exists nowhere, and what exists elsewhere with the same words`,
      async run() {
        const { own, foreign } = harness.tokens();
        const body = harness.bodyOf(route);
        const at = (which: 'own' | 'unknown', token: string) =>
          call(harness, route.method, pathOf(harness, route, which), { token, body });
        const unknown = await at('unknown', own);
        if (harness.toleratesAbsent?.(route) === true) assert.equal(unknown.status, 204, told(unknown));
        else checkRefusal(harness, unknown);
        const elsewhere = await at('own', foreign);
        const withoutIds = (text: string) =>
          names.reduce((left, name) => {
            const { own: one, unknown: other } = harness.parameter(name, route.path);
            return left.replaceAll(one, '…').replaceAll(other, '…');
          }, text);
        assert.deepEqual(
          { status: elsewhere.status, text: withoutIds(elsewhere.text) },
          { status: unknown.status, text: withoutIds(unknown.text) },
        );
      },
    },
    {
      name: `${lineOf(route)} refuses an id that is none`,
      async run() {
        for (const wrong of ['not-an-id', '%00', '%zz', '%25', "'--", '..%2F..', 'x'.repeat(2_000)]) {
          const path = route.path.replaceAll(/\{\w+\}/g, wrong);
          const token = harness.tokens().own;
          const answer = await call(harness, route.method, path, { token, body: harness.bodyOf(route) });
          checkRefusal(harness, answer, wrong);
        }
      },
    },
  ];
}

function checkRefusal(harness: DialectHarness, answer: Answer, asked = ''): void {
  assert.ok(answer.status >= 400 && answer.status < 500, `${asked} ${told(answer)}`);
  harness.checkError(answer.status, bodyOf(answer));
}

function streamCases(harness: DialectHarness, path: string): BatteryCase[] {
  const headers = {
    ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-key': Buffer.alloc(16, 7).toString('base64'),
  };
  return [undefined, '!!'].map((token) => ({
    name: `${path} refuses ${token === undefined ? 'nobody' : 'a wrong credential'} before the upgrade`,
    async run() {
      const answer = await call(harness, 'GET', path, { token, headers });
      assert.equal(answer.status, 401, told(answer));
      harness.checkError(401, bodyOf(answer));
    },
  }));
}

function pathCases(harness: DialectHarness): BatteryCase[] {
  const paths = new Set(harness.routes.map((route) => route.path));
  // A mount may be a route as well, and so may what is below it.
  const unserved = harness.mounts.flatMap((mount) =>
    [mount, `${mount}/nothing-of-the-sort`, `${mount}/a/b/c/d/e/f`]
      .filter((path) => !harness.routes.some((one) => isPairOf({ request: { ...one, path } }, one)))
      .map((path) => ({
        name: `${path} is not served, in this system's words`,
        async run() {
          for (const token of [undefined, harness.tokens().own]) {
            const answer = await call(harness, 'GET', path, { token });
            harness.checkUnservedPath(answer.status, bodyOf(answer));
          }
        },
      })),
  );
  const otherMethods = [...paths].map((path) => ({
    name: `${path} tells who uses another method`,
    async run() {
      const served = harness.routes.filter((route) => route.path === path).map((route) => route.method);
      const other = methods.find((method) => !served.includes(method)) ?? 'PROPFIND';
      const token = harness.tokens().own;
      const answer = await call(harness, other, pathOf(harness, { path }, 'own'), { token });
      if (harness.hasNo405 === true) return harness.checkUnservedPath(answer.status, bodyOf(answer));
      assert.equal(answer.status, 405, told(answer));
      assert.deepEqual((answer.headers.allow ?? '').split(', ').toSorted(), served.toSorted());
      harness.checkError(405, bodyOf(answer));
    },
  }));
  return [...unserved, ...otherMethods];
}

async function takesCredential(
  harness: DialectHarness,
  closed: readonly DescribedRoute[],
  place: DialectHarness['credentials'][number]['place'],
): Promise<void> {
  const route = closed.find(({ method, path }) => method === 'GET' && !path.includes('{'));
  assert.ok(route !== undefined, 'no route can be asked without an id');
  const wrong = await sendRaw(new URL(harness.url()), 'GET', route.path, place('!!'));
  assert.equal(wrong.status, harness.wrongCredentialStatus ?? 401, told(wrong));
  const right = await sendRaw(new URL(harness.url()), 'GET', route.path, place(harness.tokens().own));
  assert.ok(right.status < 300, told(right));
}

function lineOf({ method, path }: DescribedRoute): string {
  return `${method} ${path}`;
}

function isPairOf({ request }: Pick<GoldenPair, 'request'>, { method, path }: DescribedRoute): boolean {
  const [asked = ''] = request.path.split('?');
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
  return request.method === method && pattern.test(asked);
}

function pathOf(harness: DialectHarness, { path }: { path: string }, which: 'own' | 'unknown'): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(harness.parameter(name, path)[which]),
  );
}

function callOwn(harness: DialectHarness, route: DescribedRoute): Promise<Answer> {
  const { own } = harness.tokens();
  return call(harness, route.method, pathOf(harness, route, 'own'), {
    token: own,
    body: harness.bodyOf(route),
  });
}

interface CallOptions {
  token: string | undefined;
  body?: unknown;
  /** Sent as it is. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

function call(
  harness: DialectHarness,
  method: string,
  path: string,
  { token, body, raw, headers }: CallOptions,
): Promise<Answer> {
  const placed = token === undefined ? {} : harness.credentials[0]?.place(token);
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return sendRaw(
    new URL(harness.url()),
    method,
    path,
    { ...placed, headers: { ...placed?.headers, ...headers } },
    text,
  );
}

function bodyOf(answer: Answer): unknown {
  assert.match(answer.headers['content-type'] ?? '', /^application\/(\w+\+)?json\b/, told(answer));
  return JSON.parse(answer.text);
}

function told({ status, text }: Answer): string {
  return `answered ${status}: ${text}`;
}
