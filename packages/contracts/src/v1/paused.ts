import type { Static } from 'typebox';
import { flag, instant, nullable, object } from '../fields.ts';
import { route } from '../route.ts';
import { sampleInstants } from './samples.ts';

const tag = 'Paused';
const auth = { roles: ['admin'], scope: 'admin' } as const;

/** Whether an organization's notifications wait. */
export const Paused = object({
  paused: flag('Whether nothing is placed or delivered.'),
  paused_at: nullable(instant('Since when; null when it runs.')),
});
export type Paused = Static<typeof Paused>;

export const getPaused = route({
  operationId: 'getPaused',
  method: 'GET',
  path: '/v1/paused',
  summary: 'Tell whether the organization is paused',
  tag,
  auth,
  responses: {
    200: { description: 'Whether it is.', schema: Paused, example: { paused: false, paused_at: null } },
  },
});

export const setPaused = route({
  operationId: 'setPaused',
  method: 'PUT',
  path: '/v1/paused',
  summary: 'Pause or resume the organization',
  description:
    'While it is paused, notifications are accepted and wait. Resuming makes all of them due at once.',
  tag,
  auth,
  body: object({ paused: flag('Whether nothing is to be placed or delivered.') }),
  responses: {
    200: {
      description: 'As it is now.',
      schema: Paused,
      example: { paused: true, paused_at: sampleInstants.created },
    },
  },
  example: { body: { paused: true } },
});
