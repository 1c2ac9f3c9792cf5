import Type, { type Static } from 'typebox';
import { instant, locale, nullable, object, pageOf, paging, text, uuid, zone } from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Organizations';
const slug = text(63, 'Short name for addresses and commands: lower case letters, digits and hyphens.', {
  pattern: '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$',
  'x-rule': 'must have only lower case letters, digits and hyphens, with none of these at its ends',
});
const name = text(200, 'Name to show.');

/** A tenant: every other thing belongs to one, and none sees another's. */
export const Organization = object({
  id: uuid('Organization id.'),
  slug,
  name,
  zone: zone('Zone of users who have none of their own.'),
  locale: locale('Language of users who have none of their own.'),
  paused_at: nullable(instant('Since when nothing of it is placed or delivered; null when it runs.')),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
});
export type Organization = Static<typeof Organization>;

const organizationExample: Organization = {
  id: sampleIds.organization,
  slug: 'acme',
  name: 'Acme Corporation',
  zone: 'Europe/Berlin',
  locale: 'en',
  paused_at: null,
  created_at: sampleInstants.created,
  updated_at: sampleInstants.created,
};

const byId = object({ id: uuid('Organization id.') });
const byIdExample = { id: sampleIds.organization };

export const createOrganization = route({
  operationId: 'createOrganization',
  method: 'POST',
  path: '/v1/organizations',
  summary: 'Make an organization',
  tag,
  auth: { roles: ['operator'] },
  idempotency: 'stored',
  body: object({ slug, name, zone: Type.Optional(zone()), locale: Type.Optional(locale()) }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Made.',
      schema: Organization,
      example: organizationExample,
      headers: { Location: 'Where it can be read.' },
    },
  },
  example: { body: { slug: 'acme', name: 'Acme Corporation', zone: 'Europe/Berlin' } },
});

export const listOrganizations = route({
  operationId: 'listOrganizations',
  method: 'GET',
  path: '/v1/organizations',
  summary: 'List organizations',
  description: 'In the order they were made.',
  tag,
  auth: { roles: ['operator'] },
  query: object(paging(200)),
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(Organization, 200),
      example: { data: [organizationExample], next_cursor: null, prev_cursor: null },
    },
  },
});

export const getOrganization = route({
  operationId: 'getOrganization',
  method: 'GET',
  path: '/v1/organizations/{id}',
  summary: 'Get one organization',
  description: 'An admin may read the own one.',
  tag,
  auth: { roles: ['operator', 'admin'], scope: 'admin' },
  params: byId,
  responses: {
    200: { description: 'The organization.', schema: Organization, example: organizationExample },
  },
  example: { params: byIdExample },
});

export const updateOrganization = route({
  operationId: 'updateOrganization',
  method: 'PATCH',
  path: '/v1/organizations/{id}',
  summary: 'Change an organization',
  description: 'What is not named stays.',
  tag,
  auth: { roles: ['operator'] },
  params: byId,
  body: object(
    {
      slug: Type.Optional(slug),
      name: Type.Optional(name),
      zone: Type.Optional(zone()),
      locale: Type.Optional(locale()),
    },
    { minProperties: 1 },
  ),
  problems: [409],
  responses: { 200: { description: 'As it is now.', schema: Organization, example: organizationExample } },
  example: { params: byIdExample, body: { name: 'Acme Inc.' } },
});
