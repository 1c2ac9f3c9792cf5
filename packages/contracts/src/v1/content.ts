import { actionTypes, channelKinds, type ActionType, type ChannelKind } from '@carillon/core';
import type { Static, TUnsafe } from 'typebox';
import Type from 'typebox';
import { flag, freeForm, link, list, nullable, object, oneOf, text, uuid } from '../fields.ts';

/** A button under a notification. */
export const Action = object({
  label: text(100, 'What the button says.'),
  url: link('Where it leads.'),
  type: Type.Optional(
    oneOf<ActionType>(actionTypes, {
      description:
        'With `acknowledge`, pressing it in an inbox acknowledges the item (`POST /v1/inbox/{id}/acknowledge`) and then leads there. In mails and elsewhere it only leads there.',
    }),
  ),
});
export type Action = Static<typeof Action>;

/** Bytes of a notification's data as JSON at most, its labels among them. */
export const dataJsonBytesMax = 64 * 1024;

/** The parts of a notification's content that look the same in a request, in the log and in the inbox. */
export const contentFields = {
  title: text(200, 'One line of plain text.'),
  body: Type.Unsafe<string>({
    type: 'string',
    maxLength: 16_384,
    'x-max-bytes': 16_384,
    description: 'Markdown, at most 16 KiB. HTML in it is shown as text.',
    default: '',
  }),
  category: text(100, 'What users can switch off.', { default: 'general' }),
  data: freeForm(dataJsonBytesMax, 'Your own data: given back as it came, at most 64 KiB of JSON.'),
  actions: list(Action, 5, 'Buttons.'),
  targets: list(uuid('Id in your own system.'), 50, 'Ids of the things that it is about, to filter by.'),
  url: link('Where a click leads: an http, https or mailto URL, or a path.'),
  icon: link('Picture: an http or https URL, or a path.'),
  sender_id: uuid('The user who caused it.'),
  environment: text(100, 'Environment that it belongs to; empty when it belongs to none.', {
    minLength: 0,
    default: '',
  }),
  project: text(100, 'Project that it belongs to; empty when it belongs to none.', {
    minLength: 0,
    default: '',
  }),
};

const labelsMax = 64;

/** Texts by name, for templates that read `labels.…`. */
export const labels = Type.Unsafe<Record<string, string>>({
  type: 'object',
  description: `Texts by name, ${labelsMax} at most: the field \`labels\` of \`data\`, for templates that read \`labels.…\`.`,
  maxProperties: labelsMax,
  propertyNames: {
    type: 'string',
    pattern: '^.{1,100}$',
    'x-rule': 'must have names of 1 to 100 characters',
  },
  additionalProperties: { type: 'string', maxLength: 4_096, 'x-max-bytes': 4_096 },
  'x-free-form': true,
  'x-rule': `must have at most ${labelsMax} labels`,
});

export const ChannelKindName = oneOf<ChannelKind>(channelKinds, { description: 'A way to reach people.' });

/** How keys of templates look: never like an id, so that one place may take both. */
const templateKeyText = '(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-)[a-z0-9][a-z0-9._-]{0,99}';
const uuidText = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

export function templateKey(): TUnsafe<string> {
  return text(100, "The template's name in code, unique in the organization.", {
    pattern: `^${templateKeyText}$`,
    'x-rule':
      'must be 1 to 100 small letters, digits, dots, dashes and underscores, begin with a letter or digit, and not look like a UUID',
  });
}

/** How a template is named in paths and create calls. */
export function templateReference(description: string): TUnsafe<string> {
  return text(100, description, {
    pattern: `^(?:${uuidText}|${templateKeyText})$`,
    'x-rule': 'must be the key of a template, for example `build-failed`, or its id (a UUID)',
  });
}

/** Not with `template`: it gives these. */
export const givenByTemplate = ['title', 'body', 'category', 'actions', 'url', 'icon'] as const;

/** What a stored notification says beside its title, to whoever reads it: nothing is left out, what is absent is null. */
export const storedContent = {
  body: contentFields.body,
  category: contentFields.category,
  data: contentFields.data,
  actions: contentFields.actions,
  targets: contentFields.targets,
  url: nullable(contentFields.url),
  icon: nullable(contentFields.icon),
  sender_id: nullable(contentFields.sender_id),
  environment: contentFields.environment,
  project: contentFields.project,
  urgent: flag('Whether it passes quiet hours.'),
};
