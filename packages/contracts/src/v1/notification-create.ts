import Type, { type Static } from 'typebox';
import {
  email,
  externalId,
  flag,
  instant,
  list,
  locale,
  object,
  oneOf,
  recipientPattern,
  text,
  uuid,
  zone,
} from '../fields.ts';
import { problemCodes, type ProblemCode } from '../problem.ts';
import { bodyBytesMaxBatch, route } from '../route.ts';
import { ChannelKindName, contentFields, givenByTemplate, labels, templateReference } from './content.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** Recipients of one HTTP request at most, in sum over its notifications. */
export const recipientsMax = 1000;
/** Notifications of one batch at most. */
export const batchMax = 500;

/** A user named inside a create call: created, or updated by its external id. Also names by one key. */
export type RecipientObject =
  | { id: string }
  | { email: string }
  | { external_id: string; email?: string; name?: string; username?: string; zone?: string; locale?: string };

// One schema for text and object instead of a choice of four: an error then says what is wrong
// with this recipient, not how it differs from each form.
const Recipient = Type.Unsafe<string | RecipientObject>({
  type: ['string', 'object'],
  description:
    'A user id, `external:<id>`, the e-mail address of a known user, an object with one of `id`, `external_id` or `email`, or an inline user: `external_id` and what is known of it.',
  minLength: 1,
  maxLength: 264,
  pattern: recipientPattern,
  properties: {
    id: uuid('A user id.'),
    external_id: externalId(),
    email: email('E-mail address; alone, it names the known user who has it.'),
    name: text(200, 'Name to show.'),
    username: text(100, 'Unique in the organization.'),
    zone: zone(),
    locale: locale(),
  },
  additionalProperties: false,
  anyOf: [
    { required: ['external_id'], properties: { id: false } },
    { required: ['id'], maxProperties: 1 },
    { required: ['email'], maxProperties: 1 },
  ],
  'x-rule':
    'must be a user id, `external:<id>`, an e-mail address, or an object with `id` alone, `email` alone, or `external_id` and what is known of that user',
});

const optionalContent = {
  body: Type.Optional(contentFields.body),
  category: Type.Optional(contentFields.category),
  data: Type.Optional(contentFields.data),
  labels: Type.Optional(labels),
  actions: Type.Optional(contentFields.actions),
  targets: Type.Optional(contentFields.targets),
  url: Type.Optional(contentFields.url),
  icon: Type.Optional(contentFields.icon),
  sender_id: Type.Optional(contentFields.sender_id),
  environment: Type.Optional(contentFields.environment),
  project: Type.Optional(contentFields.project),
};

/** The fields of one trigger; a simulation has them too. */
export const createFields = {
  to: list(Recipient, recipientsMax, 'Whom to tell. Who is named twice is told once.', { minItems: 1 }),
  title: Type.Optional(text(200, 'One line of plain text. Either it or `template` is required.')),
  template: Type.Optional(
    templateReference(
      'Key or id of a template, whose published version gives title, body, category, actions, url and icon. `data` and `labels` fill it.',
    ),
  ),
  ...optionalContent,
  urgent: Type.Optional(
    flag('Passes quiet hours unless the user forbids it. Admins and systems only.', { default: false }),
  ),
  channels: Type.Optional(
    list(ChannelKindName, 50, 'Only these kinds; without it, all that the organization and the user have.', {
      minItems: 1,
      uniqueItems: true,
    }),
  ),
  send_at: Type.Optional(
    instant(
      'Not before this instant is it sent and placed in the inbox; one year ahead at most, and before `expires_at`.',
    ),
  ),
  expires_at: Type.Optional(instant('After this instant it is not sent any more and leaves the inbox.')),
  strict_recipients: Type.Optional(
    flag('Whether one unknown recipient refuses the call. Otherwise unknown ones are listed in `rejected`.', {
      default: true,
    }),
  ),
};

