import { describe, expect, it } from '@jest/globals';
import { MalformedError, PreconditionFailedError } from '@carillon/core';
import { etagOf, guardOf, isKnown, readIfMatch } from './etag.ts';

const shown = { name: 'a', updated_at: '2026-03-01T08:00:00.000Z' };
const etag = etagOf(shown);
const other = etagOf({ ...shown, name: 'b' });

/** `passes`, or the name of the error. */
function outcomeOf(attempt: () => void): string {
  try {
    attempt();
    return 'passes';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('an ETag', () => {
  it('is the same for the same answer only, and has the form of RFC 9110', () => {
    expect(etagOf({ ...shown })).toBe(etag);
    expect(other).not.toBe(etag);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
  });
});

describe('If-Match', () => {
  it.each([
    { name: 'lets the state through that it names', header: etag, passes: true },
    { name: 'lets one of several through', header: `"x" ,\t${etag},"y,z"`, passes: true },
    { name: 'lets any state through as *', header: ' * ', passes: true },
    { name: 'refuses another state', header: other, passes: false },
    {
      name: 'refuses a weak tag, which promises less than a change needs',
      header: `W/${etag}`,
      passes: false,
    },
    { name: 'refuses a tag that only begins alike', header: `${etag.slice(0, -2)}"`, passes: false },
    {
      name: 'takes a comma inside of a tag for no end of it',
      header: `"${etag.slice(1, -1)},"`,
      passes: false,
    },
  ])('$name', ({ header, passes }) => {
    const guard = guardOf(readIfMatch(header), (current: typeof shown) => current);
    expect(outcomeOf(() => guard?.(shown))).toBe(passes ? 'passes' : PreconditionFailedError.name);
  });

  it('asks for nothing when it is not there', () => {
    expect(guardOf(readIfMatch(undefined), () => shown)).toBeUndefined();
  });

  it.each(['', 'abc', etag.slice(1, -1), `${etag} ${other}`, `${etag},`, '"a', '*, "a"', '"ä"', '"a b"'])(
    'is refused when it is %j',
    (header) => {
      expect(() => readIfMatch(header)).toThrow(MalformedError);
    },
  );

  it('is read in no time, however long it is', () => {
    const header = `${'"a" , '.repeat(100_000)}x`;
    const startedMs = performance.now();
    expect(() => readIfMatch(header)).toThrow(MalformedError);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('If-None-Match', () => {
  it.each([
    { name: 'knows the state that it names', header: etag, known: true },
    {
      name: 'knows it also by a weak tag, as a proxy that compresses makes it',
      header: `W/${etag}`,
      known: true,
    },
    { name: 'knows one of several', header: `${other}, ${etag}`, known: true },
    { name: 'knows any state as *', header: '*', known: true },
    { name: 'does not know another', header: other, known: false },
    { name: 'knows nothing when it cannot be read', header: etag.slice(1), known: false },
    { name: 'knows nothing when it is not there', header: undefined, known: false },
  ])('$name', ({ header, known }) => {
    expect(isKnown(header, etag)).toBe(known);
  });
});
