import Type, { type Static } from 'typebox';
import { count, flag, instant, object, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds } from './samples.ts';

/** A template as a caller names it. */
export const templateReference = (description: string) => text(100, description);

/** What cancelling many met. */
export const CancelManyResult = object({
  matched: count('Notifications that were selected, whatever had become of them.'),
  cancelled: count(
    'Deliveries and inbox placements that will not happen any more; in a dry run, that would not.',
  ),
  in_flight: count('Deliveries being sent at this moment: they may still arrive.'),
  sent: count('Deliveries that were out already.'),
});
export type CancelManyResult = Static<typeof CancelManyResult>;

const others = (...names: string[]) => Object.fromEntries(names.map((name) => [name, false]));

export const cancelNotifications = route({
  operationId: 'cancelNotifications',
  method: 'POST',
  path: '/v1/notifications/cancel',
  summary: 'Cancel all notifications of a call, of a template or of a time',
  description:
    'Each as in the cancellation of one: before it is placed it never enters the inbox; after that its pending deliveries are cancelled and, with `withdraw`, it leaves the inbox. What is accepted while this runs may escape it; a repeat finds that, and touches nothing that was cancelled before. Answers when all of it is done, which for a million notifications takes some minutes; what was done stays done when the connection is lost.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  idempotency: 'natural',
  body: object(
    {
      trigger_id: Type.Optional(uuid('What this call made.')),
      template: Type.Optional(templateReference('What this template says: its key, or its id.')),
      created_after: Type.Optional(instant('What was accepted at this instant or later …')),
      created_before: Type.Optional(instant('… and before this one.')),
      category: Type.Optional(text(100, 'Of these, only this category.')),
      dry_run: Type.Optional(flag('Only counts; changes nothing.', { default: false })),
      withdraw: Type.Optional(flag('Whether they also leave the inboxes.', { default: false })),
    },
    {
      anyOf: [
        { required: ['trigger_id'], properties: others('template', 'created_after', 'created_before') },
        { required: ['template'], properties: others('trigger_id', 'created_after', 'created_before') },
        { required: ['created_after', 'created_before'], properties: others('trigger_id', 'template') },
      ],
      'x-rule':
        'must name exactly one of `trigger_id`, `template`, or `created_after` together with `created_before`',
    },
  ),
  problems: [422],
  responses: {
    200: {
      description: 'What could still be stopped.',
      schema: CancelManyResult,
      example: { matched: 250, cancelled: 311, in_flight: 2, sent: 187 },
    },
  },
  example: { body: { trigger_id: sampleIds.trigger, withdraw: true } },
});
