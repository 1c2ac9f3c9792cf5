import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import { CarillonError, createCarillon, type AnswerFacts, type CarillonOptions } from '../src/index.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const problem = (status: number, code: string) => ({
  ...{ status, headers: { 'content-type': 'application/problem+json' } },
  body: { type: 'x', title: 'x', status, code, detail: `It is ${code}`, request_id: 'r' },
});
const accepted = { status: 202, body: { trigger_id: 't', notifications: [], deduplicated: 0, rejected: [] } };
const page = (ids: string[], next: string | null) => ({
  ...{ status: 200, body: { data: ids.map((id) => ({ id })), next_cursor: next, prev_cursor: null } },
});
const wish = { to: ['external:ada'], title: 'Hello' };

describe('a call', () => {
  let server: ScriptedServer;
  const waitsMs: number[] = [];
  /** Waits are noted and over at once; what ends a call for its time is real. */
  const clock = {
    nowMs: () => 0,
    after(delayMs: number, wake: () => void) {
      const isLimit = delayMs >= 30_000;
      if (!isLimit) waitsMs.push(delayMs);
      const timer = setTimeout(wake, isLimit ? delayMs : 0);
      return () => clearTimeout(timer);
    },
  };
  const client = (options: Partial<CarillonOptions> = {}) =>
    createCarillon({ url: `${server.url}/`, token: 'secret', clock, random: () => 1, ...options });
  const failureOf = (promise: Promise<unknown>) =>
    promise.then(
      () => Promise.reject(new Error('the call did not fail')),
      (error: unknown) => error as CarillonError,
    );

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterAll(() => server.stop());

  it('repeats a create under one idempotency key until it is stored', async () => {
    server.script('reset', problem(503, 'service.unavailable'), accepted);
    await expect(client().notifications.create(wish)).resolves.toEqual(accepted.body);
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(server.asked.map(({ body }) => JSON.parse(body))).toEqual([wish, wish, wish]);
  });

  it('uses another key for another call, and the one that the caller gives', async () => {
    server.script(accepted);
    const { notifications } = client();
    await notifications.create(wish);
    await notifications.create(wish);
    await notifications.create(wish, { idempotencyKey: 'mine' });
    const [first, second, third] = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(first).not.toBe(second);
    expect(third).toBe('mine');
  });

  it.each([
    {
      name: 'a change of a user',
      make: (c: ReturnType<typeof client>) => c.users.update('me', { name: 'A' }),
    },
    { name: 'a new token', make: (c: ReturnType<typeof client>) => c.tokens.create('me') },
  ])('makes $name once when nobody knows whether it was done', async ({ make }) => {
    server.script('reset', accepted);
    expect(await failureOf(make(client()))).toMatchObject({ code: 'client.network', retryable: true });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('waits for as long as the server asks, and no shorter than that', async () => {
    const busy = problem(429, 'rate.limited');
    server.script({ ...busy, headers: { 'retry-after': '2' } }, { status: 200, body: { unread: 1 } });
    waitsMs.length = 0;
    await client().inbox.counts();
    expect(waitsMs).toEqual([2_500]);
  });

  it('tells what was wrong, where, and under which name it stands in the log', async () => {
    const errors = [{ pointer: '/title', detail: 'is required' }];
    const refusal = problem(400, 'request.invalid');
    server.script({ ...refusal, body: { ...refusal.body, errors } });
    const error = await failureOf(client().notifications.create(wish));
    expect(error).toBeInstanceOf(CarillonError);
    expect(error).toMatchObject({
      ...{ name: 'CarillonError', code: 'request.invalid', status: 400, requestId: 'req-1', errors },
      ...{ retryable: false, message: 'It is request.invalid' },
    });
  });

  it.each([
    { name: 'a page of a proxy', answer: { status: 502, text: '<h1>Bad gateway</h1>' }, retryable: true },
    { name: 'another server', answer: { status: 200, text: '<h1>Welcome</h1>' }, retryable: false },
    { name: 'a 404 of another server', answer: { status: 404, body: { error: 'x' } }, retryable: false },
  ])('says that $name is not Carillon', async ({ answer, retryable }) => {
    server.script(answer);
    const error = await failureOf(client().inbox.counts());
    expect(error).toMatchObject({ code: 'client.answer_unreadable', status: answer.status, retryable });
  });

  it('does not follow a redirect with the credential', async () => {
    server.script({ status: 302, headers: { location: `${server.url}/elsewhere` } });
    expect(await failureOf(client({ retries: 0 }).inbox.counts())).toMatchObject({ code: 'client.network' });
    expect(server.asked).toHaveLength(1);
  });

  it('gets another token when the one it has is refused, once for calls at the same time', async () => {
    const refused = problem(401, 'auth.invalid');
    let given = 0;
    const token = async (): Promise<string> => `token-${(given += 1)}`;
    server.script(refused, refused, { status: 200, body: { unread: 1 } });
    const { inbox } = client({ token });
    await Promise.all([inbox.counts(), inbox.counts()]);
    expect(given).toBe(2);
    expect(server.asked.map(({ headers }) => headers.authorization).slice(2)).toEqual([
      'Bearer token-2',
      'Bearer token-2',
    ]);
  });

  it('fails with the refusal when the new token is refused too', async () => {
    server.script(problem(401, 'auth.invalid'));
    const error = await failureOf(client({ token: () => 'always' }).inbox.counts());
    expect(error).toMatchObject({ status: 401, retryable: false });
    expect(server.asked).toHaveLength(2);
  });

  it('ends when its time is over, and when its signal says so', async () => {
    server.script('silence');
    const late = await failureOf(client({ timeoutMs: 20 }).inbox.counts());
    expect(late).toMatchObject({ code: 'client.timeout', retryable: true, status: undefined });
    const stopping = new AbortController();
    const call = client().inbox.counts({ signal: stopping.signal });
    // What is asked later would take an answer of the next test.
    await pollUntil(() => server.asked.length === 2);
    stopping.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect(client().inbox.counts({ signal: stopping.signal })).rejects.toThrow('enough');
  });

  it('takes a removal that was repeated for done when nothing is there any more', async () => {
    server.script('reset', problem(404, 'user.not_found'));
    await expect(client().users.delete('external:ada')).resolves.toBeUndefined();
    server.script(problem(404, 'user.not_found'));
    expect(await failureOf(client().users.delete('external:ada'))).toMatchObject({ status: 404 });
  });

  it.each(['', '.', '..'])('refuses %j as an id, which would be another path', async (id) => {
    server.script(page([], null));
    await expect(client().users.get(id)).rejects.toThrow(TypeError);
    expect(server.asked).toHaveLength(0);
  });

  it('writes ids and queries so that they arrive as they are', async () => {
    server.script(page([], null));
    await client().users.list({ external_id: 'a/b&c=é', limit: 5 });
    await client().users.get('external:a/b?c');
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/v1/users?external_id=a%2Fb%26c%3D%C3%A9&limit=5',
      '/v1/users/external%3Aa%2Fb%3Fc',
    ]);
  });

  it('walks through a list page by page', async () => {
    server.script(page(['1', '2'], 'b'), page(['3'], 'c'), page([], null));
    const ids: string[] = [];
    for await (const { id } of client().users.list({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
    expect(server.asked.map(({ path }) => path)).toEqual([
      '/v1/users?limit=2',
      '/v1/users?limit=2&cursor=b',
      '/v1/users?limit=2&cursor=c',
    ]);
  });

  it('fetches no more pages than are read', async () => {
    server.script(page(['1', '2'], 'b'));
    for await (const { id } of client().users.list()) if (id === '2') break;
    expect((await client().users.list()).data).toHaveLength(2);
    expect(server.asked).toHaveLength(2);
  });

  it('tells the ETag of an answer, and sends it as If-Match', async () => {
    server.script({ status: 200, headers: { etag: '"v1"' }, body: {} });
    const facts: AnswerFacts[] = [];
    await client().quietHours.get('me', { onAnswer: (one) => facts.push(one) });
    await client().quietHours.set('me', { start: '22:00', end: '07:00' }, { ifMatch: facts[0]?.etag ?? '' });
    expect(facts[0]).toMatchObject({ status: 200, etag: '"v1"', requestId: 'req-1', replayed: false });
    expect(server.asked[1]?.headers['if-match']).toBe('"v1"');
  });

  it('needs a URL that is one', () => {
    expect(() => createCarillon({ url: 'carillon.example.com' })).toThrow('Invalid URL');
    expect(() => createCarillon({ url: 'ftp://carillon.example.com' })).toThrow('http:// or https://');
  });
});
