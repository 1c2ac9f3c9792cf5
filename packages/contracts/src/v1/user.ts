import { roles, type Role } from '@carillon/core';
import Type, { type Static } from 'typebox';
import {
  email,
  externalId,
  freeForm,
  instant,
  locale,
  nullable,
  object,
  oneOf,
  text,
  uuid,
  zone,
} from '../fields.ts';
import { sampleIds, sampleInstants } from './samples.ts';

const username = text(100, 'Unique in the organization.');
const name = text(200, 'Name to show.');
const role = oneOf<Role>(roles, {
  description: '`admin` of the organization, `member` for a person, `system` for a program that sends.',
});
const profile = freeForm(8 * 1024, 'Your own fields, at most 8 KiB of JSON. Replaced as a whole.');

/** A person, or a program, that an organization knows. */
export const User = object({
  id: uuid('User id.'),
  external_id: nullable(externalId()),
  username: nullable(username),
  email: nullable(email('E-mail address; also the first contact point.')),
  name: nullable(name),
  zone: nullable(zone('Own zone; null means that of the organization.')),
  locale: nullable(locale('Own language; null means that of the organization.')),
  role,
  profile,
  created_at: instant('When it was made.'),
  updated_at: instant('When it was last changed.'),
});
export type User = Static<typeof User>;

const changeable = {
  username: Type.Optional(nullable(username)),
  email: Type.Optional(nullable(email('E-mail address; also a contact point.'))),
  name: Type.Optional(nullable(name)),
  zone: Type.Optional(nullable(zone())),
  locale: Type.Optional(nullable(locale())),
  role: Type.Optional(role),
  profile: Type.Optional(profile),
};

/** A user as callers write it. What is not named stays as it is, null clears. */
export const UserWrite = object(
  { external_id: Type.Optional(externalId()), ...changeable },
  {
    anyOf: [{ required: ['external_id'] }, { required: ['email'] }, { required: ['username'] }],
    'x-rule': 'must have `external_id`, `email` or `username`',
  },
);
export type UserWrite = Static<typeof UserWrite>;

/** A user of a bulk call: the external id makes a repeat harmless. */
export const UserBulkWrite = object({ external_id: externalId(), ...changeable });
export type UserBulkWrite = Static<typeof UserBulkWrite>;

export const UserChange = object(
  { external_id: Type.Optional(nullable(externalId())), ...changeable },
  { minProperties: 1 },
);
export type UserChange = Static<typeof UserChange>;

export const userExample: User = {
  id: sampleIds.user,
  external_id: 'ada',
  username: 'ada',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  zone: 'Europe/London',
  locale: 'en-GB',
  role: 'member',
  profile: { team: 'engines' },
  created_at: sampleInstants.created,
  updated_at: sampleInstants.created,
};
