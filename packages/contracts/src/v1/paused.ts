import { externalKinds, type ExternalKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { flag, instant, list, nullable, object, oneOf } from '../fields.ts';
import { route } from '../route.ts';
import { ChannelKindName } from './content.ts';
import { sampleInstants } from './samples.ts';

const tag = 'Paused';
const auth = { roles: ['admin'], scope: 'admin' } as const;

/** What of an organization waits. */
export const Paused = object({
  paused: flag('Whether nothing is placed or delivered.'),
  paused_at: nullable(instant('Since when; null when it runs.')),
  channels: list(ChannelKindName, 50, 'Channel kinds whose deliveries wait.'),
});
export type Paused = Static<typeof Paused>;

export const getPaused = route({
  operationId: 'getPaused',
  method: 'GET',
  path: '/v1/paused',
  summary: 'Tell what is paused',
  tag,
  auth,
  responses: {
    200: {
      description: 'What waits.',
      schema: Paused,
      example: { paused: false, paused_at: null, channels: ['email'] },
    },
  },
});

export const setPaused = route({
  operationId: 'setPaused',
  method: 'PUT',
  path: '/v1/paused',
  summary: 'Pause or resume the organization, or channel kinds of it',
  description:
    'While the organization is paused, notifications are accepted and wait. While a channel kind is paused, its deliveries wait as `pending` and everything else goes on. Resuming makes all that waited due at once. What is not named stays as it is.',
  tag,
  auth,
  body: object(
    {
      paused: Type.Optional(flag('Whether nothing is to be placed or delivered.')),
      channels: Type.Optional(
        list(oneOf<ExternalKind>(externalKinds), 50, 'All channel kinds whose deliveries are to wait.', {
          uniqueItems: true,
        }),
      ),
    },
    { minProperties: 1 },
  ),
  responses: {
    200: {
      description: 'As it is now.',
      schema: Paused,
      example: { paused: true, paused_at: sampleInstants.created, channels: ['email'] },
    },
  },
  example: { body: { paused: true } },
});
