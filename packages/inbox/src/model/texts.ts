/** A text that depends on a number, for each plural form of its language; `{count}` is the number. */
export type PluralText = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** Everything that the inbox says. `{…}` are places that are filled in. */
export interface InboxTexts {
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
  whyTitle: string;
  whyLife: string;
  whyWays: string;
  /** Names of channel kinds; of one that is not named, its key is shown. */
  kinds: Readonly<Record<string, string>>;
}

export const englishTexts: InboxTexts = {
  title: 'Notifications',
  unread: { one: '{count} unread', other: '{count} unread' },
  arrived: { one: '{count} new notification', other: '{count} new notifications' },
  tabs: 'Which notifications',
  tabAll: 'All',
  tabUnread: 'Unread',
  tabArchived: 'Archived',
  category: 'Category',
  allCategories: 'All categories',
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
  didReadAll: { one: '{count} marked as read', other: '{count} marked as read' },
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
  wrongClock: 'The clock of this device is wrong; times are shown as the server knows them.',
  settings: 'Settings',
  settingsHint: 'What reaches you, and how',
  always: 'Always sent',
  quietHours: 'Quiet hours',
  quietHint: 'What is not urgent waits until they are over. The inbox goes on.',
  quietOn: 'Leave me in peace at certain hours',
  from: 'From',
  until: 'Until',
  zone: 'Time zone',
  days: 'Days on which they begin',
  urgentPasses: 'Let urgent ones through',
  save: 'Save',
  saved: 'Saved',
  notAllowed: 'These settings cannot be changed here.',
  whyTitle: 'Why did I get this?',
  whyLife: 'What happened',
  whyWays: 'How it reached you',
  kinds: {
    ...{ inbox: 'Inbox', email: 'E-mail', sms: 'SMS', phone_call: 'Call', webhook: 'Webhook' },
    ...{ web_push: 'Push', slack: 'Slack', teams: 'Teams', discord: 'Discord', telegram: 'Telegram' },
  },
};
