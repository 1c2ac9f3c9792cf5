import Type, { type Static } from 'typebox';
import {
  email,
  externalId,
  instant,
  list,
  object,
  oneOf,
  pageOf,
  paging,
  text,
  userReference,
  uuid,
} from '../fields.ts';
import { problemCodes, type ProblemCode } from '../problem.ts';
import { bodyBytesMaxBatch, route } from '../route.ts';
import { sampleIds, sampleInstants } from './samples.ts';
import { User, UserBulkWrite, UserChange, userExample, UserWrite } from './user.ts';

/** Users of one bulk call at most. */
export const usersBulkMax = 500;

const tag = 'Users';
const byId = object({ id: userReference() });
const byIdExample = { id: 'external:ada' };
const writeExample = {
  external_id: 'ada',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  zone: 'Europe/London',
};

export const createUser = route({
  operationId: 'createUser',
  method: 'POST',
  path: '/v1/users',
  summary: 'Make a user, or update the one with the same external id',
  description:
    'What is not named stays as it is, null clears. An e-mail address also becomes a contact point.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  idempotency: 'stored',
  body: UserWrite,
  problems: [409, 422],
  responses: {
    200: { description: 'The user was there and is updated.', schema: User, example: userExample },
    201: {
      description: 'The user is new.',
      schema: User,
      example: userExample,
      headers: { Location: 'Where the user can be read.' },
    },
  },
  example: { body: writeExample },
});

export const listUsers = route({
  operationId: 'listUsers',
  method: 'GET',
  path: '/v1/users',
  summary: 'List users',
  description:
    'In the order of their last change, so that who keeps the last cursor misses no change; with `order: newest` the other way round.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  query: object({
    updated_after: Type.Optional(instant('Only users who changed after this instant.')),
    external_id: Type.Optional(externalId('Only the user with this id in your own system.')),
    email: Type.Optional(email('Only the user with this e-mail address, in any case of letters.')),
    search: Type.Optional(
      text(100, 'Only users whose name, user name, e-mail address or external id holds this text.', {
        minLength: 2,
      }),
    ),
    order: Type.Optional(oneOf(['oldest', 'newest'], { description: 'Which change comes first.' })),
    ...paging(200),
  }),
  responses: {
    200: {
      description: 'One page.',
      schema: pageOf(User, 200),
      example: { data: [userExample], next_cursor: null, prev_cursor: null },
    },
  },
  example: { query: { updated_after: sampleInstants.created, limit: '100' } },
});

export const getUser = route({
  operationId: 'getUser',
  method: 'GET',
  path: '/v1/users/{id}',
  summary: 'Get one user',
  description: 'Members and systems may read themselves.',
  tag,
  auth: { roles: ['admin', 'system', 'member'] },
  params: byId,
  responses: { 200: { description: 'The user.', schema: User, example: userExample } },
  example: { params: { id: 'me' } },
});

export const updateUser = route({
  operationId: 'updateUser',
  method: 'PATCH',
  path: '/v1/users/{id}',
  summary: 'Change a user',
  description:
    'What is not named stays, null clears. Members may change their own `name`, `zone` and `locale`, with a token that has the scope `preferences` or none; every other change needs an admin, and the scope `admin` where a token has any.',
  tag,
  auth: { roles: ['admin', 'member'] },
  params: byId,
  body: UserChange,
  problems: [409],
  responses: { 200: { description: 'As the user is now.', schema: User, example: userExample } },
  example: { params: byIdExample, body: { zone: 'America/New_York', name: null } },
});

export const deleteUser = route({
  operationId: 'deleteUser',
  method: 'DELETE',
  path: '/v1/users/{id}',
  summary: 'Delete a user',
  description:
    'Tokens, addresses and personal fields are gone at once; what the user was told is erased within 24 hours. What is pending is not sent.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  params: byId,
  problems: [409],
  responses: { 204: { description: 'Deleted.' } },
  example: { params: byIdExample },
});

const BulkStored = object({
  status: oneOf(['created', 'updated']),
  id: uuid('User id.'),
  external_id: externalId(),
});
const BulkRefused = object({
  status: Type.Literal('refused'),
  code: oneOf<ProblemCode>(problemCodes, { description: 'As in a problem answer.' }),
  message: text(4096, 'What happened.'),
  errors: list(
    object({
      pointer: text(2048, 'JSON pointer into the body of the whole request.'),
      detail: text(2048, 'What is wrong there.'),
    }),
    100,
    'Each wrong place.',
  ),
});

/** What became of one user of a bulk call. */
export const UserBulkResult = Type.Union([BulkStored, BulkRefused]);
export type UserBulkResult = Static<typeof UserBulkResult>;

export const writeUsers = route({
  operationId: 'writeUsers',
  method: 'POST',
  path: '/v1/users/bulk',
  summary: 'Make or update many users by external id',
  description:
    'Up to 500, each with a result of its own in the order of the request. A repeat changes nothing.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  idempotency: 'natural',
  body: object({ users: list(UserBulkWrite, usersBulkMax, 'Each as in a single call.', { minItems: 1 }) }),
  bodyBytesMax: bodyBytesMaxBatch,
  responses: {
    200: {
      description: 'A result for each.',
      schema: object({ results: list(UserBulkResult, usersBulkMax, 'In the order of the request.') }),
      example: {
        results: [
          { status: 'created', id: sampleIds.user, external_id: 'ada' },
          {
            status: 'refused',
            code: 'user.email_taken',
            message: 'Another user of this organization has this e-mail address.',
            errors: [
              { pointer: '/users/1/email', detail: 'another user of this organization has this email' },
            ],
          },
        ],
      },
    },
  },
  example: {
    body: { users: [writeExample, { external_id: 'grace', email: 'ada@example.com', profile: { team: 1 } }] },
  },
});
