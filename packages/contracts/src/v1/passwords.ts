import Type from 'typebox';
import { object, text, userReference } from '../fields.ts';
import { route } from '../route.ts';

/** Characters of a password. */
export const passwordLength = { min: 8, max: 256 } as const;

const tag = 'Users';
const byUser = object({ id: userReference() });

export const setPassword = route({
  operationId: 'setPassword',
  method: 'PUT',
  path: '/v1/users/{id}/password',
  summary: 'Give a user a password',
  description:
    'With it and the e-mail address the user logs in where people do: in the edges that have a login. All sessions of the user end. An admin sets the password of anybody of the organization; others set their own, and name the current one where there is one. Kept is a hash only.',
  tag,
  auth: { roles: ['admin', 'system', 'member'], scope: 'admin' },
  params: byUser,
  body: object({
    password: text(passwordLength.max, 'What to log in with from now on.', { minLength: passwordLength.min }),
    current_password: Type.Optional(
      text(passwordLength.max, 'What was good until now; needed unless an admin asks.'),
    ),
  }),
  problems: [422],
  responses: { 204: { description: 'Stored.' } },
  example: {
    params: { id: 'me' },
    body: { password: 'correct horse battery staple', current_password: 'Tr0ub4dor&3' },
  },
});

export const deletePassword = route({
  operationId: 'deletePassword',
  method: 'DELETE',
  path: '/v1/users/{id}/password',
  summary: 'Take a password away',
  description: 'The user cannot log in any more, and all sessions end. Tokens still work.',
  tag,
  auth: { roles: ['admin'], scope: 'admin' },
  params: byUser,
  responses: { 204: { description: 'There is none now.' } },
  example: { params: { id: 'external:ada' } },
});
