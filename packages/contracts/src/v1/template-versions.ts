import { channelKinds, type ChannelKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import {
  freeForm,
  instant,
  integer,
  list,
  locale,
  nullable,
  object,
  oneOf,
  pageOf,
  paging,
  text,
  userReference,
  uuid,
} from '../fields.ts';
import { bodyBytesMaxBatch, route } from '../route.ts';
import { Action, ChannelKindName } from './content.ts';
import { acceptedExample, NotificationAccepted } from './notification-create.ts';
import { sampleIds, sampleInstants } from './samples.ts';
import {
  templatePartKey,
  templatePath,
  templatePathExample,
  templateReaders,
  templateWriters,
  versionNumber,
} from './templates.ts';

const tag = 'Templates';
const byVersion = object({
  template: templatePath,
  version: text(7, 'Number of the version.', {
    pattern: '^[1-9][0-9]{0,6}$',
    'x-rule': 'must be the number of a version',
  }),
});
const byVersionExample = { ...templatePathExample, version: '1' };

/** A text with tags. Its bytes are limited, as what they become is limited when it is rendered. */
function source(bytesMax: number, description: string, minLength = 0) {
  return Type.Unsafe<string>({
    ...{ type: 'string', minLength, maxLength: bytesMax, 'x-max-bytes': bytesMax, description },
  });
}

const titleSource = source(4_096, 'One line of plain text, with tags.', 1);
const bodySource = source(65_536, 'Markdown with tags, at most 64 KiB.');
const linkSource = 'with tags; rendered, an http, https or mailto URL or a path.';
const actionSource = object({
  label: source(
    4_096,
    'What the button says, with tags. A button whose label or URL comes out empty is left out.',
  ),
  url: source(8_192, `Where it leads, ${linkSource}`),
  type: Action.properties.type,
});
const kindName = oneOf<ChannelKind | ''>(['', ...channelKinds], {
  description: 'The channel kind that it is for; empty for every kind that has none of its own.',
});
const localeName = text(35, 'The language that it is in (BCP 47); empty for every language.', {
  minLength: 0,
  pattern: '^(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?$',
  'x-rule': 'must be a BCP 47 language tag, for example de or de-CH, or empty',
});

const variantFields = {
  kind: kindName,
  locale: localeName,
  title: titleSource,
  body: bodySource,
  actions: list(actionSource, 5, 'Buttons.'),
  url: nullable(source(8_192, `Where a click leads, ${linkSource}`)),
  icon: nullable(source(8_192, `Picture, ${linkSource}`)),
};
/** One wording of a version. */
const Variant = object(variantFields);
const NewVariant = object({
  kind: Type.Optional(kindName),
  locale: Type.Optional(localeName),
  title: titleSource,
  body: Type.Optional(bodySource),
  actions: Type.Optional(variantFields.actions),
  url: Type.Optional(variantFields.url),
  icon: Type.Optional(variantFields.icon),
});

const layout = nullable(templatePartKey);
const mailLayout = nullable(templatePartKey);
const dataSchema = freeForm(16 * 1024, 'JSON Schema that `data` of create calls must fit, at most 16 KiB.');
const sampleData = freeForm(64 * 1024, 'Data for previews and tests.');
const onMissing = oneOf(['empty', 'refuse'], {
  description:
    'What a variable without data does: it prints nothing, or the notification is suppressed as `template_error`.',
});

/** What a version would say, before it is one. */
const NewVersion = object({
  variants: list(NewVariant, 100, 'Its wordings by channel kind and language.', { minItems: 1 }),
  layout: Type.Optional(layout),
  mail_layout: Type.Optional(mailLayout),
  data_schema: Type.Optional(nullable(dataSchema)),
  sample_data: Type.Optional(sampleData),
  on_missing: Type.Optional(onMissing),
});

const summaryFields = {
  version: versionNumber,
  layout,
  mail_layout: mailLayout,
  on_missing: onMissing,
  created_by: nullable(uuid('Who made it.')),
  created_at: instant('When it was made.'),
  published_at: nullable(instant('When it was first published; null for a draft.')),
};
const TemplateVersionSummary = object(summaryFields);

/** What a template says; never changed once it is made. */
export const TemplateVersion = object({
  ...summaryFields,
  variants: list(Variant, 100, 'Its wordings by channel kind and language.'),
  data_schema: nullable(dataSchema),
  sample_data: sampleData,
});
export type TemplateVersion = Static<typeof TemplateVersion>;

const summaryExample = {
  version: 1,
  layout: null,
  mail_layout: null,
  on_missing: 'empty',
  created_by: sampleIds.sender,
  created_at: sampleInstants.created,
  published_at: null,
};
const versionExample = {
  ...summaryExample,
  variants: [
    {
      kind: '',
      locale: '',
      title: 'Build {{number}} failed',
      body: '{{plural errors one="# error" other="# errors"}} in **{{project}}**.',
      actions: [{ label: 'Show the log', url: 'https://example.com/builds/{{number}}' }],
      url: null,
      icon: null,
    },
  ],
  data_schema: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] },
  sample_data: { number: 7, errors: 2, project: 'engine' },
};
const { variants, data_schema, sample_data } = versionExample;

