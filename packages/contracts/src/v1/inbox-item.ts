import Type, { type Static } from 'typebox';
import { count, instant, nullable, object, position, uuid } from '../fields.ts';
import { contentFields, storedContent } from './content.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** What a bell shows. */
export const InboxCounts = object({
  unread: count('Items in the inbox that are not read.'),
  unseen: count('Unread items that were never shown in an opened list.'),
});
export type InboxCounts = Static<typeof InboxCounts>;

/** A notification as its recipient sees it. */
export const InboxItem = object({
  id: uuid('Notification id.'),
  trigger_id: uuid('The call that made it.'),
  title: contentFields.title,
  ...storedContent,
  inbox_at: instant('When it entered the inbox: the order of lists.'),
  seen_at: nullable(instant('When it was first shown in an opened list.')),
  read_at: nullable(instant('When it was read.')),
  acknowledged_at: nullable(instant('When it was acknowledged; nothing more is sent for it then.')),
  archived_at: nullable(instant('When it was archived.')),
  dismissed_at: nullable(instant('When it was dismissed.')),
  expires_at: nullable(instant('When it leaves the inbox by itself.')),
  sequence: count('Number of the last change of this item in the stream of its inbox.'),
});
export type InboxItem = Static<typeof InboxItem>;

/** What every call that changes the inbox answers, so that a client needs no second question. */
const changeFields = {
  changed: count('How many items are different now. 0 when it was so already.'),
  position: position(),
  counts: InboxCounts,
};

/** After a change of several items. */
export const InboxChange = object(changeFields);
export type InboxChange = Static<typeof InboxChange>;

/** After a change of one item; a deleted item is not given again. */
export const InboxItemChange = object({ item: Type.Optional(InboxItem), ...changeFields });
export type InboxItemChange = Static<typeof InboxItemChange>;

export const inboxItemExample: InboxItem = {
  id: sampleIds.notification,
  trigger_id: sampleIds.trigger,
  title: 'Backup finished',
  body: 'All **12** databases are safe.',
  category: 'backups',
  data: { databases: 12 },
  actions: [{ label: 'Show the log', url: 'https://example.com/backups/12' }],
  targets: [sampleIds.target],
  url: '/backups/12',
  icon: null,
  sender_id: sampleIds.sender,
  environment: 'production',
  project: '',
  urgent: false,
  inbox_at: sampleInstants.placed,
  seen_at: null,
  read_at: null,
  acknowledged_at: null,
  archived_at: null,
  dismissed_at: null,
  expires_at: null,
  sequence: 1042,
};
