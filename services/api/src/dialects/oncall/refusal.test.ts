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
import { fromError, OncallRefusal } from './refusal.ts';

describe('an error', () => {
  it.each([
    { error: new UnauthenticatedError('auth.required', 'x'), status: 403, detail: 'Invalid token.' },
    { error: new UnauthenticatedError('auth.invalid', 'x'), status: 403, detail: 'Invalid token.' },
    {
      error: new ForbiddenError('auth.forbidden', 'x'),
      ...{ status: 403, detail: 'You do not have permission to perform this action.' },
    },
    { error: new NotFoundError('rule.not_found', 'x'), status: 404, detail: 'Not found.' },
    { error: new NotFoundError('route.not_found', 'x'), status: 404, detail: 'Not found.' },
    { error: new NotFoundError('method.not_allowed', 'Told.'), status: 404, detail: 'Told.' },
    {
      error: new MalformedError('request.malformed', 'Told.'),
      status: 400,
      detail: 'JSON parse error - Told.',
    },
    { error: new InvalidError('rule.invalid', 'Told.'), status: 400, detail: 'Told.' },
    { error: new ConflictError('limit.reached', 'Told.'), status: 409, detail: 'Told.' },
    { error: new TooLargeError('request.too_large', 'Told.'), status: 413, detail: 'Told.' },
    { error: new TooManyError('rate.limited', 'Told.'), status: 429, detail: 'Told.' },
    { error: new UnavailableError('service.unavailable', 'Told.'), status: 503, detail: 'Told.' },
  ])('with the code $error.code is a $status', ({ error, status, detail }) => {
    expect(fromError(error)).toEqual({ status, body: { detail } });
  });

  it("in OnCall's own words is told in them", () => {
    expect(fromError(new OncallRefusal({ type: 'Invalid type' }))).toEqual({
      ...{ status: 400, body: { type: 'Invalid type' } },
    });
  });

  it.each([
    { code: 'rule.wait_invalid', told: { duration: "Duration can't be set" } },
    { code: 'rule.position_invalid', told: { detail: 'Invalid value for position field' } },
  ])('with the code $code has the words that a body with the same fault has', ({ code, told }) => {
    const errors = [{ pointer: '/wait_seconds', detail: 'x' }];
    expect(fromError(new InvalidError(code, 'x', { errors }))).toEqual({ status: 400, body: told });
  });

  it('at places of a body is told by its fields', () => {
    const errors = [
      { pointer: '/type', detail: 'one' },
      { pointer: '/type/0', detail: 'two' },
      { pointer: '', detail: 'three' },
      { pointer: '/query/page', detail: 'x'.repeat(3_000) },
    ];
    expect(fromError(new InvalidError('x.y', 'unused', { errors })).body).toEqual({
      ...{ type: ['one', 'two'], non_field_errors: ['three'], page: ['x'.repeat(2_000)] },
    });
  });

  it('whose cause nobody knows tells nothing of it', () => {
    expect(fromError(undefined)).toEqual({ status: 500, body: { detail: 'An internal error occurred.' } });
  });
});