export const listTemplateVersions = route({
  operationId: 'listTemplateVersions',
  method: 'GET',
  path: '/v1/templates/{template}/versions',
  summary: "List a template's versions",
  tag,
  auth: templateReaders,
  params: object({ template: templatePath }),
  query: object(paging(200)),
  responses: {
    200: {
      description: 'One page, newest first, without texts.',
      schema: pageOf(TemplateVersionSummary, 200),
      example: { data: [summaryExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { params: templatePathExample },
});

export const createTemplateVersion = route({
  operationId: 'createTemplateVersion',
  method: 'POST',
  path: '/v1/templates/{template}/versions',
  summary: 'Add a version as a draft',
  description:
    'One variant must have an empty kind, so that every channel has a text. Whether it compiles is checked when it is published. A template has 1,000 versions at most.',
  tag,
  auth: templateWriters,
  idempotency: 'stored',
  params: object({ template: templatePath }),
  body: NewVersion,
  bodyBytesMax: bodyBytesMaxBatch,
  problems: [409, 422],
  responses: {
    201: {
      description: 'Added.',
      schema: TemplateVersion,
      example: versionExample,
      headers: { Location: 'Where it can be read.' },
    },
  },
  example: {
    params: templatePathExample,
    body: {
      variants: [{ title: 'Build {{number}} failed', body: variants[0]?.body }],
      data_schema,
      sample_data,
    },
  },
});

export const getTemplateVersion = route({
  operationId: 'getTemplateVersion',
  method: 'GET',
  path: '/v1/templates/{template}/versions/{version}',
  summary: 'Get one version with its texts',
  tag,
  auth: templateReaders,
  params: byVersion,
  responses: {
    200: { description: 'The version.', schema: TemplateVersion, example: versionExample, headers: tagged },
    304: notModified,
  },
  example: { params: byVersionExample },
});

export const publishTemplateVersion = route({
  operationId: 'publishTemplateVersion',
  method: 'POST',
  path: '/v1/templates/{template}/versions/{version}/publish',
  summary: 'Publish a version',
  description:
    'From now on create calls use it. All texts must compile, its layout and partials exist, its JSON Schema be one whose cost is known, and its sample data fit it. Sources of the layout and the partials are frozen with it. An older version is published again the same way. A repeat changes nothing.',
  tag,
  auth: templateWriters,
  idempotency: 'natural',
  params: byVersion,
  problems: [422],
  responses: {
    200: {
      description: 'Published.',
      schema: object({
        version: TemplateVersion,
        variables: list(text(1_100, 'Path into the data.'), 100_000, 'All that its texts read, sorted.'),
      }),
      example: {
        version: { ...versionExample, published_at: sampleInstants.created },
        variables: ['errors', 'number', 'project'],
      },
    },
  },
  example: { params: byVersionExample },
});

const preview = {
  version: versionNumber,
  kind: kindName,
  locale: localeName,
  title: text(200, 'As the inbox shows it.'),
  body: text(16_384, 'Markdown.', { minLength: 0 }),
  html: text(1_000_000, 'The body as HTML.', { minLength: 0 }),
  text: text(1_000_000, 'The body as plain text.', { minLength: 0 }),
  page: nullable(
    text(
      300_000,
      'With `kind: email`, the whole mail as its layout makes it; null without a layout for mails.',
      {
        minLength: 0,
      },
    ),
  ),
  actions: list(Action, 5, 'Buttons.'),
  url: nullable(text(2_048, 'Where a click leads.')),
  icon: nullable(text(2_048, 'Picture.')),
  missing: list(text(1_100, 'Path.'), 1_000, 'Variables that were to be shown and have no data.'),
  cut: list(text(100, 'Which text.'), 10, 'Texts that were too long and lost their end.'),
};
/** A version rendered for one reader; `kind` and `locale` are those of the variant that was chosen. */
export const TemplatePreview = object(preview);
export type TemplatePreview = Static<typeof TemplatePreview>;

export const previewTemplate = route({
  operationId: 'previewTemplate',
  method: 'POST',
  path: '/v1/templates/{template}/preview',
  summary: 'Render a version and write nothing',
  description:
    'A stored version, or with `draft` one that is not: nothing of it is kept, and its number is that which it would get. A version that does not compile is 422 `template.syntax` with line and column, one that fails with these data 422 `template.failed`.',
  tag,
  auth: templateReaders,
  idempotency: 'unsupported',
  params: object({ template: templatePath }),
  body: object({
    version: Type.Optional(integer(1, 1_000_000, 'The newest one unless given.')),
    draft: Type.Optional(NewVersion),
    data: Type.Optional(freeForm(64 * 1024, 'The sample data of the version unless given.')),
    user: Type.Optional(userReference()),
    locale: Type.Optional(locale('Instead of the language of the user.')),
    kind: Type.Optional(ChannelKindName),
  }),
  bodyBytesMax: bodyBytesMaxBatch,
  problems: [422],
  responses: {
    200: {
      description: 'The texts.',
      schema: TemplatePreview,
      example: {
        ...{ version: 1, kind: '', locale: '', title: 'Build 7 failed' },
        body: '2 errors in **engine**.',
        html: '<p>2 errors in <strong>engine</strong>.</p>',
        ...{ text: '2 errors in engine.', page: null },
        actions: [{ label: 'Show the log', url: 'https://example.com/builds/7' }],
        ...{ url: null, icon: null, missing: [], cut: [] },
      },
    },
  },
  example: { params: templatePathExample, body: { data: { number: 7, errors: 2, project: 'engine' } } },
});

export const testSendTemplate = route({
  operationId: 'testSendTemplate',
  method: 'POST',
  path: '/v1/templates/{template}/test-send',
  summary: 'Send a version to one user as a test',
  description:
    'To the caller unless `to` names another user. The notification is an ordinary one: preferences and quiet hours hold for it. A draft must pass the checks of publishing.',
  tag,
  auth: templateWriters,
  idempotency: 'unsupported',
  params: object({ template: templatePath }),
  body: object({
    to: Type.Optional(userReference()),
    version: Type.Optional(integer(1, 1_000_000, 'The newest one unless given.')),
    data: Type.Optional(freeForm(64 * 1024, 'The sample data of the version unless given.')),
  }),
  problems: [422],
  responses: {
    202: {
      description: 'Stored.',
      schema: NotificationAccepted,
      example: acceptedExample,
      headers: { Location: 'Where the notification can be read.' },
    },
  },
  example: { params: templatePathExample, body: { version: 1 } },
});
