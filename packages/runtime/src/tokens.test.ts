import { describe, expect, it } from '@jest/globals';
import { areHashesEqual, hashToken, isTokenShaped, newToken, nextToken, tokenLookup } from './tokens.ts';

describe('access tokens', () => {
  it('have ten characters, a hyphen and 33 characters', () => {
    const token = newToken();
    expect(token).toMatch(/^[0-9A-Za-z]{10}-[0-9A-Za-z]{33}$/);
    expect(isTokenShaped(token)).toBe(true);
    expect(tokenLookup(token)).toBe(token.slice(0, 10));
  });

  it('use every character about equally often', () => {
    const counts = new Map<string, number>();
    const tokens = Array.from({ length: 5000 }, newToken);
    for (const character of tokens.join('').replaceAll('-', '')) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (5000 * 43) / 62;
    // Six standard deviations; taking bytes modulo 62 without rejection would favour eight characters by a quarter.
    const tolerance = 6 * Math.sqrt(expected);
    expect(counts.size).toBe(62);
    expect([...counts.values()].filter((count) => Math.abs(count - expected) > tolerance)).toEqual([]);
    expect(new Set(tokens).size).toBe(5000);
  });

  it.each([
    '',
    'a-b',
    `${'a'.repeat(10)}-${'b'.repeat(32)}`,
    `${'a'.repeat(10)}-${'b'.repeat(32)}_`,
    `${newToken()}\n`,
  ])('does not take %j for a token', (text) => expect(isTokenShaped(text)).toBe(false));

  it('are followed by one that only the key tells, always the same', () => {
    const token = newToken();
    const key = Buffer.alloc(32, 1);
    const next = nextToken(token, key);
    expect(isTokenShaped(next)).toBe(true);
    expect(tokenLookup(next)).toBe(tokenLookup(token));
    expect(nextToken(token, key)).toBe(next);
    const others = [token, nextToken(next, key), nextToken(token, Buffer.alloc(32, 2))];
    expect(new Set([next, ...others]).size).toBe(4);
  });

  it('are stored as their SHA-256', () => {
    // The test vector "abc" of FIPS 180-2, appendix B.1.
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([
    { name: 'equal hashes', one: hashToken('a'), other: hashToken('a'), expected: true },
    { name: 'different hashes', one: hashToken('a'), other: hashToken('b'), expected: false },
    { name: 'hashes of different lengths', one: hashToken('a'), other: '', expected: false },
  ])('compares $name', ({ one, other, expected }) => expect(areHashesEqual(one, other)).toBe(expected));
});
