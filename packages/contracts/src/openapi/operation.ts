import type { TSchema } from 'typebox';
import { takesIfMatch, takesIfNoneMatch } from '../conditional.ts';
import type { Answer, Route } from '../route.ts';
import { problemStatusesOf } from './problems.ts';
import { refer } from './schemas.ts';

/** One call as an Operation Object (OpenAPI 3.1, section 4.8.10). */
export function operationOf(route: Route): Record<string, unknown> {
  const { operationId, summary, tag, auth, body } = route;
  return {
    operationId,
    summary,
    description: describe(route),
    tags: [tag],
    security: auth === 'public' ? [] : [{ bearer: [] }, ...(auth.orTicket === true ? [{ ticket: [] }] : [])],
    parameters: [
      ...parametersOf(route.params, 'path', route.example?.params),
      ...parametersOf(route.query, 'query', route.example?.query),
      ...(route.idempotency === 'stored' || route.idempotency === 'natural'
        ? [{ $ref: '#/components/parameters/Idempotency-Key' }]
        : []),
      ...(takesIfMatch(route) ? [{ $ref: '#/components/parameters/If-Match' }] : []),
      ...(takesIfNoneMatch(route) ? [{ $ref: '#/components/parameters/If-None-Match' }] : []),
    ],
    ...(body !== undefined && { requestBody: requestBodyOf(body, route.example?.body) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, answer]) => [status, responseOf(route, answer)]),
      ),
      ...Object.fromEntries(
        problemStatusesOf(route).map((status) => [
          status,
          { $ref: `#/components/responses/Problem${status}` },
        ]),
      ),
    },
  };
}

function describe({ description, auth, idempotency, bodyBytesMax }: Route): string {
  const parts = description === undefined ? [] : [description];
  if (auth === 'public') parts.push('Needs no credential.');
  else {
    const scope =
      auth.scope === undefined ? '' : ` A token that is limited needs the scope \`${auth.scope}\`.`;
    parts.push(`For ${auth.roles.map((role) => `\`${role}\``).join(', ')}.${scope}`);
  }
  if (idempotency === 'natural') parts.push('A repeat is harmless with or without an `Idempotency-Key`.');
  if (idempotency === 'unsupported') parts.push('Refuses an `Idempotency-Key`: the answer is never stored.');
  if (bodyBytesMax !== undefined) parts.push(`The body may have ${bodyBytesMax / 1024} KiB.`);
  return parts.join('\n\n');
}

interface ParameterSchema {
  description?: string;
  default?: unknown;
  type?: unknown;
}

function parametersOf(
  schema:
    | (TSchema & { properties?: Record<string, ParameterSchema>; required?: readonly string[] })
    | undefined,
  place: 'path' | 'query',
  examples: Readonly<Record<string, string>> = {},
): unknown[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...shape } = property;
    // A parameter with a default is always there for the handler, and never asked of the caller.
    const isRequired = schema?.required?.includes(name) === true && property.default === undefined;
    const isText = property.type === 'string';
    return {
      name,
      in: place,
      required: isRequired,
      description,
      schema: refer(shape),
      ...(property.type === 'array' && { style: 'form', explode: false }),
      ...(isText && name in examples && { example: examples[name] }),
    };
  });
}

function requestBodyOf(schema: TSchema & { required?: readonly string[] }, example: unknown): unknown {
  return {
    required: (schema.required ?? []).length > 0 || 'minProperties' in schema || 'anyOf' in schema,
    content: { 'application/json': { schema: refer(schema), ...(example !== undefined && { example }) } },
  };
}

function responseOf(route: Route, answer: Answer): unknown {
  const { description, schema, example, contentType = 'application/json' } = answer;
  const own = Object.entries(answer.headers ?? {}).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ]);
  const hasContent = schema !== undefined || answer.contentType !== undefined;
  return {
    description,
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(route.auth !== 'public' && { RateLimit: { $ref: '#/components/headers/RateLimit' } }),
      ...(route.idempotency === 'stored' && {
        'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' },
      }),
      ...Object.fromEntries(own),
    },
    ...(hasContent && {
      content: {
        [contentType]: {
          schema: schema === undefined ? { type: 'string' } : refer(schema),
          ...(example !== undefined && { example }),
        },
      },
    }),
  };
}
