import { externalKinds, type ExternalKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { freeForm, instant, nullable, object, oneOf, pageOf, paging, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** Bytes of a message at most. */
const messageBytesMax = 1024 * 1024;
const part = (description: string) => text(messageBytesMax, description, { minLength: 0 });

const CapturedContent = object({
  title: part('One line.'),
  text: part('Plain text.'),
  html: part('HTML, for kinds that send it.'),
  notification: freeForm(messageBytesMax, 'What machine-readable kinds send of the notification.'),
});

/** A message that was kept back where it would have gone to the outside. */
export const CapturedMessage = object({
  id: uuid('What its receiver would have got as the id of the message: that of its delivery, or of a test.'),
  kind: oneOf<ExternalKind>(externalKinds),
  notification_id: nullable(uuid('What it tells of; null for tests of channels.')),
  recipient_id: uuid('For whom it was; of a test: who asked for it.'),
  channel_id: uuid('Through which channel it would have gone.'),
  channel_name: nullable(text(100, 'Its name; null when the channel is gone.')),
  address: nullable(text(8192, 'To which address; null for kinds whose channel is the whole target.')),
  settings: freeForm(16 * 1024, 'Settings of the channel at that moment, without secrets.'),
  message: Type.Unsafe<Static<typeof CapturedContent> | null>({
    ...CapturedContent,
    type: ['object', 'null'],
    description: 'As it would have been handed over; null for kinds that send no message.',
  }),
  captured_at: instant('When it would have been sent.'),
});
export type CapturedMessage = Static<typeof CapturedMessage>;

const example: CapturedMessage = {
  id: sampleIds.delivery,
  kind: 'email',
  notification_id: sampleIds.notification,
  recipient_id: sampleIds.user,
  channel_id: sampleIds.channel,
  channel_name: 'Mail',
  address: 'ada@example.com',
  settings: { from: 'Backups <backups@example.com>' },
  message: {
    title: 'Backup finished',
    text: 'All 12 databases are safe.',
    html: '<p>All <strong>12</strong> databases are safe.</p>',
    notification: { id: sampleIds.notification, title: 'Backup finished', category: 'backups' },
  },
  captured_at: sampleInstants.sent,
};

export const listCaptured = route({
  operationId: 'listCaptured',
  method: 'GET',
  path: '/v1/captured',
  summary: 'List messages that were kept back',
  description:
    'What this installation would have sent to the outside while `CARILLON_DELIVERY` is `capture`, or is `allowlist` and does not name the target; the latest first. They are kept for 30 days.',
  tag: 'Deliveries',
  auth: { roles: ['admin'], scope: 'admin' },
  query: object({
    kind: Type.Optional(oneOf<ExternalKind>(externalKinds, { description: 'Only of this channel kind.' })),
    recipient_id: Type.Optional(uuid('Only for this user.')),
    notification_id: Type.Optional(uuid('Only of this notification.')),
    ...paging(100, 20),
  }),
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(CapturedMessage, 100),
      example: { data: [example], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { kind: 'email', recipient_id: sampleIds.user } },
});
