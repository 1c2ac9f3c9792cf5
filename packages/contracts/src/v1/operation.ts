import Type, { type Static } from 'typebox';
import { flag, integer, list, object, oneOf, text } from '../fields.ts';
import { route } from '../route.ts';
import { deliveryMode } from './delivery-mode.ts';

const tag = 'Operation';
const checkName = text(100, 'Name of a check, for example postgres.');

/** Whether the process should be left running. */
export const Liveness = object({
  status: oneOf(['live', 'stuck']),
  reason: Type.Optional(text(500, 'Why it should be restarted.')),
});
export type Liveness = Static<typeof Liveness>;

const readinessFields = {
  status: oneOf(['ready', 'not_ready', 'draining']),
  failing: list(checkName, 20, 'What it cannot work without and does not have.'),
  degraded: list(checkName, 20, 'What it would like to have and does not.'),
};

/** Whether the process should get requests. */
export const Readiness = object(readinessFields);
export type Readiness = Static<typeof Readiness>;

/** Everything known of the process, for people who are allowed to see it. */
export const HealthDetails = object({
  ...readinessFields,
  service: text(50, 'Which service.'),
  version: text(50, 'Version of Carillon.'),
  delivery_mode: deliveryMode,
  uptime_seconds: integer(0, Number.MAX_SAFE_INTEGER, 'How long it has been running.'),
  live: Liveness,
  checks: list(
    object({
      name: checkName,
      decisive: flag('Whether it cannot work without.'),
      ok: flag('Whether it is well.'),
      duration_ms: integer(0, 3_600_000, 'How long the check took.'),
      reason: Type.Optional(text(2048, 'What is wrong.')),
      details: Type.Optional(
        Type.Unsafe<Record<string, unknown>>({
          type: 'object',
          additionalProperties: true,
          'x-free-form': true,
        }),
      ),
    }),
    20,
    'One for each thing that it needs.',
  ),
});
export type HealthDetails = Static<typeof HealthDetails>;

const readyExample: Readiness = { status: 'ready', failing: [], degraded: [] };
const notReadyExample: Readiness = { status: 'not_ready', failing: ['postgres'], degraded: [] };

export const getLiveness = route({
  operationId: 'getLiveness',
  method: 'GET',
  path: '/livez',
  summary: 'Tell whether the process lives',
  description: 'Asks no other server: an outage of one must not restart all processes.',
  tag,
  auth: 'public',
  responses: {
    200: { description: 'It lives.', schema: Liveness, example: { status: 'live' } },
    503: {
      description: 'It should be restarted.',
      schema: Liveness,
      example: { status: 'stuck', reason: 'Work is due and nothing was claimed for 60 s.' },
    },
  },
});

export const getReadiness = route({
  operationId: 'getReadiness',
  method: 'GET',
  path: '/readyz',
  summary: 'Tell whether the process takes requests',
  description:
    'PostgreSQL decides. Redis is reported as degraded: without it, notifications are still accepted.',
  tag,
  auth: 'public',
  responses: {
    200: { description: 'It does.', schema: Readiness, example: readyExample },
    503: { description: 'It does not.', schema: Readiness, example: notReadyExample },
  },
});

export const getHealth = route({
  operationId: 'getHealth',
  method: 'GET',
  path: '/healthz',
  summary: 'Tell everything known of the process',
  tag,
  auth: { roles: ['operator', 'admin'], scope: 'admin' },
  responses: {
    200: {
      description: 'It takes requests.',
      schema: HealthDetails,
      example: {
        ...readyExample,
        service: 'api',
        version: '0.1.0',
        delivery_mode: 'live',
        uptime_seconds: 3600,
        live: { status: 'live' },
        checks: [{ name: 'postgres', decisive: true, ok: true, duration_ms: 1 }],
      },
    },
    503: {
      description: 'It does not.',
      schema: HealthDetails,
      example: {
        ...notReadyExample,
        service: 'api',
        version: '0.1.0',
        delivery_mode: 'live',
        uptime_seconds: 3600,
        live: { status: 'live' },
        checks: [
          {
            name: 'postgres',
            decisive: true,
            ok: false,
            duration_ms: 500,
            reason: 'no answer within 500 ms',
          },
        ],
      },
    },
  },
});

export const getMetrics = route({
  operationId: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Get the metrics for Prometheus',
  description:
    'In production only for who asks from the same machine and not through a proxy, or sends the token of an operator or an admin (with the scope `admin` where the token has any); otherwise for everybody.',
  tag,
  auth: 'public',
  problems: [401, 403],
  responses: { 200: { description: 'All metrics of the process.', contentType: 'text/plain' } },
});

export const getOpenApi = route({
  operationId: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'Get this document',
  tag,
  auth: 'public',
  responses: {
    200: {
      description: 'OpenAPI 3.1.',
      schema: Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        additionalProperties: true,
        'x-free-form': true,
      }),
      example: { openapi: '3.1.0' },
    },
  },
});

export const getDocs = route({
  operationId: 'getDocs',
  method: 'GET',
  path: '/docs',
  summary: 'Read this document as a page',
  tag,
  auth: 'public',
  responses: { 200: { description: 'A page that loads nothing from elsewhere.', contentType: 'text/html' } },
});
