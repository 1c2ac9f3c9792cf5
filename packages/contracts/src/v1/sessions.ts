import Type, { type Static } from 'typebox';
import { email, integer, object, text } from '../fields.ts';
import { route } from '../route.ts';
import { passwordLength } from './passwords.ts';
import { sampleIds } from './samples.ts';

const tag = 'Sessions';
const refreshToken = text(64, 'The refresh token of the session; each works once.');

/** What somebody has who logged in. */
export const Session = object({
  access_token: text(4096, 'A credential for every call, like a token without limits.'),
  expires_in: integer(1, 86_400, 'Seconds that the access token is good for.'),
  refresh_token: refreshToken,
  session_expires_in: integer(1, 31_536_000, 'Seconds that the session goes on if it is not used.'),
});
export type Session = Static<typeof Session>;

const example: Session = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzZXNzaW9uIjoiMDE5ODFjNWUifQ.Q2FyaWxsb24',
  expires_in: 900,
  refresh_token: sampleIds.refreshToken,
  session_expires_in: 604_800,
};
const problems = [400, 401, 413, 415, 503];

export const createSession = route({
  operationId: 'createSession',
  method: 'POST',
  path: '/v1/sessions',
  summary: 'Log in with a password',
  description:
    'For pages that people log in to; programs use tokens. An unknown address, a user without a password and a wrong one are refused alike. Five wrong ones in a minute, and the account takes none for a while.',
  tag,
  auth: 'public',
  idempotency: 'unsupported',
  body: object({
    email: email('The e-mail address of the user.'),
    password: text(passwordLength.max, 'The password.'),
    organization: Type.Optional(
      text(63, 'Id or slug; needed where several organizations have this address with this password.'),
    ),
  }),
  problems: [...problems, 422, 429],
  responses: { 201: { description: 'Begun.', schema: Session, example } },
  example: { body: { email: 'lin@example.com', password: 'correct horse battery staple' } },
});

export const refreshSession = route({
  operationId: 'refreshSession',
  method: 'POST',
  path: '/v1/sessions/refresh',
  summary: 'Go on with a session',
  description:
    'Uses the refresh token up and answers the next one. Two pages that do so within ten seconds of each other get the same; one that was used up before ends the session, because somebody has a copy.',
  tag,
  auth: 'public',
  idempotency: 'unsupported',
  body: object({ refresh_token: refreshToken }),
  problems,
  responses: { 200: { description: 'Gone on with.', schema: Session, example } },
  example: { body: { refresh_token: sampleIds.refreshToken } },
});

export const endSession = route({
  operationId: 'endSession',
  method: 'POST',
  path: '/v1/sessions/end',
  summary: 'Log out',
  description: 'Its access token is refused within five seconds. A token of no session ends nothing.',
  tag,
  auth: 'public',
  idempotency: 'unsupported',
  body: object({ refresh_token: refreshToken }),
  problems,
  responses: { 204: { description: 'There is no such session now.' } },
  example: { body: { refresh_token: sampleIds.refreshToken } },
});
