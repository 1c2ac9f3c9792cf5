import { externalKinds, reasonCodes, type ExternalKind, type ReasonCode } from '@carillon/core';
import Type, { type Static } from 'typebox';
import {
  count,
  flag,
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
import { templateReference } from './cancel.ts';
import { deliveryExample, deliveryFields } from './deliveries.ts';
import { sampleInstants } from './samples.ts';

const tag = 'Deliveries';
const deadStates = ['dead', 'unknown'] as const;
const obstacles = ['expired', 'deleted', 'cancelled'] as const;
/** Dead letters that one replay names by id at most. */
export const replayIdsMax = 500;

/** A delivery that was given up, with what an operator decides by. */
export const DeadLetter = object({
  ...deliveryFields,
  state: oneOf(deadStates, {
    description: '`dead`: given up; `unknown`: nobody knows whether it arrived.',
  }),
  settled_at: instant('When it was given up.'),
  category: nullable(text(100, 'Category of the notification; null when that is gone.')),
  template_id: nullable(uuid('Template of the notification.')),
  obstacle: nullable(
    oneOf(obstacles, { description: 'What became of the notification, so that it would not be replayed.' }),
  ),
  last_reason: nullable(text(2048, 'What the target said at the last try, or why it could not be asked.')),
  last_status_code: nullable(integer(100, 599, 'The status of the last try, where there was one.')),
});
export type DeadLetter = Static<typeof DeadLetter>;

const deadLetterExample: DeadLetter = {
  ...deliveryExample,
  ...{ state: 'dead', reason: 'attempts_exhausted', attempts_made: 6, settled_at: sampleInstants.sent },
  ...{ provider_id: null, feedback: null, feedback_at: null, feedback_reason: null },
  ...{ category: 'backups', template_id: null, obstacle: null },
  ...{ last_reason: 'connection refused', last_status_code: null },
};

const filterFields = {
  state: Type.Optional(oneOf(deadStates, { description: 'Only these.' })),
  kind: Type.Optional(oneOf<ExternalKind>(externalKinds, { description: 'Only of this channel kind.' })),
  reason: Type.Optional(oneOf<ReasonCode>(reasonCodes, { description: 'Only given up for this reason.' })),
  category: Type.Optional(text(100, 'Only of this category.')),
  template: Type.Optional(templateReference('Only of this template: its key, or its id.')),
  recipient_id: Type.Optional(uuid('Only for this user.')),
  settled_after: Type.Optional(instant('Only what was given up at this instant or later.')),
  settled_before: Type.Optional(instant('Only what was given up before this instant.')),
};

export const listDeadLetters = route({
  operationId: 'listDeadLetters',
  method: 'GET',
  path: '/v1/dead-letters',
  summary: 'List deliveries that were given up',
  description: 'Those given up last first. docs/log-and-dead-letters.md says what to do with them.',
  tag,
  auth: { roles: ['admin', 'system'], scope: 'send' },
  query: object({ ...filterFields, ...paging(200) }),
  problems: [422],
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(DeadLetter, 200),
      example: { data: [deadLetterExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { kind: 'email', reason: 'attempts_exhausted' } },
});

/** What a replay met. */
export const ReplayResult = object({
  matched: count('Dead letters that were selected.'),
  replayed: count('Of these, what is due again; in a dry run, what would be.'),
  skipped: object({
    expired: count('Their notification has expired; `include_expired` takes them too.'),
    deleted: count('Their notification or their recipient is gone.'),
    cancelled: count('Their notification was cancelled.'),
    unknown: count('Nobody knows whether they arrived; `include_unknown` takes them too.'),
  }),
});
export type ReplayResult = Static<typeof ReplayResult>;

export const replayDeadLetters = route({
  operationId: 'replayDeadLetters',
  method: 'POST',
  path: '/v1/dead-letters/replay',
  summary: 'Send again what was given up',
  description:
    'Makes dead letters due again, those given up first before the others; their schedule of retries begins anew. What is not a dead letter any more is not counted, so that a repeat sends nothing twice. What is given up again while this runs is left alone.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  idempotency: 'natural',
  body: object(
    {
      ids: Type.Optional(
        list(uuid('Delivery id.'), replayIdsMax, 'These.', { minItems: 1, uniqueItems: true }),
      ),
      filter: Type.Optional(
        object(filterFields, { minProperties: 1, description: 'All to which this applies.' }),
      ),
      render: Type.Optional(
        oneOf(['original', 'fresh'], {
          description: '`original` sends the message that was kept; `fresh` renders it again.',
          default: 'original',
        }),
      ),
      dry_run: Type.Optional(flag('Only counts; changes nothing.', { default: false })),
      include_expired: Type.Optional(flag('Whether to send what has expired meanwhile.', { default: false })),
      include_unknown: Type.Optional(
        flag('Whether to send what may have arrived: it may arrive twice.', { default: false }),
      ),
    },
    {
      anyOf: [
        { required: ['ids'], properties: { filter: false } },
        { required: ['filter'], properties: { ids: false } },
      ],
      'x-rule': 'must name either `ids` or `filter`',
    },
  ),
  problems: [422],
  responses: {
    200: {
      description: 'What is due again, and what was left out.',
      schema: ReplayResult,
      example: {
        matched: 40,
        replayed: 37,
        skipped: { expired: 2, deleted: 0, cancelled: 0, unknown: 1 },
      },
    },
  },
  example: { body: { filter: { kind: 'email', settled_after: sampleInstants.created }, dry_run: true } },
});
