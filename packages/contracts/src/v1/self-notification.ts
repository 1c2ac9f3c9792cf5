import Type, { type Static } from 'typebox';
import { link, object, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { contentFields } from './content.ts';
import { sampleIds } from './samples.ts';

/** What somebody tells themselves. */
export const SelfNotification = object({
  title: contentFields.title,
  body: Type.Optional(contentFields.body),
  category: Type.Optional(contentFields.category),
  url: Type.Optional(contentFields.url),
});
export type SelfNotification = Static<typeof SelfNotification>;

export const notifySelf = route({
  operationId: 'notifySelf',
  method: 'POST',
  path: '/v1/inbox',
  summary: 'Notify yourself',
  description:
    "For whoever has an inbox: a reminder, or the end of a long job. It goes the way of every notification, by the caller's own preferences and quiet hours. 20 a minute at most; a token with scopes needs `send`.",
  tag: 'Inbox',
  auth: { roles: ['admin', 'member'], scope: 'send' },
  idempotency: 'stored',
  body: SelfNotification,
  problems: [409, 422, 429],
  responses: {
    202: {
      description: 'Stored.',
      schema: object({
        id: uuid('Notification id.'),
        explain_url: link('Path of the call that tells what became of it, and why, once it is in the inbox.'),
      }),
      example: {
        id: sampleIds.notification,
        explain_url: `/v1/inbox/${sampleIds.notification}/explain`,
      },
      headers: { Location: 'Where it can be read once it is in the inbox.' },
    },
  },
  example: { body: { title: 'Build finished', body: 'Took **12** minutes.' } },
});
