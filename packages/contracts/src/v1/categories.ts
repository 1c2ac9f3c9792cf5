import { quietModes, type QuietMode } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { flag, instant, list, object, oneOf, text } from '../fields.ts';
import { route } from '../route.ts';
import { sampleInstants } from './samples.ts';

/** Categories of one organization at most. */
export const categoriesMax = 200;

const tag = 'Categories';
const auth = { roles: ['admin'], scope: 'admin' } as const;
const key = text(100, 'What notifications name as their `category`.', {
  pattern: '^[^\\u0000-\\u001f\\u007f]{1,100}$',
  'x-rule': 'must be 1 to 100 characters without control characters',
});
const byKey = object({ key });
const byKeyExample = { key: 'security' };
const name = text(100, 'Name to show.');
const description = text(1000, 'What is told under it, for the people who choose.', { minLength: 0 });
const mandatory = flag('Whether it reaches everybody, whatever they prefer and whatever the hour.');
const quietMode = oneOf<QuietMode>(quietModes, {
  description:
    'What quiet time does to it: `hold` until the end, `drop`, one `digest` at the end, or nothing (`off`).',
});
const defaultEnabled = flag('Whether it is on for those who chose nothing.');

/** What an organization says about a sort of notifications. */
export const Category = object({
  key,
  name,
  description,
  mandatory,
  quiet_mode: quietMode,
  default_enabled: defaultEnabled,
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
});
export type Category = Static<typeof Category>;

const categoryExample: Category = {
  key: 'security',
  name: 'Security',
  description: 'Sign-ins from new devices and changed passwords.',
  mandatory: true,
  quiet_mode: 'hold',
  default_enabled: true,
  created_at: sampleInstants.created,
  updated_at: sampleInstants.created,
};

export const listCategories = route({
  operationId: 'listCategories',
  method: 'GET',
  path: '/v1/categories',
  summary: 'List categories',
  description: 'Everybody of the organization may. Notifications may name a category that stands in no list.',
  tag,
  auth: { roles: ['admin', 'member', 'system'] },
  responses: {
    200: {
      description: 'All categories.',
      schema: object({ data: list(Category, categoriesMax, 'By key.') }),
      example: { data: [categoryExample] },
    },
  },
});

export const putCategory = route({
  operationId: 'putCategory',
  method: 'PUT',
  path: '/v1/categories/{key}',
  summary: 'Make or change a category',
  description:
    'What is not named stays as it is. In a new category the name is the key, `mandatory` is false, `quiet_mode` is `hold` and `default_enabled` is true. What quiet time holds of it is decided again at once. An organization has 200 categories at most.',
  tag,
  auth,
  params: byKey,
  body: object({
    name: Type.Optional(name),
    description: Type.Optional(description),
    mandatory: Type.Optional(mandatory),
    quiet_mode: Type.Optional(quietMode),
    default_enabled: Type.Optional(defaultEnabled),
  }),
  problems: [409],
  responses: {
    200: { description: 'It was there and is changed.', schema: Category, example: categoryExample },
    201: { description: 'It is new.', schema: Category, example: categoryExample },
  },
  example: { params: byKeyExample, body: { name: 'Security', mandatory: true } },
});

export const deleteCategory = route({
  operationId: 'deleteCategory',
  method: 'DELETE',
  path: '/v1/categories/{key}',
  summary: 'Remove a category',
  description: 'Notifications and preferences that name it stay; it is then on, and held in quiet time.',
  tag,
  auth,
  params: byKey,
  responses: { 204: { description: 'Removed.' } },
  example: { params: byKeyExample },
});
