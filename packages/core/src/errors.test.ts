import { describe, expect, it } from '@jest/globals';
import { assertNever, CarillonError, InvalidError, NotFoundError, UnavailableError } from './errors.ts';

describe('errors that may cross to a caller', () => {
  it('keep the cause for logs and out of the public message', () => {
    const cause = new Error('SELECT secret');
    const error = new InvalidError('template.syntax', 'Template "x" does not compile', { cause });
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain('SELECT');
    expect(error.name).toBe('InvalidError');
  });

  it('are told apart by class and known as one family', () => {
    const error = new NotFoundError('user.not_found', 'There is no such user');
    expect(error).toBeInstanceOf(CarillonError);
    expect(error).not.toBeInstanceOf(InvalidError);
    expect([error.code, error.name]).toEqual(['user.not_found', 'NotFoundError']);
  });

  it('carry wrong fields and the time to wait when there are any', () => {
    const errors = [{ pointer: '/to/0', detail: 'nobody has this id' }];
    expect(new InvalidError('recipient.unknown', 'Unknown recipient', { errors }).errors).toEqual(errors);
    expect(new UnavailableError('database.unavailable', 'Away', { retryAfterMs: 5_000 }).retryAfterMs).toBe(
      5_000,
    );
    const bare = new NotFoundError('x.y', 'z');
    expect([bare.errors, bare.retryAfterMs, 'cause' in bare]).toEqual([undefined, undefined, false]);
  });

  it('stop a program that meets a value outside its union', () => {
    expect(() => assertNever('surprise' as never)).toThrow('Unhandled value "surprise"');
  });
});
