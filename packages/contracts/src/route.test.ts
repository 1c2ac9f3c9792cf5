import { describe, expect, it } from '@jest/globals';
import { object, uuid } from './fields.ts';
import { route, type AnswerOf, type BodyOf, type ParamsOf, type QueryOf } from './route.ts';
import type { createToken } from './v1/tokens.ts';
import type { listInbox } from './v1/inbox.ts';

const plain = {
  operationId: 'x',
  path: '/v1/x',
  summary: 'x',
  tag: 'x',
  auth: 'public',
  responses: { 204: { description: 'x' } },
} as const;

describe('route', () => {
  it('gives back the definition itself', () => {
    const definition = { ...plain, method: 'GET' } as const;
    expect(route(definition)).toBe(definition);
  });

  it.each([
    {
      name: 'a POST that does not say what an idempotency key does',
      definition: { ...plain, method: 'POST' },
    },
    {
      name: 'an idempotency key on a PUT',
      definition: { ...plain, method: 'PUT', idempotency: 'natural' },
    },
    { name: 'a GET with a body', definition: { ...plain, method: 'GET', body: object({}) } },
    {
      name: 'a path parameter without a schema',
      definition: { ...plain, method: 'GET', path: '/v1/x/{id}' },
    },
    {
      name: 'a schema of parameters that the path does not have',
      definition: { ...plain, method: 'GET', params: object({ id: uuid('x') }) },
    },
  ] as const)('refuses $name', ({ definition }) => expect(() => route(definition)).toThrow(TypeError));

  it('tells handlers the types of what they get and answer', () => {
    // Judged by the compiler (`npm run check`): a wrong type here, or none where one is expected, does not compile.
    const limit: QueryOf<typeof listInbox>['limit'] = 5;
    const cursor: QueryOf<typeof listInbox>['cursor'] = undefined;
    const id: ParamsOf<typeof createToken>['id'] = 'me';
    const noBody: BodyOf<typeof listInbox> = undefined;
    const token: AnswerOf<typeof createToken, 201>['token'] = 'a-b';
    // @ts-expect-error a scope that does not exist
    const scopes: BodyOf<typeof createToken>['scopes'] = ['everything'];
    expect([limit, cursor, id, noBody, token, scopes]).toHaveLength(6);
  });
});
