import { channelKinds, reasonCodes, type ChannelKind, type ReasonCode } from '@carillon/core';
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
import { ChannelKindName, storedContent } from './content.ts';
import { inboxItemExample } from './inbox-item.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const notificationStates = ['scheduled', 'accepted', 'placed', 'suppressed', 'cancelled'] as const;

const KindDecision = object({
  kind: oneOf<ChannelKind>(channelKinds),
  decision: oneOf(['place', 'send', 'hold', 'suppress', 'rules']),
  code: oneOf<ReasonCode>(reasonCodes, { description: 'Why; docs/reason-codes.md explains each.' }),
  because: Type.Optional(
    Type.Unsafe<object>(
      freeForm(4096, 'Who decided and by what, where somebody chose something; explain says it in words.'),
    ),
  ),
});

/** A notification as those who send see it: the log's view, whether or not it is in an inbox. */
export const Notification = object({
  id: uuid('Notification id.'),
  trigger_id: uuid('The call that made it.'),
  recipient_id: uuid('Who is told.'),
  recipient_external_id: nullable(text(255, "The recipient's id in your own system.")),
  template: nullable(text(100, 'Key of the template that gives its texts.')),
  template_id: nullable(uuid('Id of that template.')),
  template_version: nullable(
    integer(1, 1_000_000, 'The version of it that was published when the call was accepted.'),
  ),
  title: text(200, 'One line of plain text; empty until the texts of a template are rendered.', {
    minLength: 0,
  }),
  ...storedContent,
  channels: Type.Unsafe<ChannelKind[] | null>({
    type: ['array', 'null'],
    items: ChannelKindName,
    maxItems: 10,
    description: 'The kinds that the sender restricted it to; null means all.',
  }),
  state: oneOf(notificationStates, {
    description:
      '`scheduled`: stored, waits for `send_at`; `accepted`: stored, not decided yet; `placed`: in the inbox; `suppressed`: decided against the inbox; `cancelled`: withdrawn before.',
  }),
  decisions: nullable(list(KindDecision, 20, 'What was decided for each channel kind; null before that.')),
  created_at: instant('When the call was accepted.'),
  dispatched_at: nullable(instant('When it was decided where it goes.')),
  inbox_at: nullable(instant('When it entered the inbox.')),
  seen_at: nullable(instant('When the recipient first saw it in a list.')),
  read_at: nullable(instant('When the recipient read it.')),
  acknowledged_at: nullable(instant('When the recipient acknowledged it.')),
  archived_at: nullable(instant('When the recipient archived it.')),
  dismissed_at: nullable(instant('When the recipient dismissed it.')),
  cancelled_at: nullable(instant('When it was cancelled.')),
  send_at: nullable(instant('Not before this instant is it sent and placed in the inbox.')),
  expires_at: nullable(instant('When it expires.')),
});
export type Notification = Static<typeof Notification>;

const { sequence: _sequence, ...sharedExample } = inboxItemExample;
const notificationExample: Notification = {
  ...sharedExample,
  recipient_id: sampleIds.user,
  recipient_external_id: 'ada',
  template: null,
  template_id: null,
  template_version: null,
  channels: null,
  send_at: null,
  state: 'placed',
  decisions: [
    { kind: 'inbox', decision: 'place', code: 'placed' },
    { kind: 'email', decision: 'suppress', code: 'contact_point_missing' },
  ],
  created_at: sampleInstants.created,
  dispatched_at: sampleInstants.placed,
  cancelled_at: null,
};

const byId = object({ id: uuid('Notification id.') });

export const listNotifications = route({
  operationId: 'listNotifications',
  method: 'GET',
  path: '/v1/notifications',
  summary: 'List what was sent',
  description: 'Newest first, whether or not it is still in an inbox.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  query: object({
    recipient_id: Type.Optional(uuid('Only what this user was told.')),
    trigger_id: Type.Optional(uuid('Only what this call made.')),
    category: Type.Optional(text(100, 'Only this category.')),
    search: Type.Optional(
      text(100, 'Only with this in their title, in any case; found among the newest 100,000.', {
        minLength: 2,
      }),
    ),
    created_after: Type.Optional(instant('Only what was accepted after this instant.')),
    created_before: Type.Optional(instant('Only what was accepted before this instant.')),
    ...paging(200),
  }),
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(Notification, 200),
      example: { data: [notificationExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { trigger_id: sampleIds.trigger, limit: '20' } },
});

export const getNotification = route({
  operationId: 'getNotification',
  method: 'GET',
  path: '/v1/notifications/{id}',
  summary: 'Get one notification with what was decided for it',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  params: byId,
  responses: {
    200: { description: 'The notification.', schema: Notification, example: notificationExample },
  },
  example: { params: { id: sampleIds.notification } },
});

/** What a cancellation met. */
export const CancelResult = object({
  cancelled: count('Deliveries and inbox placements that will not happen any more.'),
  in_flight: count('Deliveries being sent at this moment: they may still arrive.'),
  sent: count('Deliveries that were out already.'),
});
export type CancelResult = Static<typeof CancelResult>;

export const cancelNotification = route({
  operationId: 'cancelNotification',
  method: 'POST',
  path: '/v1/notifications/{id}/cancel',
  summary: 'Cancel a notification',
  description:
    'Before it is placed, it never enters the inbox. After that its pending deliveries are cancelled and, with `withdraw`, it leaves the inbox. A repeat changes nothing.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  idempotency: 'natural',
  params: byId,
  body: object({
    withdraw: Type.Optional(flag('Whether it also leaves the inbox of its recipient.', { default: false })),
  }),
  responses: {
    200: {
      description: 'What could still be stopped.',
      schema: CancelResult,
      example: { cancelled: 1, in_flight: 0, sent: 1 },
    },
  },
  example: { params: { id: sampleIds.notification }, body: { withdraw: true } },
});
