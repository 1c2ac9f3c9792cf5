import type { ChannelKind } from '../vocabulary.ts';

/** Who is told: somebody who runs the service, or the one whom the notification is for. */
export type Audience = 'operator' | 'recipient';
export const audiences = ['operator', 'recipient'] as const satisfies readonly Audience[];

/** Words for the person whom a notification is for, as the audience calls them. */
export interface Person {
  /** Subject: `you`, `the recipient`. */
  subject: string;
  /** `your`, `the recipient's`. */
  possessive: string;
  has: 'have' | 'has';
  does: 'do' | 'does';
}

export const people: Readonly<Record<Audience, Person>> = {
  operator: { subject: 'the recipient', possessive: "the recipient's", has: 'has', does: 'does' },
  recipient: { subject: 'you', possessive: 'your', has: 'have', does: 'do' },
};

/** How channel kinds are called in sentences. */
export const kindNames: Readonly<Record<ChannelKind, string>> = {
  inbox: 'Inbox',
  email: 'E-mail',
  telegram: 'Telegram',
  discord: 'Discord',
  msteams: 'Microsoft Teams',
  ntfy: 'ntfy',
  gotify: 'Gotify',
  slack: 'Slack',
  sms: 'Text message',
  phone_call: 'Telephone call',
  mobile_app: 'Mobile app',
  mobile_app_critical: 'Mobile app, as critical',
  web_push: 'Web push',
  webhook: 'Webhook',
  null: 'Test channel',
};
