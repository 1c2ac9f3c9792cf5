import { tokenScopes, type TokenScope } from '@carillon/core';
import Type, { type Static } from 'typebox';
import { instant, integer, list, nullable, object, oneOf, text, userReference, uuid } from '../fields.ts';
import { route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';

/** The longest life of a token that is given one, in seconds: ten years. */
export const tokenSecondsMax = 10 * 365 * 24 * 60 * 60;

const tag = 'Tokens';
// Members make tokens for themselves, an admin for everybody in the organization.
const auth = { roles: ['admin', 'system', 'member'], scope: 'admin' } as const;
const byUser = object({ id: userReference() });
const byUserExample = { id: 'external:ada' };
const scopes = list(
  oneOf<TokenScope>(tokenScopes),
  tokenScopes.length,
  'What the token is limited to; an empty list limits nothing.',
  { uniqueItems: true },
);

const tokenFields = {
  id: uuid('Token id.'),
  name: text(100, 'What it is for.', { minLength: 0 }),
  scopes,
  created_at: instant('When it was made.'),
  expires_at: nullable(instant('When it stops working; null when it does not.')),
};

/** What lists tell of a token: never the token itself. */
export const AccessToken = object({
  ...tokenFields,
  revoked_at: nullable(instant('When it was revoked; null when it was not.')),
  last_used_at: nullable(instant('When it was last used, to the minute.')),
});
export type AccessToken = Static<typeof AccessToken>;

/** A token at the one moment when it is told. */
export const NewAccessToken = object({
  ...tokenFields,
  token: text(44, 'The token. It is shown only here: Carillon keeps a hash of it.'),
});
export type NewAccessToken = Static<typeof NewAccessToken>;

const sharedExample = {
  id: sampleIds.token,
  name: 'phone',
  scopes: ['inbox'],
  created_at: sampleInstants.created,
  expires_at: sampleInstants.expires,
};

export const createToken = route({
  operationId: 'createToken',
  method: 'POST',
  path: '/v1/users/{id}/tokens',
  summary: 'Make a token for a user',
  description:
    'A token cannot be given more than the caller may do: its scopes are within those of the caller, and are those of the caller when none are named. A user has 100 valid tokens at most.',
  tag,
  auth,
  idempotency: 'unsupported',
  params: byUser,
  body: object({
    name: Type.Optional(text(100, 'What it is for.')),
    expires_in: Type.Optional(
      integer(60, tokenSecondsMax, 'Seconds that it works; without it, until it is revoked.'),
    ),
    scopes: Type.Optional(scopes),
  }),
  problems: [409],
  responses: {
    201: {
      description: 'Made.',
      schema: NewAccessToken,
      example: { ...sharedExample, token: '3XnP9aQ2Lk-0wZrT6yUiOp1AsDfGhJkLzXcVbNm4QeR5' },
      headers: { Location: 'Where the list of tokens can be read.' },
    },
  },
  example: { params: byUserExample, body: { name: 'phone', expires_in: 604_800, scopes: ['inbox'] } },
});

export const listTokens = route({
  operationId: 'listTokens',
  method: 'GET',
  path: '/v1/users/{id}/tokens',
  summary: "List a user's tokens",
  description: 'The last 200, revoked ones too; never the tokens themselves.',
  tag,
  auth,
  params: byUser,
  responses: {
    200: {
      description: 'All tokens.',
      schema: object({ data: list(AccessToken, 200, 'In the order they were made.') }),
      example: { data: [{ ...sharedExample, revoked_at: null, last_used_at: sampleInstants.read }] },
    },
  },
  example: { params: byUserExample },
});

export const revokeToken = route({
  operationId: 'revokeToken',
  method: 'DELETE',
  path: '/v1/users/{id}/tokens/{token_id}',
  summary: 'Revoke a token',
  description: 'It is refused everywhere within 5 seconds, and streams that it opened are closed.',
  tag,
  auth,
  params: object({ id: userReference(), token_id: uuid('Token id.') }),
  responses: { 204: { description: 'Revoked.' } },
  example: { params: { ...byUserExample, token_id: sampleIds.token } },
});
