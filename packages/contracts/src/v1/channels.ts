import { externalKinds, type ExternalKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import { flag, freeForm, instant, integer, list, nullable, object, oneOf, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { rateOrNull } from './channel-rate.ts';
import { deliveryMode } from './delivery-mode.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Channels';
const auth = { roles: ['admin'], scope: 'admin' } as const;
const byId = object({ id: uuid('Channel id.') });
const byIdExample = { id: sampleIds.channel };
const name = text(100, 'Name to show.');
const enabled = flag('Whether anything is sent through it.', { default: true });
const order = integer(
  0,
  10_000,
  'Of several channels of one kind, the enabled one with the lowest is used, and the next when a try through it fails in a way that may pass, or its target does not answer.',
  {
    default: 0,
  },
);
const settings = freeForm(
  16 * 1024,
  'As the kind asks for. Secrets are kept encrypted and never given back: an answer shows `{"set": true, "last4": "…"}` in their place.',
);

const rate = rateOrNull(
  'How much may be sent through it, over all workers; what is too much waits for its turn. Null for what the vendor takes, as `GET /v1/channel-kinds` tells.',
);

/** Whether the target of a channel answers. */
const circuit = object(
  {
    state: oneOf(['closed', 'open'], {
      description:
        '`open` after ten failures in a row: nothing but a probe every 30 seconds is sent, and what cannot go through another channel of the kind waits. A probe that arrives closes it, and so does a change of the settings.',
    }),
    opened_at: nullable(instant('Since when; null while it is closed.')),
    probe_at: nullable(instant('When the next probe is due; null while it is closed.')),
  },
  { description: 'Whether its target answers.' },
);

const channelFields = {
  id: uuid('Channel id.'),
  kind: oneOf<ExternalKind>(externalKinds),
  name,
  enabled,
  position: order,
  settings,
  rate,
  circuit,
  paused_at: nullable(instant('Since when its deliveries wait; null when it runs.')),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
};

/** One configured instance of a channel kind in an organization. */
export const Channel = object(channelFields);
export type Channel = Static<typeof Channel>;

/** A channel at the moment of a write, which is the only one when a secret that Carillon made is told. */
export const WrittenChannel = object({
  ...channelFields,
  generated: Type.Optional(
    object(
      { secret: Type.Optional(text(128, 'The signing secret of a webhook, as its receiver needs it.')) },
      {
        description:
          'Secrets that Carillon made because none were given. They are shown only here, and not in a repeat.',
      },
    ),
  ),
});
export type WrittenChannel = Static<typeof WrittenChannel>;

/** What stands in an answer in the place of a secret setting. */
export const SecretSetting = object({
  set: Type.Literal(true),
  last4: text(4, 'The last characters, to tell secrets apart; empty for short ones.', { minLength: 0 }),
});
export type SecretSetting = Static<typeof SecretSetting>;

// Not a secret: it reads "an example that nobody uses".
const exampleSecret = 'whsec_YW4gZXhhbXBsZSB0aGF0IG5vYm9keSB1c2Vz';

const channelExample: Channel = {
  id: sampleIds.channel,
  kind: 'webhook',
  name: 'Ops room',
  enabled: true,
  position: 0,
  settings: {
    url: 'https://example.com/hooks/carillon',
    secret: { set: true, last4: exampleSecret.slice(-4) },
  },
  rate: null,
  circuit: { state: 'closed', opened_at: null, probe_at: null },
  paused_at: null,
  created_at: sampleInstants.created,
  updated_at: sampleInstants.created,
};

export const createChannel = route({
  operationId: 'createChannel',
  method: 'POST',
  path: '/v1/channels',
  summary: 'Set up a channel',
  description:
    'A webhook that is set up without a `secret` gets one, which only this answer tells, in `generated`. With the setting `"format": "coder"` it posts the body that Coder posts, for receivers written for Coder. An organization has 100 channels at most.',
  tag,
  auth,
  idempotency: 'stored',
  body: object({
    kind: oneOf<ExternalKind>(externalKinds),
    name,
    enabled: Type.Optional(enabled),
    position: Type.Optional(order),
    settings: Type.Optional(settings),
    rate: Type.Optional(rate),
  }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Set up.',
      schema: WrittenChannel,
      example: { ...channelExample, generated: { secret: exampleSecret } },
      headers: { Location: 'Where it can be read.' },
    },
  },
  example: {
    body: { kind: 'webhook', name: 'Ops room', settings: { url: 'https://example.com/hooks/carillon' } },
  },
});

export const listChannels = route({
  operationId: 'listChannels',
  method: 'GET',
  path: '/v1/channels',
  summary: 'List channels',
  tag,
  auth,
  responses: {
    200: {
      description: 'All channels.',
      schema: object({
        data: list(Channel, 200, 'By kind, then by position.'),
        delivery_mode: deliveryMode,
      }),
      example: { data: [channelExample], delivery_mode: 'live' },
    },
  },
});

export const getChannel = route({
  operationId: 'getChannel',
  method: 'GET',
  path: '/v1/channels/{id}',
  summary: 'Get one channel',
  tag,
  auth,
  params: byId,
  responses: {
    200: { description: 'The channel.', schema: Channel, example: channelExample, headers: tagged },
    304: notModified,
  },
  example: { params: byIdExample },
});

export const updateChannel = route({
  operationId: 'updateChannel',
  method: 'PATCH',
  path: '/v1/channels/{id}',
  summary: 'Change a channel',
  description:
    'What is not named stays. So does a setting that is not named, secrets too; null removes one. A webhook whose `secret` is removed gets a new one, which only this answer tells, in `generated`.',
  tag,
  auth,
  params: byId,
  body: object(
    {
      name: Type.Optional(name),
      enabled: Type.Optional(flag('Whether anything is sent through it.')),
      position: Type.Optional(integer(0, 10_000, 'The lowest enabled one of a kind is used.')),
      settings: Type.Optional(settings),
      rate: Type.Optional(rate),
    },
    { minProperties: 1 },
  ),
  problems: [412, 422],
  responses: {
    200: { description: 'As it is now.', schema: WrittenChannel, example: channelExample, headers: tagged },
  },
  example: { params: byIdExample, body: { enabled: false } },
});

export const deleteChannel = route({
  operationId: 'deleteChannel',
  method: 'DELETE',
  path: '/v1/channels/{id}',
  summary: 'Remove a channel',
  description: 'What is pending for it is not sent.',
  tag,
  auth,
  params: byId,
  problems: [412],
  responses: { 204: { description: 'Removed.' } },
  example: { params: byIdExample },
});

export const pauseChannel = route({
  operationId: 'pauseChannel',
  method: 'POST',
  path: '/v1/channels/{id}/pause',
  summary: 'Pause a channel',
  description:
    'What would go out through it waits as `pending`, in the place of falling back to another channel; everything else goes on, and tests of it are sent. A repeat changes nothing.',
  tag,
  auth,
  idempotency: 'natural',
  params: byId,
  responses: {
    200: {
      description: 'As it is now.',
      schema: Channel,
      example: { ...channelExample, paused_at: sampleInstants.created },
    },
  },
  example: { params: byIdExample },
});

export const resumeChannel = route({
  operationId: 'resumeChannel',
  method: 'POST',
  path: '/v1/channels/{id}/resume',
  summary: 'Resume a channel',
  description:
    'What waited is due at once, and flows as fast as the channel may send. A repeat changes nothing.',
  tag,
  auth,
  idempotency: 'natural',
  params: byId,
  responses: { 200: { description: 'As it is now.', schema: Channel, example: channelExample } },
  example: { params: byIdExample },
});

/** What the target of a test answered. */
export const ChannelTestResult = object({
  outcome: oneOf(['sent', 'captured'], {
    description: '`captured`: it was kept back and written down, because this installation is on trial.',
  }),
  reason: nullable(text(2048, 'What the target said, where it said something.')),
  status_code: nullable(integer(100, 599, 'The status that it answered with, where there is one.')),
});
export type ChannelTestResult = Static<typeof ChannelTestResult>;

export const testChannel = route({
  operationId: 'testChannel',
  method: 'POST',
  path: '/v1/channels/{id}/test',
  summary: 'Send a test message now',
  description:
    'To a contact point or an address; kinds that take no address need neither. Answers when the target has answered; a target that does not take the message, or does not answer within 10 seconds, is a 502 with what it said. A channel is tested 10 times a minute at most.',
  tag,
  auth,
  idempotency: 'unsupported',
  params: byId,
  body: object(
    {
      contact_point_id: Type.Optional(uuid('Whose address to use.')),
      address: Type.Optional(text(2048, 'An address in the form of the kind.')),
    },
    { maxProperties: 1, 'x-rule': 'must name `contact_point_id` or `address`, not both' },
  ),
  problems: [422, 429, 502],
  responses: {
    200: {
      description: 'The target took it.',
      schema: ChannelTestResult,
      example: { outcome: 'sent', reason: null, status_code: 204 },
    },
  },
  example: { params: byIdExample, body: { address: 'ada@example.com' } },
});
