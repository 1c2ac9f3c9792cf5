import { describe, expect, it } from '@jest/globals';
import {
  ConflictError,
  ForbiddenError,
  InvalidError,
  MalformedError,
  NotFoundError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
} from '@carillon/core';
import { CoderRefusal, fromError, hidden, write } from './refusal.ts';

const hiddenMessage = 'Resource not found or you do not have access to this resource';

describe("an error in Coder's form", () => {
  it.each<{ name: string; error: Parameters<typeof fromError>[0]; becomes: unknown }>([
    {
      name: 'nothing that is known',
      error: undefined,
      becomes: { status: 500, body: { message: expect.any(String) } },
    },
    {
      name: 'nobody',
      error: new UnauthenticatedError('auth.required', 'Send a token'),
      becomes: {
        status: 401,
        body: {
          message: 'You are signed out or your session has expired. Please sign in again to continue.',
          detail: 'Send a token',
        },
      },
    },
    {
      name: 'somebody without the right',
      error: new ForbiddenError('auth.forbidden', 'No'),
      becomes: { status: 403, body: { message: 'Forbidden.', detail: 'No' } },
    },
    {
      name: 'a path that is not served',
      error: new NotFoundError('route.not_found', 'x'),
      becomes: { status: 404, body: { message: 'Route not found.' } },
    },
    {
      name: 'what is not there, without a word on what it is',
      error: new NotFoundError('template.not_found', 'There is no such template'),
      becomes: { status: 404, body: { message: hiddenMessage } },
    },
    { name: 'what is hidden', error: hidden(), becomes: { status: 404, body: { message: hiddenMessage } } },
    {
      name: 'what cannot be read, and where',
      error: new MalformedError('request.invalid', 'Wrong', {
        errors: [{ pointer: '/a/b', detail: 'must not' }],
      }),
      becomes: {
        status: 400,
        body: {
          message: 'Request body must be valid JSON.',
          ...{ detail: 'Wrong', validations: [{ field: 'a/b', detail: 'must not' }] },
        },
      },
    },
    { name: 'what is invalid', error: new InvalidError('a.b', 'x'), becomes: { status: 400 } },
    { name: 'a conflict', error: new ConflictError('a.b', 'x'), becomes: { status: 409 } },
    { name: 'too much', error: new TooLargeError('request.too_large', 'x'), becomes: { status: 413 } },
    { name: 'too often', error: new TooManyError('rate.limited', 'x'), becomes: { status: 429 } },
    { name: 'a store that is away', error: new UnavailableError('a.b', 'x'), becomes: { status: 503 } },
    {
      name: "a refusal in Coder's own words",
      error: new CoderRefusal(418, 'Teapot', { detail: 'short' }),
      becomes: { status: 418, body: { message: 'Teapot', detail: 'short' } },
    },
  ])('tells $name', ({ error, becomes }) => {
    expect(fromError(error)).toMatchObject(becomes as object);
  });

  it('has no empty detail and no empty validations', () => {
    const { body } = fromError(new InvalidError('a.b', '', { errors: [] }));
    expect(Object.keys(body as object)).toEqual(['message']);
  });
});

describe("JSON as Go's encoder writes it", () => {
  it.each([
    { name: 'characters of HTML', value: { a: '<b>&' }, text: '{"a":"\\u003cb\\u003e\\u0026"}\n' },
    { name: 'separators of lines', value: ['\u2028\u2029'], text: '["\\u2028\\u2029"]\n' },
    { name: 'everything else as it is', value: { ü: '"\\' }, text: '{"ü":"\\"\\\\"}\n' },
  ])('has $name', ({ value, text }) => {
    expect(write(value)).toBe(text);
    expect(JSON.parse(write(value))).toEqual(value);
  });
});
