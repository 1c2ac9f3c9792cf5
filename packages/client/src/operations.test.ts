import { describe, expect, it } from '@jest/globals';
import { v1Routes } from '@carillon/contracts';
import { createCarillon } from './client.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

/** Calls that have no verb, and why. */
const withoutVerb = new Map([
  ['openInboxStream', '`inbox.live` opens streams'],
  ['getDocs', 'a page for people'],
  ['receiveCallback', 'vendors call it, with signatures of their own'],
]);

const expected = v1Routes.filter(({ operationId }) => !withoutVerb.has(operationId));

/** Calls every verb with parameters that fit nowhere else, and notes what was asked of the server. */
async function callAll(): Promise<Set<string>> {
  const asked = new Set<string>();
  const client = createCarillon({
    url: 'http://carillon.test',
    retries: 0,
    async fetch(url, init) {
      asked.add(`${init?.method} ${new URL(url instanceof Request ? url.url : url).pathname}`);
      return new Response('{"data":[],"next_cursor":null}', { status: 200 });
    },
  });
  const verbs: unknown[] = Object.values(client).flatMap((namespace) => Object.values(namespace));
  for (const verb of verbs) {
    if (typeof verb !== 'function' || verb.name === 'live') continue;
    await (verb as (...given: string[]) => Promise<unknown>)('param', 'param', 'param');
  }
  return asked;
}

describe('the verbs of the client', () => {
  it('are as the contracts say: method, path, what an idempotency key does', () => {
    const asContract = expected.map(({ operationId, method, path, idempotency }) => ({
      ...{ operationId, method, path, key: idempotency },
    }));
    const known: Record<string, Operation> = operations;
    const asKnown = expected.map(({ operationId }) => {
      const { method, path, key } = known[operationId] ?? {};
      return { operationId, method, path, key };
    });
    expect(asKnown).toEqual(asContract);
    expect(Object.keys(operations)).toHaveLength(expected.length);
  });

  it('reach every call of the API', async () => {
    const asked = await callAll();
    const paths = expected.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, 'param')}`);
    expect([...asked].sort()).toEqual([...new Set(paths)].sort());
  });

  it('read as text, and as an answer, what the contract says is one', () => {
    const known: Record<string, Operation> = operations;
    for (const { operationId, responses } of expected) {
      const isText = responses[200]?.contentType === 'text/plain';
      const others = Object.keys(responses)
        .map(Number)
        .filter((status) => status >= 400);
      expect([
        operationId,
        known[operationId]?.answersText ?? false,
        known[operationId]?.alsoAnswers ?? [],
      ]).toEqual([operationId, isText, others]);
    }
  });
});
