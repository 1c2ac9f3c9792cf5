import type { SettingsTexts } from '../model/texts.ts';

export const englishSettings: SettingsTexts = {
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
  whyLife: 'What happened',
  whyWays: 'How it reached you',
  whyTitle: 'Why did I get this?',
  kinds: {
    ...{ inbox: 'Inbox', email: 'E-mail', sms: 'SMS', phone_call: 'Call', webhook: 'Webhook' },
    ...{ web_push: 'Push', slack: 'Slack', teams: 'Teams', discord: 'Discord', telegram: 'Telegram' },
  },
};
