import { externalKinds, type ExternalKind } from '@carillon/core';
import type { Static } from 'typebox';
import { flag, freeForm, integer, list, nullable, object, oneOf, text } from '../fields.ts';
import { route } from '../route.ts';
import { rateOrNull } from './channel-rate.ts';

const schemaBytesMax = 16 * 1024;

/** A way to reach people that Carillon can use, with what a form needs to set it up. */
export const ChannelKindObject = object({
  kind: oneOf<ExternalKind>(externalKinds),
  title: text(100, 'What people call it.'),
  settings: freeForm(
    schemaBytesMax,
    'JSON Schema of `settings` of a channel. Properties with `writeOnly` are secrets; what an absent one stands for is its `default`.',
  ),
  contact_point: nullable(
    freeForm(
      schemaBytesMax,
      'JSON Schema of the address of a contact point; null where the channel is the whole target, so that users need none.',
    ),
  ),
  digests: flag('Whether what was held for one user may be gathered into one message.'),
  rate: rateOrNull('How much its vendor takes through one channel; null where there is no such limit.'),
  retry_seconds: list(
    integer(0, 31_536_000, 'Seconds before a try.'),
    50,
    'How long is waited before the second, third … try, unless the receiver asks for more.',
  ),
});
export type ChannelKindObject = Static<typeof ChannelKindObject>;

export const listChannelKinds = route({
  operationId: 'listChannelKinds',
  method: 'GET',
  path: '/v1/channel-kinds',
  summary: 'List the kinds of channels',
  description:
    'What a channel and a contact point of each kind need, as JSON Schemas to draw forms from. What they cannot say is checked when a channel or a contact point is written.',
  tag: 'Channels',
  auth: { roles: ['admin', 'member'], scope: 'preferences' },
  responses: {
    200: {
      description: 'All kinds.',
      schema: object({ data: list(ChannelKindObject, 50, 'In the order in which they are decided.') }),
      example: {
        data: [
          {
            kind: 'null',
            title: 'Null (reaches nobody)',
            settings: {
              type: 'object',
              properties: { delay_ms: { type: 'integer', minimum: 0, maximum: 10_000 } },
              additionalProperties: false,
            },
            contact_point: null,
            digests: false,
            rate: null,
            retry_seconds: [1, 5, 30],
          },
        ],
      },
    },
  },
});
