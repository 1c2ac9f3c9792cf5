import {
  attemptOutcomes,
  deliveryStates,
  externalKinds,
  feedbacks,
  reasonCodes,
  type AttemptOutcome,
  type DeliveryState,
  type ExternalKind,
  type Feedback,
  type ReasonCode,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import {
  count,
  flag,
  freeForm,
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

export const deliveryFields = {
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
  feedback: nullable(
    oneOf<Feedback>(feedbacks, {
      description: 'What its provider told after it took it; docs/callbacks.md explains each.',
    }),
  ),
  feedback_at: nullable(instant('When that was told.')),
  feedback_reason: nullable(text(500, "The provider's words.")),
  created_at: instant('When it was decided.'),
  settled_at: nullable(instant('When it came to its end.')),
};

/** One notification on its way to one target. */
export const Delivery = object(deliveryFields);
export type Delivery = Static<typeof Delivery>;

export const deliveryExample: Delivery = {
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
  ...{ feedback: 'delivered', feedback_at: sampleInstants.read, feedback_reason: null },
  created_at: sampleInstants.placed,
  settled_at: sampleInstants.sent,
};

/** Bytes of a kept message at most. */
const contentBytesMax = 1024 * 1024;
const content = (description: string) => text(contentBytesMax, description, { minLength: 0 });

/** One try. */
export const Attempt = object({
  number: integer(1, 1_000_000, 'Counts from 1.'),
  started_at: instant('When the send began.'),
  ended_at: nullable(instant('When its outcome was recorded; null while it runs, or when the worker died.')),
  outcome: nullable(oneOf<AttemptOutcome>(attemptOutcomes)),
  reason: nullable(text(2048, 'What the target said, or why it could not be asked.')),
  status_code: nullable(integer(100, 599, 'The status that the target answered with, where there is one.')),
  provider_id: nullable(text(1024, 'Id that the receiver gave it.')),
  channel_id: nullable(uuid('Through which channel; null for tries of earlier versions.')),
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
            channel_id: sampleIds.channel,
            provider_id: '250 2.0.0 queued',
          },
        ],
      },
    },
  },
  example: { params: byIdExample },
});

/** What was handed to the target, as it was kept at the first try. */
export const DeliveryContent = object({
  delivery_id: uuid('Delivery id.'),
  title: content('One line.'),
  text: content('Plain text.'),
  html: content('HTML, for kinds that send it.'),
  notification: freeForm(contentBytesMax, 'What machine-readable kinds send of the notification.'),
});
export type DeliveryContent = Static<typeof DeliveryContent>;

export const getDeliveryContent = route({
  operationId: 'getDeliveryContent',
  method: 'GET',
  path: '/v1/deliveries/{id}/content',
  summary: 'Show what was sent',
  description:
    'The message that is kept from the first try and sent the same at each. 404 `delivery.not_rendered` before that and for kinds that send no message; `delivery.content_removed` when it went with its notification.',
  tag,
  auth,
  params: byId,
  responses: {
    200: {
      description: 'The message.',
      schema: DeliveryContent,
      example: {
        delivery_id: sampleIds.delivery,
        title: 'Backup finished',
        text: 'All 12 databases are safe.',
        html: '<p>All <strong>12</strong> databases are safe.</p>',
        notification: { id: sampleIds.notification, title: 'Backup finished', category: 'backups' },
      },
    },
  },
  example: { params: byIdExample },
});

export const retryDelivery = route({
  operationId: 'retryDelivery',
  method: 'POST',
  path: '/v1/deliveries/{id}/retry',
  summary: 'Try a delivery again now',
  description:
    'For a delivery that is dead, unknown or expired, with the message that was kept. Its tries are counted onward and its schedule of retries begins anew. Other states are refused, and so is what was cancelled or deleted.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  idempotency: 'stored',
  params: byId,
  body: object({
    confirm: Type.Optional(
      flag('Needed in the state `unknown`: it may have arrived, and would arrive twice.', { default: false }),
    ),
    include_expired: Type.Optional(
      flag('Needed when the notification has expired: it is sent all the same.', { default: false }),
    ),
  }),
  problems: [409, 422],
  responses: {
    200: {
      description: 'As it is now.',
      schema: Delivery,
      example: {
        ...deliveryExample,
        ...{ state: 'pending', attempts_made: 6, provider_id: null, settled_at: null },
        ...{ feedback: null, feedback_at: null },
      },
    },
  },
  example: { params: byIdExample, body: { confirm: true } },
});
