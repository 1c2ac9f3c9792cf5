import { describe, expect, it } from '@jest/globals';
import {
  ConflictError,
  ForbiddenError,
  InvalidError,
  MalformedError,
  NotFoundError,
  TargetFailedError,
  TooLargeError,
  TooManyError,
  UnauthenticatedError,
  UnavailableError,
} from '@carillon/core';
import { fromError } from './refusal.ts';

describe('an error', () => {
  it.each([
    { error: new MalformedError('request.malformed', 'Told.'), status: 400 },
    { error: new InvalidError('preference.invalid', 'Told.'), status: 400 },
    { error: new UnauthenticatedError('auth.invalid', 'Told.'), status: 401 },
    { error: new ForbiddenError('auth.forbidden', 'Told.'), status: 403 },
    { error: new NotFoundError('inbox.not_found', 'Told.'), status: 404 },
    { error: new ConflictError('limit.reached', 'Told.'), status: 409 },
    { error: new TooLargeError('request.too_large', 'Told.'), status: 413 },
    { error: new TooManyError('rate.limited', 'Told.'), status: 429 },
    { error: new TargetFailedError('target.failed', 'Told.'), status: 502 },
    { error: new UnavailableError('service.unavailable', 'Told.'), status: 503 },
  ])('with the code $error.code is a $status with its message and code', ({ error, status }) => {
    expect(fromError(error)).toMatchObject({ status, body: { message: 'Told.', code: error.code } });
  });

  it('whose cause nobody knows tells nothing of it', () => {
    expect(fromError(undefined)).toEqual({ status: 500, body: { message: 'An internal error occurred.' } });
  });

  it.each([
    { pointer: '/preferences/12/timezone', place: 'preferences[12].timezone' },
    { pointer: '/settings/url', place: 'config.url' },
    { pointer: '/query/limit', place: 'query.limit' },
    { pointer: '', place: 'body' },
  ])('at "$pointer" is told at $place', ({ pointer, place }) => {
    const error = new InvalidError('x.y', 'unused', { errors: [{ pointer, detail: 'must be right' }] });
    expect(fromError(error).body).toEqual({ message: `${place}: must be right`, code: 'x.y' });
  });

  it('with many places tells ten, how many more there are, and never more than 2,000 characters', () => {
    const errors = Array.from({ length: 12 }, (_, index) => ({ pointer: `/a/${index}`, detail: 'wrong' }));
    const told = fromError(new InvalidError('x.y', 'unused', { errors })).body;
    expect(told).toMatchObject({
      message: expect.stringMatching(/^a\[0\]: wrong; .*a\[9\]: wrong; and 2 more$/),
    });
    const long = new InvalidError('x.y', 'unused', {
      errors: [{ pointer: '/a', detail: 'x'.repeat(9_000) }],
    });
    expect(fromError(long).body).toMatchObject({ message: `a: ${'x'.repeat(1_997)}` });
  });
});
