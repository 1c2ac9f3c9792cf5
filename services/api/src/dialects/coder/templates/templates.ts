import type { SystemTemplate } from '@carillon/core';
import { greeting, site } from './phrases.ts';

const common = {
  source: 'system',
  group: 'Template Events',
  category: 'templates',
  defaultEnabled: null,
} as const;
const base_url = 'https://coder.example.com';

/** What happens to the templates that workspaces are made from. */
export const templateTemplates: readonly SystemTemplate[] = [
  {
    ...common,
    id: '29a09665-2a4c-403f-9648-54301670e7be',
    key: 'coder-template-deleted',
    name: 'Template Deleted',
    title: 'Template {{labels.template}} was deleted',
    body: `${greeting}

the template **{{labels.template}}** is gone{{#if labels.initiator}}; {{labels.initiator}} deleted it{{/if}}. No workspace can be made from it any more.`,
    actions: [{ label: 'Show templates', url: `${site}/templates` }],
    sampleData: { labels: { base_url, template: 'docker', initiator: 'grace' } },
  },
  {
    ...common,
    id: 'f40fae84-55a2-42cd-99fa-b41c1ca64894',
    key: 'coder-template-deprecated',
    name: 'Template Deprecated',
    title: 'Template {{labels.template}} is deprecated',
    body: `${greeting}

no new workspaces can be made from the template **{{labels.template}}**; those that were made from it go on.{{#if labels.message}}

Its administrators say: {{labels.message}}{{/if}}`,
    actions: [
      {
        label: 'My workspaces with it',
        url: `${site}/workspaces?filter=owner%3Ame+template%3A{{labels.template}}`,
      },
      { label: 'Other templates', url: `${site}/templates` },
    ],
    sampleData: { labels: { base_url, template: 'docker', message: 'please move to docker-2' } },
  },
  {
    ...common,
    id: '34a20db2-e9cc-4a93-b0e4-8569699d7a00',
    key: 'coder-template-builds-failed-report',
    name: 'Report: Workspace Builds Failed For Template',
    title: 'Failed builds of template {{labels.template}}',
    body: `${greeting}

of {{labels.total_builds}} builds from the template **{{labels.template}}**{{#if labels.period}} in the last {{labels.period}}{{/if}}, {{plural labels.failed_builds zero="none" one="# build" other="# builds"}} failed.`,
    actions: [
      {
        label: 'Show its workspaces that failed',
        url: `${site}/workspaces?filter=template%3A{{labels.template}}+status%3Afailed`,
      },
    ],
    sampleData: {
      labels: { base_url, template: 'docker', failed_builds: '4', total_builds: '55', period: 'week' },
    },
  },
];