/** Either words of one's own, or those of a template. */
export const titleOrTemplate = {
  if: { required: ['template'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: {
    properties: Object.fromEntries(
      givenByTemplate.map((name) => [
        name,
        { not: {}, 'x-rule': 'comes from the template: leave it out, or leave out `template`' },
      ]),
    ),
  },
  else: { required: ['title'] },
};

/** One trigger as a caller writes it: in its own words, or in those of a template. */
export const NotificationCreate = object(createFields, titleOrTemplate);
export type NotificationCreate = Static<typeof NotificationCreate>;

const Rejected = object({
  pointer: text(200, 'JSON pointer to the recipient in the request.'),
  detail: text(2048, 'Why it was left out.'),
});

const acceptedFields = {
  trigger_id: uuid('Id of this call: all notifications that it made carry it.'),
  notifications: list(
    object({
      id: uuid('Notification id.'),
      recipient_id: uuid('Who is told.'),
      explain_url: text(100, 'Path of the call that tells what became of it, and why.', { format: 'link' }),
    }),
    recipientsMax,
    'One for each recipient, in the order of `to`.',
  ),
  deduplicated: Type.Unsafe<number>({
    type: 'integer',
    minimum: 0,
    maximum: recipientsMax,
    description: 'How many entries of `to` named somebody who was named before.',
  }),
  rejected: list(Rejected, recipientsMax, 'Unknown recipients that were left out.'),
};

/** What was stored for one trigger. */
export const NotificationAccepted = object(acceptedFields);
export type NotificationAccepted = Static<typeof NotificationAccepted>;

const BatchAccepted = object({ status: Type.Literal('accepted'), ...acceptedFields });
const BatchRefused = object({
  status: Type.Literal('refused'),
  code: oneOf<ProblemCode>(problemCodes, { description: 'As in a problem answer.' }),
  message: text(4096, 'What happened.'),
  errors: list(Rejected, 100, 'Each wrong place; pointers count from the body of the whole request.'),
});

/** What became of one notification of a batch. */
export const BatchResult = Type.Union([BatchAccepted, BatchRefused]);
export type BatchResult = Static<typeof BatchResult>;

const createExample = {
  to: [
    'external:ada',
    'grace@example.com',
    { external_id: 'linus', email: 'linus@example.com', zone: 'Europe/Helsinki' },
  ],
  title: 'Backup finished',
  body: 'All **12** databases are safe.',
  category: 'backups',
  data: { databases: 12 },
  actions: [{ label: 'Show the log', url: 'https://example.com/backups/12' }],
  url: '/backups/12',
};
/** The answer of a create, as the documents show it. */
export const acceptedExample: NotificationAccepted = {
  trigger_id: sampleIds.trigger,
  notifications: [
    {
      id: sampleIds.notification,
      recipient_id: sampleIds.user,
      explain_url: `/v1/notifications/${sampleIds.notification}/explain`,
    },
  ],
  deduplicated: 0,
  rejected: [],
};

export const createNotification = route({
  operationId: 'createNotification',
  method: 'POST',
  path: '/v1/notifications',
  summary: 'Notify users',
  description:
    'Accepts one notification for up to 1,000 recipients. 202 means that it is stored and will be dealt with, whatever crashes. Send an `Idempotency-Key`, so that a repeat after a lost answer makes nothing twice.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  idempotency: 'stored',
  body: NotificationCreate,
  problems: [409, 422],
  responses: {
    202: {
      description: 'Stored.',
      schema: NotificationAccepted,
      example: acceptedExample,
      headers: { Location: 'Where the first notification can be read.' },
    },
  },
  example: { body: createExample },
});

export const createNotificationBatch = route({
  operationId: 'createNotificationBatch',
  method: 'POST',
  path: '/v1/notifications/batch',
  summary: 'Notify users of different things in one call',
  description:
    'Up to 500 notifications for up to 1,000 recipients in sum, each with a result of its own in the order of the request: one that is refused does not refuse the others.',
  tag: 'Notifications',
  auth: { roles: ['admin', 'system'], scope: 'send' },
  idempotency: 'stored',
  body: object({
    notifications: list(NotificationCreate, batchMax, 'Each as in a single call.', { minItems: 1 }),
  }),
  bodyBytesMax: bodyBytesMaxBatch,
  problems: [409, 422],
  responses: {
    202: {
      description: 'A result for each.',
      schema: object({ results: list(BatchResult, batchMax, 'In the order of the request.') }),
      example: {
        results: [
          { status: 'accepted', ...acceptedExample },
          {
            status: 'refused',
            code: 'recipient.unknown',
            message: 'No user has the external id "nobody".',
            errors: [{ pointer: '/notifications/1/to/0', detail: 'No user has the external id "nobody".' }],
          },
        ],
      },
    },
  },
  example: {
    body: {
      notifications: [
        createExample,
        { to: ['external:nobody'], title: 'Disk is full', urgent: true },
        {
          to: ['external:ada'],
          template: 'build-failed',
          data: { number: 7 },
          send_at: sampleInstants.scheduled,
        },
      ],
    },
  },
});
