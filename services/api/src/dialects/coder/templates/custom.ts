import type { SystemTemplate } from '@carillon/core';
import { greeting } from './phrases.ts';

/** What somebody tells in words of their own: `POST …/notifications/custom`. */
export const customTemplate: SystemTemplate = {
  id: '39b1e189-c857-4b0c-877a-511144c18516',
  key: 'coder-custom',
  name: 'Custom Notification',
  source: 'custom',
  group: 'Custom Events',
  category: 'general',
  defaultEnabled: null,
  title: '{{labels.custom_title}}',
  // Line by line: a value by itself stays on one line.
  body: '{{#each (lines labels.custom_message)}}{{this}}{{#unless @last}}\n\n{{/unless}}{{/each}}',
  actions: [],
  sampleData: { labels: { custom_title: 'Lunch', custom_message: 'The pizza is here.' } },
};

/** Shows that notifications arrive: `POST …/notifications/test`. Its title is what clients look for. */
export const testTemplate: SystemTemplate = {
  id: 'c425f63e-716a-4bf4-ae24-78348f706c3f',
  key: 'coder-test',
  name: 'Test Notification',
  source: 'system',
  group: 'Notification Events',
  category: 'general',
  defaultEnabled: null,
  title: 'A test notification',
  body: `${greeting}

if you can read this, notifications reach you.`,
  actions: [{ label: 'Notification settings', url: '/deployment/notifications?tab=settings' }],
  sampleData: {},
};
