const names: Readonly<Record<string, string>> = {
  inbox: 'Inbox',
  email: 'E-mail',
  telegram: 'Telegram',
  slack: 'Slack',
  sms: 'Text message',
  phone_call: 'Telephone call',
  mobile_app: 'Mobile app',
  mobile_app_critical: 'Mobile app (critical)',
  web_push: 'Browser push',
  discord: 'Discord',
  msteams: 'Microsoft Teams',
  ntfy: 'ntfy',
  gotify: 'Gotify',
  webhook: 'Webhook',
  null: 'Null',
};

/** What people call a channel kind; one that this console does not know yet is shown as the API names it. */
export function kindName(kind: string): string {
  return names[kind] ?? kind;
}
