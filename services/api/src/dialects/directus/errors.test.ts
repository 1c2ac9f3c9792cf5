import { describe, expect, it } from '@jest/globals';
import * as errors from './errors.ts';

const collection = 'directus_notifications';
const denied = "You don't have permission";
const uuid = '5f0c1d5a-7b63-4b4b-8e07-0123456789ab';

function withReason(message: string): errors.DirectusProblem {
  return { message, extensions: { reason: message, code: 'FORBIDDEN' } };
}

describe('the errors of Directus', () => {
  it.each<{ error: errors.DirectusError; status: number; problem: errors.DirectusProblem }>([
    {
      ...{ error: errors.valueMissing('subject'), status: 400 },
      problem: {
        message: 'Validation failed for field "subject". Value is required.',
        extensions: { field: 'subject', path: [], type: 'required', code: 'FAILED_VALIDATION' },
      },
    },
    {
      ...{ error: errors.valueNull('subject'), status: 400 },
      problem: {
        message: `Validation failed for field "subject". Value can't be null.`,
        extensions: { field: 'subject', path: [], type: 'nnull', code: 'FAILED_VALIDATION' },
      },
    },
    {
      ...{ error: errors.invalidForeignKey('recipient', uuid), status: 400 },
      problem: {
        message: `Invalid foreign key "${uuid}" for field "recipient" in collection "${collection}".`,
        extensions: { collection, field: 'recipient', value: uuid, code: 'INVALID_FOREIGN_KEY' },
      },
    },
    {
      ...{ error: errors.notUnique(777), status: 400 },
      problem: {
        message: `Value "777" for field "id" in collection "${collection}" has to be unique.`,
        extensions: { collection, field: 'id', value: 777, code: 'RECORD_NOT_UNIQUE' },
      },
    },
    {
      ...{ error: errors.tooLong(), status: 400 },
      problem: {
        message: `Value in collection "${collection}" is too long.`,
        extensions: { collection, field: null, value: null, code: 'VALUE_TOO_LONG' },
      },
    },
    {
      ...{ error: errors.invalidPayload('"data" is required'), status: 400 },
      problem: {
        message: 'Invalid payload. "data" is required.',
        extensions: { reason: '"data" is required', code: 'INVALID_PAYLOAD' },
      },
    },
    {
      ...{ error: errors.twoCredentials(), status: 400 },
      problem: {
        message: 'Invalid payload. The request uses more than one method for including an access token.',
        extensions: {
          ...{ reason: 'The request uses more than one method for including an access token' },
          code: 'INVALID_PAYLOAD',
        },
      },
    },
    {
      ...{ error: errors.invalidCredentials(), status: 401 },
      problem: { message: 'Invalid user credentials.', extensions: { code: 'INVALID_CREDENTIALS' } },
    },
    {
      ...{ error: errors.forbiddenRow(), status: 403 },
      problem: { message: `${denied} to access this.`, extensions: { code: 'FORBIDDEN' } },
    },
    {
      ...{ error: errors.forbiddenCollection(), status: 403 },
      problem: withReason(
        `${denied} to access collection "${collection}" or it does not exist. Queried in root.`,
      ),
    },
    {
      ...{ error: errors.forbiddenFields(['nope']), status: 403 },
      problem: withReason(
        `${denied} to access field "nope" in collection "${collection}" or it does not exist. Queried in root.`,
      ),
    },
    {
      ...{ error: errors.forbiddenUpdate(['status']), status: 403 },
      problem: withReason(
        `${denied}s to perform "update" for the field(s) "status" in collection "${collection}" or it does not exist.`,
      ),
    },
    {
      ...{ error: errors.routeNotFound('/notifications/1'), status: 404 },
      problem: {
        message: "Route /notifications/1 doesn't exist.",
        extensions: { path: '/notifications/1', code: 'ROUTE_NOT_FOUND' },
      },
    },
    {
      ...{ error: errors.methodNotAllowed('GET', ['POST']), status: 405 },
      problem: {
        message: 'Invalid method "GET" used. Should be one of "POST".',
        extensions: { allowed: ['POST'], current: 'GET', code: 'METHOD_NOT_ALLOWED' },
      },
    },
  ])('say $problem.message', ({ error, status, problem }) => {
    expect([error.status, error.problems]).toEqual([status, [problem]]);
    expect([error.code, error.message]).toEqual([problem.extensions.code, problem.message]);
  });

  it('can be several at once, in their order', () => {
    const joined = errors.joinErrors([errors.valueMissing('recipient'), errors.valueMissing('subject')]);
    expect(joined?.problems.map(({ extensions }) => extensions['field'])).toEqual(['recipient', 'subject']);
    expect([joined?.status, errors.joinErrors([])]).toEqual([400, undefined]);
  });
});
