import {
  channelKinds,
  preferenceLayers,
  quietLayers,
  quietModes,
  type ChannelKind,
  type PreferenceLayer,
  type QuietLayer,
  type QuietMode,
} from '@carillon/core';
import Type, { type Static } from 'typebox';
import { flag, instant, list, nullable, object, oneOf, text, userReference, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { QuietWindow } from './quiet-hours.ts';
import { sampleIds } from './samples.ts';

const asked = {
  category: text(100, 'The category.', { minLength: 0 }),
  environment: text(100, 'The environment.', { minLength: 0 }),
  project: text(100, 'The project.', { minLength: 0 }),
};

/** What quiet time does to one kind of one category, for what is not urgent. */
export const EffectiveQuiet = object({
  mode: oneOf<QuietMode>(quietModes, { description: 'What quiet time does to it.' }),
  mode_preference_id: nullable(uuid('The preference that says the mode; null: the category does.')),
  window: nullable(QuietWindow),
  window_preference_id: nullable(
    uuid("The preference that has the window; null: the user's quiet hours, or none."),
  ),
  quiet_now: flag('Whether it would wait if it were sent now.'),
  until: nullable(instant('Until when it would wait.')),
  decided_by: oneOf<QuietLayer>(quietLayers, { description: 'Which layer decides that now.' }),
});
export type EffectiveQuiet = Static<typeof EffectiveQuiet>;

/** What holds for one category, or one template, by one kind. */
export const EffectivePreference = object({
  ...asked,
  template_id: nullable(uuid('The template that was asked for.')),
  kind: oneOf<ChannelKind>(channelKinds, { description: 'By which channel kind.' }),
  available: flag('Whether the organization has a channel of this kind; the inbox is always there.'),
  enabled: flag('Whether it reaches the user this way.'),
  mandatory: flag('Whether the user cannot change that.'),
  decided_by: oneOf<PreferenceLayer>(preferenceLayers, { description: 'The layer that won.' }),
  preference_id: nullable(uuid('The preference that won; null where none did.')),
  quiet: Type.Unsafe<EffectiveQuiet | null>({
    ...EffectiveQuiet,
    type: ['object', 'null'],
    description: 'Null for the inbox, which is never quiet.',
  }),
});
export type EffectivePreference = Static<typeof EffectivePreference>;

const example: EffectivePreference = {
  ...{ category: 'billing', environment: '', project: '', template_id: null, kind: 'email' },
  ...{
    available: true,
    enabled: false,
    mandatory: false,
    decided_by: 'preference',
    preference_id: sampleIds.preference,
  },
  quiet: {
    ...{ mode: 'hold', mode_preference_id: null, window_preference_id: null },
    window: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null },
    ...{ quiet_now: false, until: null, decided_by: 'user' },
  },
};

export const getEffectivePreferences = route({
  operationId: 'getEffectivePreferences',
  method: 'GET',
  path: '/v1/users/{id}/preferences/effective',
  summary: 'What holds for a user, and why',
  description:
    'For each category by each channel kind: whether it is on, which layer and which preference say so, and what quiet time does to it. Without `category` and `template`: all categories of the organization, `general`, and those that the user has preferences for. The same functions decide deliveries.',
  tag: 'Preferences',
  auth: { roles: ['admin', 'member'], scope: 'preferences' },
  params: object({ id: userReference() }),
  query: object({
    category: Type.Optional(text(100, 'Only this category.')),
    environment: Type.Optional(text(100, 'In this environment; none unless given.')),
    project: Type.Optional(text(100, 'In this project; none unless given.')),
    template: Type.Optional(
      text(200, 'Only this template, by id or key, in its own category unless one is given.'),
    ),
  }),
  problems: [422],
  responses: {
    200: {
      description: 'The table.',
      schema: object({ data: list(EffectivePreference, 10_000, 'By category, then by kind.') }),
      example: { data: [example] },
    },
  },
  example: { params: { id: 'me' }, query: { environment: 'production' } },
});
