import Type, { type Static } from 'typebox';
import { externalKinds, type ExternalKind } from '@carillon/core';
import {
  email,
  externalId,
  instant,
  locale,
  nullable,
  object,
  oneOf,
  organizationReference,
  pageOf,
  paging,
  text,
  uuid,
  zone,
} from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Organizations';
const slug = text(63, 'Short name for addresses and commands: lower case letters, digits and hyphens.', {
  pattern: '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$',
  'x-rule': 'must have only lower case letters, digits and hyphens, with none of these at its ends',
});
const name = text(200, 'Name to show.');

const method = oneOf<ExternalKind>(externalKinds, {
  description: 'Kind by which a template goes that goes by one kind only, and names none.',
});

const mailFrom = nullable(
  text(
    320,
    'Sender of mails whose channel names none: an address or `Name <address>`; null means that of the installation.',
  ),
);
const mailReplyTo = nullable(
  text(
    320,
    'Where answers go to mails whose channel does not say: an address or `Name <address>`; null means to the sender.',
  ),
);

const organizationFields = {
  id: uuid('Organization id.'),
  slug,
  name,
  zone: zone('Zone of users who have none of their own.'),
  locale: locale('Language of users who have none of their own.'),
  default_method: method,
  mail_from: mailFrom,
  mail_reply_to: mailReplyTo,
  paused_at: nullable(instant('Since when nothing of it is placed or delivered; null when it runs.')),
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
};

/** A tenant: every other thing belongs to one, and none sees another's. */
export const Organization = object(organizationFields);
export type Organization = Static<typeof Organization>;

/** An organization at the moment it is made, with its first admin where one was asked for. */
export const NewOrganization = object({
  ...organizationFields,
  admin: Type.Optional(
    object({
      user_id: uuid('User id of the first admin.'),
      token: Type.Optional(
        text(
          44,
          'A token of the first admin, without limits. It is shown only here, and not in a repeat: Carillon keeps a hash of it.',
        ),
      ),
    }),
  ),
});
export type NewOrganization = Static<typeof NewOrganization>;

const organizationExample: Organization = {
  id: sampleIds.organization,
  slug: 'acme',
  name: 'Acme Corporation',
  zone: 'Europe/Berlin',
  locale: 'en',
  default_method: 'email',
  mail_from: 'Acme <notifications@acme.example>',
  mail_reply_to: null,
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
  description:
    'With `admin`, its first admin too, and a token for that user: without one, nobody can act in the organization.',
  tag,
  auth: { roles: ['operator'] },
  idempotency: 'stored',
  body: object({
    slug,
    name,
    zone: Type.Optional(zone()),
    locale: Type.Optional(locale()),
    default_method: Type.Optional(method),
    mail_from: Type.Optional(mailFrom),
    mail_reply_to: Type.Optional(mailReplyTo),
    admin: Type.Optional(
      object({
        external_id: externalId(),
        email: Type.Optional(email('E-mail address; also the first contact point.')),
        name: Type.Optional(text(200, 'Name to show.')),
      }),
    ),
  }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Made.',
      schema: NewOrganization,
      example: {
        ...organizationExample,
        admin: { user_id: sampleIds.user, token: '3XnP9aQ2Lk-0wZrT6yUiOp1AsDfGhJkLzXcVbNm4QeR5' },
      },
      headers: { Location: 'Where it can be read.' },
    },
  },
  example: {
    body: {
      slug: 'acme',
      name: 'Acme Corporation',
      zone: 'Europe/Berlin',
      admin: { external_id: 'ada', email: 'ada@example.com' },
    },
  },
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
  description: 'An admin may read the own one, which `me` names too.',
  tag,
  auth: { roles: ['operator', 'admin'], scope: 'admin' },
  params: object({ id: organizationReference() }),
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
      default_method: Type.Optional(method),
      mail_from: Type.Optional(mailFrom),
      mail_reply_to: Type.Optional(mailReplyTo),
    },
    { minProperties: 1 },
  ),
  problems: [409],
  responses: { 200: { description: 'As it is now.', schema: Organization, example: organizationExample } },
  example: { params: byIdExample, body: { name: 'Acme Inc.' } },
});
