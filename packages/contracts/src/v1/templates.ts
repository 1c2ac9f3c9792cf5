import { channelKinds, type ChannelKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import {
  flag,
  instant,
  integer,
  list,
  nullable,
  object,
  oneOf,
  pageOf,
  paging,
  text,
  uuid,
} from '../fields.ts';
import { route } from '../route.ts';
import { ChannelKindName, contentFields, templateKey, templateReference } from './content.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Templates';
/** Templates are written by admins; programs that send may read them. */
export const templateReaders = { roles: ['admin', 'system'], scope: 'admin' } as const;
export const templateWriters = { roles: ['admin'], scope: 'admin' } as const;

export const templatePath = templateReference('Key or id of the template.');
export const templatePathExample = { template: 'build-failed' };
export const versionNumber = integer(1, 1_000_000, 'Number of the version.');

const name = text(200, 'Name to show.');
const group = text(100, 'Heading under which lists show it; empty for none.', { minLength: 0 });
const category = contentFields.category;
const urgent = flag('Whether what it sends passes quiet hours, unless the user forbids it.');
const mandatory = flag('Whether it reaches everybody, whatever they prefer and whatever the hour.');
const kinds = Type.Unsafe<ChannelKind[] | null>({
  type: ['array', 'null'],
  items: ChannelKindName,
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  description: 'The channel kinds that it goes to; null means all. A create call may restrict them further.',
});
const defaultEnabled = nullable(
  flag('Whether it is on for those who chose nothing; null means as its category says.'),
);
const dispatchMethod = nullable(
  oneOf<ChannelKind>(channelKinds, {
    description:
      'Of the kinds besides the inbox, the only one that it goes to; `inbox` means none of them, null all.',
  }),
);
const enabled = flag('Switched off, what it sends is accepted and suppressed as `template_disabled`.');

/** What notifications of one sort say, and how they are treated. */
export const Template = object({
  id: uuid('Template id.'),
  key: templateKey(),
  name,
  source: oneOf(['custom', 'system'], {
    description: '`system`: came with Carillon, can be changed but not deleted.',
  }),
  group,
  category,
  urgent,
  mandatory,
  channels: kinds,
  default_enabled: defaultEnabled,
  dispatch_method: dispatchMethod,
  enabled,
  published_version: nullable(
    integer(1, 1_000_000, 'The version that create calls use; null before the first.'),
  ),
  latest_version: nullable(integer(1, 1_000_000, 'The newest version; null before the first.')),
  paused_at: nullable(instant('Since when what is sent by it waits; null when it runs.')),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
});
export type Template = Static<typeof Template>;

export const templateExample: Template = {
  id: sampleIds.template,
  key: 'build-failed',
  name: 'Build failed',
  source: 'custom',
  group: 'Builds',
  category: 'builds',
  urgent: false,
  mandatory: false,
  channels: null,
  default_enabled: null,
  dispatch_method: null,
  enabled: true,
  published_version: 1,
  latest_version: 2,
  paused_at: null,
  created_at: sampleInstants.created,
  updated_at: sampleInstants.created,
};

const changeable = {
  group: Type.Optional(group),
  category: Type.Optional(text(100, 'What users can switch off; `general` unless given.')),
  urgent: Type.Optional(urgent),
  mandatory: Type.Optional(mandatory),
  channels: Type.Optional(kinds),
  default_enabled: Type.Optional(defaultEnabled),
  dispatch_method: Type.Optional(dispatchMethod),
  enabled: Type.Optional(enabled),
};

export const listTemplates = route({
  operationId: 'listTemplates',
  method: 'GET',
  path: '/v1/templates',
  summary: 'List templates',
  tag,
  auth: templateReaders,
  query: object(paging(200)),
  responses: {
    200: {
      description: 'One page, by key.',
      schema: pageOf(Template, 200),
      example: { data: [templateExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { limit: '20' } },
});

export const createTemplate = route({
  operationId: 'createTemplate',
  method: 'POST',
  path: '/v1/templates',
  summary: 'Make a template',
  description:
    'It says nothing yet: add a version, then publish it. An organization has 1,000 templates at most.',
  tag,
  auth: templateWriters,
  idempotency: 'stored',
  body: object({ key: templateKey(), name, ...changeable }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Made.',
      schema: Template,
      example: { ...templateExample, published_version: null, latest_version: null },
      headers: { Location: 'Where it can be read.' },
    },
  },
  example: {
    body: { key: 'build-failed', name: 'Build failed', group: 'Builds', category: 'builds' },
  },
});

export const getTemplate = route({
  operationId: 'getTemplate',
  method: 'GET',
  path: '/v1/templates/{template}',
  summary: 'Get one template',
  tag,
  auth: templateReaders,
  params: object({ template: templatePath }),
  responses: {
    200: { description: 'The template.', schema: Template, example: templateExample, headers: tagged },
    304: notModified,
  },
  example: { params: templatePathExample },
});

export const updateTemplate = route({
  operationId: 'updateTemplate',
  method: 'PATCH',
  path: '/v1/templates/{template}',
  summary: 'Change how a template is treated',
  description:
    'What is not named stays. It holds at once, also for what waits: whether it is switched off, mandatory or on by default is asked when something is decided. Category, urgency and channel kinds are those of the moment of a create call.',
  tag,
  auth: templateWriters,
  params: object({ template: templatePath }),
  body: object({ name: Type.Optional(name), ...changeable }, { minProperties: 1 }),
  problems: [412],
  responses: {
    200: { description: 'As it is now.', schema: Template, example: templateExample, headers: tagged },
  },
  example: { params: templatePathExample, body: { enabled: true, channels: null } },
});

export const deleteTemplate = route({
  operationId: 'deleteTemplate',
  method: 'DELETE',
  path: '/v1/templates/{template}',
  summary: 'Delete a template',
  description:
    'What waits to be sent by it is suppressed as `template_disabled`; what was sent keeps its texts. Its key may be used again. Templates that came with Carillon can only be switched off.',
  tag,
  auth: templateWriters,
  params: object({ template: templatePath }),
  problems: [409, 412],
  responses: { 204: { description: 'Deleted.' } },
  example: { params: templatePathExample },
});

export const pauseTemplate = route({
  operationId: 'pauseTemplate',
  method: 'POST',
  path: '/v1/templates/{template}/pause',
  summary: 'Pause a template',
  description:
    'What is sent by it is accepted and waits before it enters an inbox; what is in one already is not delivered further. A repeat changes nothing.',
  tag,
  auth: templateWriters,
  idempotency: 'natural',
  params: object({ template: templatePath }),
  responses: {
    200: {
      description: 'As it is now.',
      schema: Template,
      example: { ...templateExample, paused_at: sampleInstants.created },
    },
  },
  example: { params: templatePathExample },
});

export const resumeTemplate = route({
  operationId: 'resumeTemplate',
  method: 'POST',
  path: '/v1/templates/{template}/resume',
  summary: 'Resume a template',
  description: 'What waited is due at once. A repeat changes nothing.',
  tag,
  auth: templateWriters,
  idempotency: 'natural',
  params: object({ template: templatePath }),
  responses: { 200: { description: 'As it is now.', schema: Template, example: templateExample } },
  example: { params: templatePathExample },
});

const partName = oneOf(['partial', 'layout', 'mail_layout'], {
  description:
    '`partial`: named by templates as `{{> key}}`; `layout`: stands around a body; `mail_layout`: a whole page around the body of mails, in MJML.',
});
/** Names of partials and layouts, as they can stand in a tag. */
export const templatePartKey = text(100, 'What templates call it.', {
  pattern: '^[a-z][a-z0-9_-]{0,99}$',
  'x-rule': 'must be 1 to 100 small letters, digits, dashes and underscores, and begin with a letter',
});
const partPath = object({ part: partName, key: templatePartKey });
const partPathExample = { part: 'partial', key: 'signature' };

const partFields = {
  part: partName,
  key: templatePartKey,
  updated_at: instant('When it was last written.'),
};
export const TemplatePart = object({
  ...partFields,
  source: Type.Unsafe<string>({
    type: 'string',
    maxLength: 65_536,
    'x-max-bytes': 65_536,
    description:
      'In the language of templates, at most 64 KiB. A layout says `{{> @content}}` where the body stands; one for mails is MJML.',
  }),
});
export type TemplatePart = Static<typeof TemplatePart>;

const partExample: TemplatePart = {
  part: 'partial',
  key: 'signature',
  updated_at: sampleInstants.created,
  source: 'Yours, {{organization.name}}',
};

export const listTemplateParts = route({
  operationId: 'listTemplateParts',
  method: 'GET',
  path: '/v1/template-parts',
  summary: 'List partials and layouts',
  tag,
  auth: templateReaders,
  responses: {
    200: {
      description: 'All of them, without their sources.',
      schema: object({
        data: list(object(partFields), 200, 'Layouts, layouts for mails, partials, each by key.'),
      }),
      example: { data: [{ part: 'partial', key: 'signature', updated_at: sampleInstants.created }] },
    },
  },
});

export const getTemplatePart = route({
  operationId: 'getTemplatePart',
  method: 'GET',
  path: '/v1/template-parts/{part}/{key}',
  summary: 'Get a partial or a layout',
  tag,
  auth: templateReaders,
  params: partPath,
  responses: {
    200: { description: 'With its source.', schema: TemplatePart, example: partExample, headers: tagged },
    304: notModified,
  },
  example: { params: partPathExample },
});

export const putTemplatePart = route({
  operationId: 'putTemplatePart',
  method: 'PUT',
  path: '/v1/template-parts/{part}/{key}',
  summary: 'Make or replace a partial or a layout',
  description:
    'Versions that are published keep the source of the moment of their publishing: publish a new version to use this one. An organization has 200 at most.',
  tag,
  auth: templateWriters,
  params: partPath,
  body: object({ source: TemplatePart.properties.source }),
  problems: [409, 412, 422],
  responses: {
    200: { description: 'As it is now.', schema: TemplatePart, example: partExample, headers: tagged },
  },
  example: { params: partPathExample, body: { source: 'Yours, {{organization.name}}' } },
});

export const deleteTemplatePart = route({
  operationId: 'deleteTemplatePart',
  method: 'DELETE',
  path: '/v1/template-parts/{part}/{key}',
  summary: 'Delete a partial or a layout',
  description: 'Published versions keep it. A draft that names it cannot be published any more.',
  tag,
  auth: templateWriters,
  params: partPath,
  problems: [412],
  responses: { 204: { description: 'Deleted.' } },
  example: { params: partPathExample },
});
