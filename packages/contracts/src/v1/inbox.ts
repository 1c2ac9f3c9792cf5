import Type, { type Static, type TSchema } from 'typebox';
import { list, object, oneOf, pageOf, paging, position, text, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { InboxChange, InboxCounts, InboxItem, inboxItemExample, InboxItemChange } from './inbox-item.ts';
import { sampleIds, sampleInstants, samplePosition } from './samples.ts';

/** Items of one bulk call at most. */
export const inboxBulkMax = 500;
export const inboxStatuses = ['unread', 'read', 'all', 'archived'] as const;
export type InboxStatus = (typeof inboxStatuses)[number];
export const inboxVerbs = [
  'read',
  'unread',
  'seen',
  'unseen',
  'archive',
  'unarchive',
  'dismiss',
  'acknowledge',
  'delete',
] as const;
export type InboxVerb = (typeof inboxVerbs)[number];

const tag = 'Inbox';
const auth = { roles: ['admin', 'system', 'member'], scope: 'inbox' } as const;
const byId = object({ id: uuid('Notification id.') });
const byIdExample = { id: sampleIds.notification };
const counts: InboxCounts = { unread: 3, unseen: 1 };

const InboxPage = object({
  ...pageOf(InboxItem, 100).properties,
  position: position('Resume the stream from here to miss nothing that came after this page.'),
  counts: InboxCounts,
});

export const listInbox = route({
  operationId: 'listInbox',
  method: 'GET',
  path: '/v1/inbox',
  summary: "List the caller's inbox",
  description: 'Newest first. Archived and dismissed items are only in `archived`.',
  tag,
  auth,
  query: object({
    status: oneOf(inboxStatuses, {
      description: '`all` is what the inbox shows, read or not.',
      default: 'all',
    }),
    category: Type.Optional(text(100, 'Only this category.')),
    environment: Type.Optional(
      text(100, 'Only this environment; empty for items of none.', { minLength: 0 }),
    ),
    project: Type.Optional(text(100, 'Only this project; empty for items of none.', { minLength: 0 })),
    ...paging(100, 25),
  }),
  responses: {
    200: {
      description: 'One page, with the position that it shows.',
      schema: InboxPage,
      example: {
        data: [inboxItemExample],
        next_cursor: null,
        prev_cursor: null,
        position: samplePosition,
        counts,
      },
    },
  },
  example: { query: { status: 'unread', limit: '20' } },
});

export const getInboxCounts = route({
  operationId: 'getInboxCounts',
  method: 'GET',
  path: '/v1/inbox/counts',
  summary: 'Get the numbers that a bell shows',
  tag,
  auth,
  responses: {
    200: {
      description: 'Exact, and never beside the list.',
      schema: object({ ...InboxCounts.properties, position: position() }),
      example: { ...counts, position: samplePosition },
    },
  },
});

export const getInboxItem = route({
  operationId: 'getInboxItem',
  method: 'GET',
  path: '/v1/inbox/{id}',
  summary: "Get one item of the caller's inbox",
  tag,
  auth,
  params: byId,
  responses: { 200: { description: 'The item.', schema: InboxItem, example: inboxItemExample } },
  example: { params: byIdExample },
});

const readExample = { ...inboxItemExample, seen_at: sampleInstants.read, read_at: sampleInstants.read };

/** The calls that set or clear one mark of one item have all the same form. */
function markRoute<const I extends string>(
  operationId: I,
  method: 'PUT' | 'DELETE',
  mark: 'read' | 'seen' | 'archived',
  summary: string,
) {
  return route({
    operationId,
    method,
    path: `/v1/inbox/{id}/${mark}`,
    summary,
    description: 'A repeat changes nothing and answers `changed: 0`.',
    tag,
    auth,
    params: byId,
    responses: {
      200: {
        description: 'The item as it is now.',
        schema: InboxItemChange,
        example: { item: readExample, changed: 1, position: samplePosition, counts },
      },
    },
    example: { params: byIdExample },
  });
}

export const markInboxItemRead = markRoute('markInboxItemRead', 'PUT', 'read', 'Mark an item as read');
export const markInboxItemUnread = markRoute(
  'markInboxItemUnread',
  'DELETE',
  'read',
  'Mark an item as unread',
);
export const markInboxItemSeen = markRoute('markInboxItemSeen', 'PUT', 'seen', 'Mark an item as seen');
export const markInboxItemUnseen = markRoute(
  'markInboxItemUnseen',
  'DELETE',
  'seen',
  'Mark an item as not seen',
);
export const archiveInboxItem = markRoute('archiveInboxItem', 'PUT', 'archived', 'Archive an item');
export const unarchiveInboxItem = markRoute(
  'unarchiveInboxItem',
  'DELETE',
  'archived',
  'Bring an archived item back',
);

/** The calls that do something to one item that nothing undoes. */
function verbRoute<const I extends string>(
  operationId: I,
  verb: 'dismiss' | 'acknowledge',
  words: { summary: string; description: string },
  mark: 'dismissed_at' | 'acknowledged_at',
) {
  return route({
    operationId,
    method: 'POST',
    path: `/v1/inbox/{id}/${verb}`,
    ...words,
    tag,
    auth,
    idempotency: 'natural',
    params: byId,
    responses: {
      200: {
        description: 'The item as it is now.',
        schema: InboxItemChange,
        example: {
          item: { ...inboxItemExample, [mark]: sampleInstants.read },
          changed: 1,
          position: samplePosition,
          counts,
        },
      },
    },
    example: { params: byIdExample },
  });
}

export const dismissInboxItem = verbRoute(
  'dismissInboxItem',
  'dismiss',
  {
    summary: 'Dismiss an item',
    description: 'It leaves the inbox without being read. A repeat changes nothing.',
  },
  'dismissed_at',
);

export const acknowledgeInboxItem = verbRoute(
  'acknowledgeInboxItem',
  'acknowledge',
  {
    summary: 'Acknowledge an item',
    description:
      'Says "I have it": the item counts as read, and nothing more is sent for it. Deliveries that wait are cancelled, and notification rules that run for it stop, those for urgent notifications too. There is no way back; a repeat changes nothing.',
  },
  'acknowledged_at',
);

export const deleteInboxItem = route({
  operationId: 'deleteInboxItem',
  method: 'DELETE',
  path: '/v1/inbox/{id}',
  summary: 'Delete an item',
  description: 'For good, on every device. Deleting what is gone answers 404.',
  tag,
  auth,
  params: byId,
  responses: {
    200: {
      description: 'The inbox without it.',
      schema: InboxChange,
      example: { changed: 1, position: samplePosition, counts },
    },
  },
  example: { params: byIdExample },
});

function changeRoute<const I extends string, B extends TSchema>(
  operationId: I,
  path: string,
  words: { summary: string; description: string },
  body: B,
  bodyExample: Static<B>,
) {
  return route({
    operationId,
    method: 'POST',
    path,
    ...words,
    tag,
    auth,
    idempotency: 'natural',
    body,
    responses: {
      200: {
        description: 'How many items are different now.',
        schema: InboxChange,
        example: { changed: 2, position: samplePosition, counts },
      },
    },
    example: { body: bodyExample },
  });
}

export const changeInboxItems = changeRoute(
  'changeInboxItems',
  '/v1/inbox/bulk',
  {
    summary: 'Change several items at once',
    description:
      "Ids that are not in the caller's inbox, and items that are so already, are not counted as changed.",
  },
  object({
    ids: list(uuid('Notification id.'), inboxBulkMax, 'Which items.', { minItems: 1 }),
    verb: oneOf(inboxVerbs, { description: 'What becomes of them.' }),
  }),
  { ids: [sampleIds.notification], verb: 'archive' },
);

export const readAllInbox = changeRoute(
  'readAllInbox',
  '/v1/inbox/read-all',
  {
    summary: 'Mark everything as read',
    description:
      'With `up_to`, only what had entered the inbox by that position: what arrives meanwhile stays unread.',
  },
  object({ up_to: Type.Optional(position('The position of the list that the user looked at.')) }),
  { up_to: samplePosition },
);
