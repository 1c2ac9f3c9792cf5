import { describe, expect, it } from '@jest/globals';
import { InvalidError } from './errors.ts';

describe('errors that may cross to a caller', () => {
  it('keeps the cause for logs and out of the public message', () => {
    const cause = new Error('SELECT secret');
    const error = new InvalidError('template.syntax', 'Template "x" does not compile', { cause });
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain('SELECT');
    expect(error.name).toBe('InvalidError');
  });
});
