/** A text that depends on a number, for each plural form of its language; `{count}` is the number. */
export type PluralText = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** What the bell and the list say. */
export interface ListTexts {
  /** Name of the bell and of what it opens. */
  title: string;
  unread: PluralText;
  arrived: PluralText;
  tabs: string;
  tabAll: string;
  tabUnread: string;
  tabArchived: string;
  category: string;
  allCategories: string;
  /** The category of what names none. */
  general: string;
  readAll: string;
  close: string;
  back: string;
  more: string;
  today: string;
  yesterday: string;
  now: string;
  showMore: string;
  showLess: string;
  unreadMark: string;
  markRead: string;
  markUnread: string;
  archive: string;
  unarchive: string;
  dismiss: string;
  why: string;
  actions: string;
  undo: string;
  didRead: string;
  didUnread: string;
  didArchive: string;
  didUnarchive: string;
  didDismiss: string;
  didReadAll: PluralText;
  urgent: string;
  acknowledged: string;
  loading: string;
  emptyAll: string;
  emptyUnread: string;
  emptyArchived: string;
  failed: string;
  retry: string;
  offline: string;
  signedOut: string;
  wrongClock: string;
  settings: string;
}

/** What settings and explanations say: their English is loaded with them. */
export interface SettingsTexts {
  settingsHint: string;
  always: string;
  quietHours: string;
  quietHint: string;
  quietOn: string;
  from: string;
  until: string;
  zone: string;
  days: string;
  urgentPasses: string;
  save: string;
  saved: string;
  notAllowed: string;
  whyLife: string;
  whyWays: string;
  whyTitle: string;
  /** Names of channel kinds; of one that is not named, its key is shown. */
  kinds: Readonly<Record<string, string>>;
}

/** Everything that the inbox says. `{count}` is filled in. */
export interface InboxTexts extends ListTexts, SettingsTexts {}

export const englishTexts: ListTexts = {
  title: 'Notifications',
  unread: { other: '{count} unread' },
  arrived: { one: '{count} new notification', other: '{count} new notifications' },
  tabs: 'Which notifications',
  tabAll: 'All',
  tabUnread: 'Unread',
  tabArchived: 'Archived',
  category: 'Category',
  allCategories: 'All categories',
  general: 'General',
  readAll: 'Mark all as read',
  close: 'Close',
  back: 'Back to the notifications',
  more: 'Load more',
  today: 'Today',
  yesterday: 'Yesterday',
  now: 'now',
  showMore: 'Show more',
  showLess: 'Show less',
  unreadMark: 'Unread',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  archive: 'Archive',
  unarchive: 'Back to the inbox',
  dismiss: 'Dismiss',
  why: 'Why did I get this?',
  actions: 'Actions',
  undo: 'Undo',
  didRead: 'Marked as read',
  didUnread: 'Marked as unread',
  didArchive: 'Archived',
  didUnarchive: 'Back in the inbox',
  didDismiss: 'Dismissed',
  didReadAll: { other: '{count} marked as read' },
  urgent: 'Urgent',
  acknowledged: 'Acknowledged',
  loading: 'Loading …',
  emptyAll: 'You are all caught up',
  emptyUnread: 'Nothing unread',
  emptyArchived: 'Nothing archived yet',
  failed: 'That did not work.',
  retry: 'Try again',
  offline: 'No connection. What you see may be old.',
  signedOut: 'You are signed out. Sign in again to see your notifications.',
  wrongClock: 'The clock of this device is wrong. Times are those of the server.',
  settings: 'Settings',
};
