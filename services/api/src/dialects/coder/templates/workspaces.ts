import type { SystemTemplate } from '@carillon/core';
import { greeting, reason, site, workspaceUrl } from './phrases.ts';

const common = { source: 'system', group: 'Workspace Events', category: 'workspaces' } as const;
const openWorkspace = { label: 'Open workspace', url: workspaceUrl };
const sampleLabels = { base_url: 'https://coder.example.com', owner: 'ada', workspace: 'blue-whale' };

/** What happens to workspaces. */
export const workspaceTemplates: readonly SystemTemplate[] = [
  {
    ...common,
    id: '281fdf73-c6d6-4cbb-8ff5-888baf8a2fff',
    key: 'coder-workspace-created',
    name: 'Workspace Created',
    defaultEnabled: false,
    title: 'New workspace: {{labels.workspace}}',
    body: `${greeting}

the workspace **{{labels.workspace}}** now exists. It was made from version **{{labels.version}}** of the template **{{labels.template}}**.`,
    actions: [openWorkspace],
    sampleData: { labels: { ...sampleLabels, template: 'docker', version: 'v7' } },
  },
  {
    ...common,
    id: 'd089fe7b-d5c5-4c0c-aaf5-689859f7d392',
    key: 'coder-workspace-manually-updated',
    name: 'Workspace Manually Updated',
    defaultEnabled: false,
    title: '{{labels.workspace}} was updated by hand',
    body: `${greeting}

{{labels.initiator}} moved the workspace **{{labels.workspace}}** to version **{{labels.version}}** of the template **{{labels.template}}**.`,
    actions: [
      openWorkspace,
      { label: 'Show template', url: `${site}/templates/{{labels.organization}}/{{labels.template}}` },
    ],
    sampleData: {
      labels: {
        ...{ ...sampleLabels, initiator: 'grace', organization: 'research' },
        ...{ template: 'docker', version: 'v8' },
      },
    },
  },
  {
    ...common,
    id: 'f517da0b-cdc9-410f-ab89-a86107c420ed',
    key: 'coder-workspace-deleted',
    name: 'Workspace Deleted',
    defaultEnabled: null,
    title: '{{labels.workspace}} was deleted',
    body: `${greeting}

the workspace **{{labels.workspace}}** is gone{{#if labels.initiator}}; {{labels.initiator}} deleted it{{/if}}.${reason}`,
    actions: [
      { label: 'My workspaces', url: `${site}/workspaces` },
      { label: 'Make a new one', url: `${site}/templates` },
    ],
    sampleData: {
      labels: {
        ...{ base_url: sampleLabels.base_url, workspace: sampleLabels.workspace },
        ...{ initiator: 'grace', reason: 'it had been dormant for 30 days' },
      },
    },
  },
  {
    ...common,
    id: '381df2a9-c0c0-4749-420f-80a9280c66f9',
    key: 'coder-workspace-autobuild-failed',
    name: 'Workspace Autobuild Failed',
    defaultEnabled: null,
    title: 'Automatic build of {{labels.workspace}} failed',
    body: `${greeting}

an automatic build of the workspace **{{labels.workspace}}** did not succeed.${reason}`,
    actions: [openWorkspace],
    sampleData: { labels: { ...sampleLabels, reason: 'the quota of the organization is used up' } },
  },
  {
    ...common,
    id: '2faeee0f-26cb-4e96-821c-85ccb9f71513',
    key: 'coder-workspace-manual-build-failed',
    name: 'Workspace Manual Build Failed',
    defaultEnabled: null,
    title: 'Build of {{labels.workspace}} failed',
    body: `${greeting}

a build of the workspace **{{labels.workspace}}** that {{labels.initiator}} started did not succeed. It used version **{{labels.version}}** of the template **{{labels.template}}**.`,
    actions: [openWorkspace],
    sampleData: {
      labels: { ...sampleLabels, initiator: 'grace', template: 'docker', version: 'v8' },
    },
  },
  {
    ...common,
    id: '0ea69165-ec14-4314-91f1-69566ac3c5a0',
    key: 'coder-workspace-dormant',
    name: 'Workspace Marked as Dormant',
    defaultEnabled: null,
    title: '{{labels.workspace}} is dormant now',
    body: `${greeting}

the workspace **{{labels.workspace}}** became dormant and cannot be used until somebody activates it.${reason}{{#if labels.time_until_deletion}}

If it stays dormant, it will be deleted in {{labels.time_until_deletion}}.{{/if}}`,
    actions: [openWorkspace],
    sampleData: {
      labels: {
        ...sampleLabels,
        ...{ reason: 'nobody used it for 14 days', time_until_deletion: '16 days' },
      },
    },
  },
  {
    ...common,
    id: 'c34a0c09-0704-4cac-bd1c-0c0146811c2b',
    key: 'coder-workspace-auto-updated',
    name: 'Workspace Updated Automatically',
    defaultEnabled: null,
    title: '{{labels.workspace}} was updated automatically',
    body: `${greeting}

the workspace **{{labels.workspace}}** now runs version **{{labels.version}}** of its template.{{#if labels.changes}}

What changed: {{labels.changes}}{{/if}}`,
    actions: [openWorkspace],
    sampleData: { labels: { ...sampleLabels, version: 'v8', changes: 'a newer compiler' } },
  },
  {
    ...common,
    id: '51ce2fdf-c9ca-4be1-8d70-628674f9bc42',
    key: 'coder-workspace-marked-for-deletion',
    name: 'Workspace Marked for Deletion',
    defaultEnabled: null,
    title: '{{labels.workspace}} will be deleted',
    body: `${greeting}

the workspace **{{labels.workspace}}** is to be deleted{{#if labels.time_until_deletion}} in {{labels.time_until_deletion}}{{/if}}. Use it before then if you want to keep it.${reason}`,
    actions: [openWorkspace],
    sampleData: {
      labels: {
        ...sampleLabels,
        ...{ reason: 'it has been dormant for 14 days', time_until_deletion: '24 hours' },
      },
    },
  },
  {
    ...common,
    id: 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a',
    key: 'coder-workspace-out-of-memory',
    name: 'Workspace Out Of Memory',
    defaultEnabled: null,
    title: '{{labels.workspace}} runs out of memory',
    body: `${greeting}

the workspace **{{labels.workspace}}** uses more than {{labels.threshold}} of its memory. Programs in it may be ended at any time.`,
    actions: [openWorkspace],
    sampleData: { labels: { ...sampleLabels, threshold: '90%' } },
  },
  {
    ...common,
    id: 'f047f6a3-5713-40f7-85aa-0394cce9fa3a',
    key: 'coder-workspace-out-of-disk',
    name: 'Workspace Out Of Disk',
    defaultEnabled: null,
    title: '{{labels.workspace}} runs out of disk space',
    body: `${greeting}

{{#if labels.volume}}the volume **{{labels.volume}}**{{else}}a volume{{/if}} of the workspace **{{labels.workspace}}** is more than {{labels.threshold}} full.`,
    actions: [openWorkspace],
    sampleData: { labels: { ...sampleLabels, threshold: '90%', volume: '/var/cache' } },
  },
];
