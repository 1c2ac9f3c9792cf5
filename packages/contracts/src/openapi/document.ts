import { v1Routes } from '../v1/routes.ts';
import { operationOf } from './operation.ts';
import { problemComponents } from './problems.ts';
import { schemaComponents } from './schemas.ts';

/** The parts of an OpenAPI 3.1 document that this API has. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: Record<string, unknown>;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, Record<string, unknown>>;
}

const tags: OpenApiDocument['tags'] = [
  { name: 'Notifications', description: 'Tell users something, and see what became of it.' },
  { name: 'Inbox', description: "The caller's own inbox: lists, marks, and a live stream of its changes." },
  { name: 'Users', description: 'People and programs of an organization.' },
  { name: 'Contact points', description: 'Addresses of users.' },
  { name: 'Rules', description: 'In what order users are notified, and how long is waited in between.' },
  { name: 'Sessions', description: 'Logging in with a password, for pages that people use.' },
  { name: 'Tokens', description: 'Credentials of users.' },
  { name: 'Channels', description: 'Ways to reach people, as the organization has set them up.' },
  { name: 'Deliveries', description: 'The log: each notification on its way to each target.' },
  { name: 'Paused', description: 'Hold everything back for a while.' },
  { name: 'Organizations', description: 'Tenants.' },
  { name: 'Operation', description: 'For those who run Carillon.' },
];

const description = `Self-hosted notification service.

- Fields are snake_case, ids are UUIDs, instants are ISO 8601 in UTC. A user can also be named \`external:<id in your own system>\`, and \`me\` is the caller.
- Unknown fields and unknown query parameters are refused with their place. Texts must not contain U+0000; bodies are nested 32 levels deep at most and have at most 256 KiB, unless a call says otherwise.
- Lists are \`{data, next_cursor, prev_cursor}\`; a cursor is opaque.
- Everything that is no success is \`application/problem+json\` (RFC 9457): decide by its \`code\`.
- What has an \`ETag\` can be changed with \`If-Match\`, so that of two changes at once neither is lost, and read again with \`If-None-Match\`.
- Every answer has an \`X-Request-Id\`: the caller's own if it sent a well-formed one.`;

/**
 * The OpenAPI 3.1 document of the native API, made from the same routes that the server validates
 * with. `publicUrl` is the base that callers use, without a slash at its end.
 */
export function buildOpenApi(options: { version: string; publicUrl: string }): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carillon',
      version: options.version,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.publicUrl }],
    tags,
    paths: buildPaths(),
    components: {
      schemas: schemaComponents(),
      responses: problemComponents(options.publicUrl),
      parameters: { 'Idempotency-Key': idempotencyKey, 'If-Match': ifMatch, 'If-None-Match': ifNoneMatch },
      headers,
      securitySchemes,
    },
  };
}

function buildPaths(): OpenApiDocument['paths'] {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of v1Routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Make one for each new call, and repeat it with each repeat of that call: within 24 hours the repeat makes nothing and gets the first answer, with `Idempotency-Replayed: true`. The same key with another body is a 422, while the first call runs a 409.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  example: '7f9c24e5-2c1b-4a8e-9a57-0d6f3f1f5c11',
};

const etags = { type: 'string', minLength: 1, examples: ['"nJ3n8sQvN1mVXo1eYp0a0A"'] };
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of the state that the change is meant for, or several, or `*` for any. If it is another by now, nothing is changed and the answer is 412. Without it, the last change wins.',
  schema: etags,
};
const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of what the caller has, or several. If it is still the same, the answer is 304.',
  schema: etags,
};

const headers = {
  'X-Request-Id': {
    description: 'Names this request in the log.',
    schema: { type: 'string', maxLength: 200 },
  },
  'Retry-After': {
    description: 'Seconds after which a repeat may help.',
    schema: { type: 'integer', minimum: 0 },
  },
  RateLimit: {
    description: 'What is left of the share of the caller, and seconds until it is whole again.',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: '`true` when this is the answer of an earlier call with the same key.',
    schema: { type: 'string', const: 'true' },
  },
};

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token of Carillon, or a JWT of an issuer that this installation trusts.',
  },
  ticket: {
    type: 'apiKey',
    in: 'query',
    name: 'ticket',
    description: 'A ticket of POST /v1/inbox/stream/tickets.',
  },
};
