import type { SystemTemplate } from '@carillon/core';
import { greeting, site } from './phrases.ts';

const common = {
  source: 'system',
  group: 'User Events',
  category: 'accounts',
  defaultEnabled: null,
} as const;
const showUsers = { label: 'Show users', url: `${site}/deployment/users` };
const signIn = { label: 'Sign in', url: `${site}/login` };
const base_url = 'https://coder.example.com';
const aboutSomebody = { labels: { base_url, account: 'ada', initiator: 'grace' } };

/** `labels.initiator` says who did it, where that is known. */
const byWhom = '{{#if labels.initiator}} by {{labels.initiator}}{{/if}}';

/** What happens to accounts: told to those who look after them, or to the one whose account it is. */
export const accountTemplates: readonly SystemTemplate[] = [
  {
    ...common,
    id: '4e19c0ac-94e1-4532-9515-d1801aa283b2',
    key: 'coder-user-account-created',
    name: 'User account created',
    title: 'New account: {{labels.account}}',
    body: `${greeting}

an account was made for **{{labels.account}}**${byWhom}.`,
    actions: [showUsers],
    sampleData: aboutSomebody,
  },
  {
    ...common,
    id: 'f44d9314-ad03-4bc8-95d0-5cad491da6b6',
    key: 'coder-user-account-deleted',
    name: 'User account deleted',
    title: 'Account deleted: {{labels.account}}',
    body: `${greeting}

the account of **{{labels.account}}** was deleted${byWhom}.`,
    actions: [showUsers],
    sampleData: aboutSomebody,
  },
  {
    ...common,
    id: 'b02ddd82-4733-4d02-a2d7-c36f3598997d',
    key: 'coder-user-account-suspended',
    name: 'User account suspended',
    title: 'Account suspended: {{labels.account}}',
    body: `${greeting}

the account of **{{labels.account}}** was suspended${byWhom}: nobody can sign in with it.`,
    actions: [showUsers],
    sampleData: aboutSomebody,
  },
  {
    ...common,
    id: '9f5af851-8408-4e73-a7a1-c6502ba46689',
    key: 'coder-user-account-activated',
    name: 'User account activated',
    title: 'Account activated: {{labels.account}}',
    body: `${greeting}

the account of **{{labels.account}}** was activated${byWhom} and can be used again.`,
    actions: [showUsers],
    sampleData: aboutSomebody,
  },
  {
    ...common,
    id: '6a2f0609-9b69-4d36-a989-9f5925b6cbff',
    key: 'coder-your-account-suspended',
    name: 'Your account has been suspended',
    title: 'You cannot sign in at present',
    body: `${greeting}

your account was suspended${byWhom}. Ask an administrator if this is a surprise to you.`,
    actions: [],
    sampleData: { labels: { initiator: 'grace' } },
  },
  {
    ...common,
    id: '1a6a6bea-ee0a-43e2-9e7c-eabdb53730e4',
    key: 'coder-your-account-activated',
    name: 'Your account has been activated',
    title: 'You can sign in again',
    body: `${greeting}

your account was activated${byWhom}.`,
    actions: [signIn],
    sampleData: { labels: { base_url, initiator: 'grace' } },
  },
  {
    ...common,
    id: '62f86a30-2330-4b61-a26d-311ff3b608cf',
    key: 'coder-one-time-passcode',
    name: 'One-Time Passcode',
    title: 'Your passcode to choose a new password',
    body: `${greeting}

somebody asked to choose a new password for your account. If it was you, this passcode allows it once:

**{{labels.one_time_passcode}}**

If it was not you, do nothing: your password stays as it is.`,
    actions: [],
    sampleData: { labels: { one_time_passcode: '3f1c9a70-example' } },
  },
];
