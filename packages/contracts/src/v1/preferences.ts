import { channelKinds, quietModes, type ChannelKind, type QuietMode } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { notModified, tagged } from '../conditional.ts';
import { flag, instant, list, nullable, object, oneOf, text, userReference, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { QuietWindow, windowFields } from './quiet-hours.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** Preferences of one bulk call at most. */
export const preferencesBulkMax = 100;

const tag = 'Preferences';
// Members set their own; an admin those of everybody in the organization.
const auth = { roles: ['admin', 'member'], scope: 'preferences' } as const;
const byUser = object({ id: userReference() });
const byUserAndId = object({ id: userReference(), preference_id: uuid('Preference id.') });
const byUserExample = { id: 'me' };
const byIdExample = { id: 'me', preference_id: sampleIds.preference };

const part = {
  category: text(100, 'Of which category; empty means any.', { minLength: 0 }),
  environment: text(100, 'Of which environment; empty means any.', { minLength: 0 }),
  project: text(100, 'Of which project; empty means any.', { minLength: 0 }),
};
const kind = oneOf<ChannelKind | ''>(['', ...channelKinds], {
  description: 'By which channel kind; empty means any.',
});
const enabled = flag('Whether it is wanted; null leaves it to a broader preference or the defaults.');
const quietMode = oneOf<QuietMode>(quietModes, {
  description: 'What quiet time does to this part; null leaves it to a broader preference or the category.',
});

/** One choice of a user for a part of what is sent. */
export const Preference = object({
  id: uuid('Preference id.'),
  ...part,
  kind,
  enabled: nullable(enabled),
  quiet_hours: nullable(QuietWindow),
  quiet_mode: nullable(quietMode),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
});
export type Preference = Static<typeof Preference>;

/** A user's choice about one template. */
export const TemplatePreference = object({
  id: uuid('Preference id.'),
  template_id: uuid('Template id.'),
  template_key: nullable(text(200, 'Its key; null when the template was removed.')),
  kind,
  enabled: flag('Whether it is wanted.'),
  updated_at: instant('When it was last changed.'),
});
export type TemplatePreference = Static<typeof TemplatePreference>;

/** A preference as callers write it. What is not named means any, or nothing said. */
export const PreferenceWrite = object({
  category: Type.Optional(part.category),
  environment: Type.Optional(part.environment),
  project: Type.Optional(part.project),
  kind: Type.Optional(kind),
  enabled: Type.Optional(nullable(enabled)),
  quiet_hours: Type.Optional(
    nullable(
      object(windowFields, {
        description: 'Quiet hours of this part; start = end switches broader quiet hours off.',
      }),
    ),
  ),
  quiet_mode: Type.Optional(nullable(quietMode)),
});
export type PreferenceWrite = Static<typeof PreferenceWrite>;

const preferenceExample: Preference = {
  ...{ id: sampleIds.preference, category: 'billing', environment: '', project: '', kind: 'email' },
  ...{ enabled: false, quiet_hours: null, quiet_mode: null },
  ...{ created_at: sampleInstants.created, updated_at: sampleInstants.created },
};
const templatePreferenceExample: TemplatePreference = {
  ...{ id: sampleIds.preference, template_id: sampleIds.template, template_key: 'invoice', kind: '' },
  ...{ enabled: true, updated_at: sampleInstants.created },
};
const writeExample = { category: 'billing', kind: 'email', enabled: false };

export const listPreferences = route({
  operationId: 'listPreferences',
  method: 'GET',
  path: '/v1/users/{id}/preferences',
  summary: "List a user's preferences",
  description:
    'All that were set. What follows from them is told by `/effective`. Its `ETag` is the one that the calls which change preferences take as `If-Match`.',
  tag,
  auth,
  params: byUser,
  responses: {
    200: {
      description: 'All preferences.',
      schema: object({
        data: list(Preference, 200, 'The broadest first.'),
        template_preferences: list(TemplatePreference, 500, 'Those about templates, by key.'),
      }),
      example: { data: [preferenceExample], template_preferences: [templatePreferenceExample] },
      headers: tagged,
    },
    304: notModified,
  },
  example: { params: byUserExample },
});

export const putPreference = route({
  operationId: 'putPreference',
  method: 'PUT',
  path: '/v1/users/{id}/preferences',
  summary: 'Set one preference',
  description:
    'Replaces the preference for the same category, environment, project and kind. To switch off a mandatory category is refused. What is held for the user is decided again at once. A user has 200 preferences at most.',
  tag,
  auth,
  params: byUser,
  body: PreferenceWrite,
  problems: [409, 412, 422],
  responses: { 200: { description: 'As it is now.', schema: Preference, example: preferenceExample } },
  example: { params: byUserExample, body: writeExample },
});

export const putPreferences = route({
  operationId: 'putPreferences',
  method: 'POST',
  path: '/v1/users/{id}/preferences/bulk',
  summary: 'Set many preferences',
  description:
    'Up to 100, each as in a single call: all of them or, if one is refused, none. What is not named stays.',
  tag,
  auth,
  idempotency: 'natural',
  params: byUser,
  body: object({
    preferences: list(PreferenceWrite, preferencesBulkMax, 'Each part once.', { minItems: 1 }),
  }),
  problems: [409, 412, 422],
  responses: {
    200: {
      description: 'As they are now.',
      schema: object({ data: list(Preference, preferencesBulkMax, 'In the order of the request.') }),
      example: { data: [preferenceExample] },
    },
  },
  example: { params: byUserExample, body: { preferences: [writeExample] } },
});

export const deletePreference = route({
  operationId: 'deletePreference',
  method: 'DELETE',
  path: '/v1/users/{id}/preferences/{preference_id}',
  summary: 'Remove a preference',
  tag,
  auth,
  params: byUserAndId,
  problems: [412],
  responses: { 204: { description: 'Removed.' } },
  example: { params: byIdExample },
});

export const putTemplatePreference = route({
  operationId: 'putTemplatePreference',
  method: 'PUT',
  path: '/v1/users/{id}/template-preferences',
  summary: 'Set a preference about one template',
  description:
    'Goes before all other preferences. To switch off what is mandatory is refused. A user has 500 at most.',
  tag,
  auth,
  params: byUser,
  body: object({
    template: text(200, 'Id or key of the template.'),
    kind: Type.Optional(kind),
    enabled: flag('Whether it is wanted.'),
  }),
  problems: [409, 412, 422],
  responses: {
    200: { description: 'As it is now.', schema: TemplatePreference, example: templatePreferenceExample },
  },
  example: { params: byUserExample, body: { template: 'invoice', enabled: true } },
});

export const deleteTemplatePreference = route({
  operationId: 'deleteTemplatePreference',
  method: 'DELETE',
  path: '/v1/users/{id}/template-preferences/{preference_id}',
  summary: 'Remove a preference about a template',
  tag,
  auth,
  params: byUserAndId,
  problems: [412],
  responses: { 204: { description: 'Removed.' } },
  example: { params: byIdExample },
});
