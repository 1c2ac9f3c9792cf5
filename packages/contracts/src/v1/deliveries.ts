import {
  attemptOutcomes,
  deliveryStates,
  externalKinds,
  reasonCodes,
  type AttemptOutcome,
  type DeliveryState,
  type ExternalKind,
  type ReasonCode,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import {
  count,
  instant,
  integer,
  list,
  nullable,
  object,
  oneOf,
  pageOf,
  paging,
  text,
  uuid,
} from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Deliveries';
const auth = { roles: ['admin', 'system'], scope: 'send' } as const;
const byId = object({ id: uuid('Delivery id.') });
const byIdExample = { id: sampleIds.delivery };
const state = oneOf<DeliveryState>(deliveryStates, {
  description: 'docs/reason-codes.md explains states and reasons.',
});

/** One notification on its way to one target. */
export const Delivery = object({
  id: uuid('Delivery id: the receiver gets it as the id of the message, the same at each try.'),
  notification_id: uuid('What is delivered.'),
  recipient_id: uuid('To whom.'),
  kind: oneOf<ExternalKind>(externalKinds),
  channel_id: uuid('Through which channel.'),
  contact_point_id: nullable(uuid('To which address; null for kinds without addresses.')),
  state,
  reason: nullable(oneOf<ReasonCode>(reasonCodes, { description: 'Why it is in this state.' })),
  not_before: instant('While it is pending: when the next try is due.'),
  attempts_made: count('Tries that were begun.'),
  provider_id: nullable(text(1024, 'Id that the receiver gave it.')),
  created_at: instant('When it was decided.'),
  settled_at: nullable(instant('When it came to its end.')),
});
export type Delivery = Static<typeof Delivery>;

const deliveryExample: Delivery = {
  id: sampleIds.delivery,
  notification_id: sampleIds.notification,
  recipient_id: sampleIds.user,
  kind: 'email',
  channel_id: sampleIds.channel,
  contact_point_id: sampleIds.contactPoint,
  state: 'sent',
  reason: null,
  not_before: sampleInstants.placed,
  attempts_made: 1,
  provider_id: '250 2.0.0 queued',
  created_at: sampleInstants.placed,
  settled_at: sampleInstants.sent,
};

/** One try. */
export const Attempt = object({
  number: integer(1, 1_000_000, 'Counts from 1.'),
  started_at: instant('When the send began.'),
  ended_at: nullable(instant('When its outcome was recorded; null while it runs, or when the worker died.')),
  outcome: nullable(oneOf<AttemptOutcome>(attemptOutcomes)),
  reason: nullable(text(2048, 'What the target said, or why it could not be asked.')),
  status_code: nullable(integer(100, 599, 'The status that the target answered with, where there is one.')),
  provider_id: nullable(text(1024, 'Id that the receiver gave it.')),
});
export type Attempt = Static<typeof Attempt>;

export const listDeliveries = route({
  operationId: 'listDeliveries',
  method: 'GET',
  path: '/v1/deliveries',
  summary: 'List deliveries',
  description: 'Those of the newest notifications first.',
  tag,
  auth,
  query: object({
    notification_id: Type.Optional(uuid('Only of this notification.')),
    state: Type.Optional(state),
    kind: Type.Optional(oneOf<ExternalKind>(externalKinds, { description: 'Only of this kind.' })),
    ...paging(200),
  }),
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(Delivery, 200),
      example: { data: [deliveryExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { notification_id: sampleIds.notification, state: 'sent' } },
});

export const getDelivery = route({
  operationId: 'getDelivery',
  method: 'GET',
  path: '/v1/deliveries/{id}',
  summary: 'Get one delivery',
  tag,
  auth,
  params: byId,
  responses: { 200: { description: 'The delivery.', schema: Delivery, example: deliveryExample } },
  example: { params: byIdExample },
});

export const listAttempts = route({
  operationId: 'listAttempts',
  method: 'GET',
  path: '/v1/deliveries/{id}/attempts',
  summary: 'List the tries of a delivery',
  tag,
  auth,
  params: byId,
  responses: {
    200: {
      description: 'All tries.',
      schema: object({ data: list(Attempt, 200, 'In the order they were made.') }),
      example: {
        data: [
          {
            number: 1,
            started_at: sampleInstants.placed,
            ended_at: sampleInstants.sent,
            outcome: 'sent',
            reason: null,
            status_code: 250,
            provider_id: '250 2.0.0 queued',
          },
        ],
      },
    },
  },
  example: { params: byIdExample },
});
