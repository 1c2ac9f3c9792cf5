import { externalKinds, type ExternalKind } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { flag, instant, list, nullable, object, oneOf, text, userReference, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const tag = 'Contact points';
// Members keep their own addresses; an admin those of everybody in the organization.
const auth = { roles: ['admin', 'member'], scope: 'preferences' } as const;
const byUser = object({ id: userReference() });
const byUserAndId = object({ id: userReference(), contact_point_id: uuid('Contact point id.') });
const byUserExample = { id: 'external:ada' };
const byIdExample = { id: 'external:ada', contact_point_id: sampleIds.contactPoint };
const kind = oneOf<ExternalKind>(externalKinds, { description: 'The way to reach the user there.' });
const address = text(2048, 'The address, in the form of its kind.');

/** One address of a user on one channel kind. */
export const ContactPoint = object({
  id: uuid('Contact point id.'),
  kind,
  address,
  verified_at: nullable(instant('When it was shown to belong to the user; null when it was not.')),
  bad_reason: nullable(text(500, 'Why it is known not to work; nothing is sent there then.')),
  created_at: instant('When it was added.'),
});
export type ContactPoint = Static<typeof ContactPoint>;

const contactPointExample: ContactPoint = {
  id: sampleIds.contactPoint,
  kind: 'email',
  address: 'ada@example.net',
  verified_at: null,
  bad_reason: null,
  created_at: sampleInstants.created,
};

export const listContactPoints = route({
  operationId: 'listContactPoints',
  method: 'GET',
  path: '/v1/users/{id}/contact-points',
  summary: "List a user's addresses",
  description: 'All of them, by kind. Members see their own.',
  tag,
  auth,
  params: byUser,
  responses: {
    200: {
      description: 'All contact points.',
      schema: object({ data: list(ContactPoint, 200, 'By kind, then in the order they were added.') }),
      example: { data: [contactPointExample] },
    },
  },
  example: { params: byUserExample },
});

export const createContactPoint = route({
  operationId: 'createContactPoint',
  method: 'POST',
  path: '/v1/users/{id}/contact-points',
  summary: 'Add an address',
  description: 'Only an admin may say that it is verified.',
  tag,
  auth,
  idempotency: 'stored',
  params: byUser,
  body: object({
    kind,
    address,
    verified: Type.Optional(flag('Whether it was shown to belong to the user.', { default: false })),
  }),
  problems: [409, 422],
  responses: {
    201: {
      description: 'Added.',
      schema: ContactPoint,
      example: contactPointExample,
      headers: { Location: 'Where the list of contact points can be read.' },
    },
  },
  example: { params: byUserExample, body: { kind: 'email', address: 'ada@example.net' } },
});

export const updateContactPoint = route({
  operationId: 'updateContactPoint',
  method: 'PATCH',
  path: '/v1/users/{id}/contact-points/{contact_point_id}',
  summary: 'Change an address, or whether it is verified',
  description:
    'A changed address is not verified and no longer known to be bad. Only an admin may set `verified`.',
  tag,
  auth,
  params: byUserAndId,
  body: object(
    {
      address: Type.Optional(address),
      verified: Type.Optional(flag('Whether it was shown to belong to the user.')),
    },
    { minProperties: 1 },
  ),
  problems: [409, 422],
  responses: { 200: { description: 'As it is now.', schema: ContactPoint, example: contactPointExample } },
  example: { params: byIdExample, body: { address: 'ada@example.org' } },
});

export const deleteContactPoint = route({
  operationId: 'deleteContactPoint',
  method: 'DELETE',
  path: '/v1/users/{id}/contact-points/{contact_point_id}',
  summary: 'Remove an address',
  description: 'What is pending for it is not sent.',
  tag,
  auth,
  params: byUserAndId,
  responses: { 204: { description: 'Removed.' } },
  example: { params: byIdExample },
});
