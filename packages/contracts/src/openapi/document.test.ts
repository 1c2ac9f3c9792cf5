import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Problem } from '../problem.ts';
import { makeAjv } from '../validate.ts';
import { v1Routes } from '../v1/routes.ts';
import { buildOpenApi } from './document.ts';

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
  security: unknown[];
  parameters: Record<string, unknown>[];
}
interface ProblemResponse {
  content: { 'application/problem+json': { examples: Record<string, { value: unknown }> } };
}

// As a client gets it.
const text = JSON.stringify(buildOpenApi({ version: '1.2.3', publicUrl: 'https://carillon.example.com' }));
const served = JSON.parse(text) as ReturnType<typeof buildOpenApi>;
const operations = Object.values(served.paths).flatMap((path) => Object.values(path) as Operation[]);
const idsOf = (those: readonly { operationId: string }[]): Set<string> =>
  new Set(those.map(({ operationId }) => operationId));

function operationOf(id: string): Operation {
  const operation = operations.find(({ operationId }) => operationId === id);
  if (operation === undefined) throw new Error(`${id} is not in the document`);
  return operation;
}

function partOf(path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((place, part) => (place as Record<string, unknown> | undefined)?.[part], served);
}

describe('buildOpenApi', () => {
  it('makes a document that an independent validator takes as OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone({ ...served }));
    expect({ errors: result.errors ?? [], version: validator.version }).toEqual({
      errors: [],
      version: '3.1',
    });
  });

  it('has every route with its operation id', () => {
    expect(operations).toHaveLength(v1Routes.length);
    expect(idsOf(operations)).toEqual(idsOf(v1Routes));
  });

  it('refers only to what it has', () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const dangling = references.filter((path) => partOf(path) === undefined);
    expect(references.length).toBeGreaterThan(100);
    expect(dangling).toEqual([]);
  });

  it('has no shape that nothing refers to, but the frames of the stream', () => {
    const schemas = served.components['schemas'] ?? {};
    const unused = Object.keys(schemas).filter((name) => !text.includes(`schemas/${name}"`));
    expect(unused).toEqual(['ServerFrame', 'ClientFrame']);
  });

  it.each([
    {
      id: 'createNotification',
      statuses: ['202', '400', '401', '403', '409', '413', '415', '422', '429', '500', '503'],
    },
    { id: 'getNotification', statuses: ['200', '400', '401', '403', '404', '429', '500', '503'] },
    { id: 'deleteUser', statuses: ['204', '400', '401', '403', '404', '409', '429', '500', '503'] },
    {
      id: 'createUser',
      statuses: ['200', '201', '400', '401', '403', '409', '413', '415', '422', '429', '500', '503'],
    },
    { id: 'getLiveness', statuses: ['200', '500', '503'] },
    { id: 'openInboxStream', statuses: ['101', '200', '400', '401', '403', '429', '500', '503'] },
  ])('tells each status that $id may answer', ({ id, statuses }) => {
    expect(new Set(Object.keys(operationOf(id).responses))).toEqual(new Set(statuses));
  });

  it('asks for an Idempotency-Key on every POST that takes one', () => {
    const taking = operations.filter(({ parameters }) =>
      parameters.some(({ $ref }) => $ref === '#/components/parameters/Idempotency-Key'),
    );
    const expected = v1Routes.filter((route) => ['stored', 'natural'].includes(route.idempotency ?? ''));
    expect(idsOf(taking)).toEqual(idsOf(expected));
    expect(idsOf(taking).has('createToken')).toBe(false);
  });

  it('needs a credential unless the route is public, and takes a ticket for the stream alone', () => {
    expect(operationOf('listInbox').security).toEqual([{ bearer: [] }]);
    expect(operationOf('getLiveness').security).toEqual([]);
    const withTicket = operations.filter(({ security }) => security.length === 2);
    expect(idsOf(withTicket)).toEqual(new Set(['openInboxStream']));
  });

  it('never requires a parameter that has a default', () => {
    const status = operationOf('listInbox').parameters.find(({ name }) => name === 'status');
    expect(status).toMatchObject({ in: 'query', required: false, schema: { default: 'all' } });
  });

  it('has examples of problems that are of the problem schema', () => {
    const isProblem = makeAjv({ allErrors: true }).compile(Problem);
    const responses = Object.values(served.components['responses'] ?? {}) as ProblemResponse[];
    const examples = responses.flatMap(({ content }) =>
      Object.values(content['application/problem+json'].examples),
    );
    expect(examples.length).toBeGreaterThan(30);
    for (const { value } of examples) {
      isProblem(value);
      expect(isProblem.errors ?? []).toEqual([]);
    }
  });

  it('names the version and the address that it was made for', () => {
    expect(served.info['version']).toBe('1.2.3');
    expect(served.servers).toEqual([{ url: 'https://carillon.example.com' }]);
  });
});
