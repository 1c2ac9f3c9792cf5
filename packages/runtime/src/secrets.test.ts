import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSealer, keyIdOf, UnsealError, type SealedPlace } from './secrets.ts';

const oldKey = new Uint8Array(32).fill(1);
const newKey = new Uint8Array(32).fill(2);
const place: SealedPlace = { organizationId: 'o', table: 'channels', rowId: 'c', column: 'secrets' };
const places = fc.record({
  organizationId: fc.string(),
  table: fc.string(),
  rowId: fc.string(),
  column: fc.string(),
});

function failureOf(open: () => string): UnsealError {
  try {
    open();
  } catch (error) {
    if (error instanceof UnsealError) return error;
    throw error;
  }
  throw new TypeError('It was opened');
}

describe('sealing', () => {
  const sealer = createSealer({ key: newKey, previous: [oldKey] });

  it('gives back any text for the place it was sealed for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), places, (text, where) => {
        expect(sealer.open(sealer.seal(text, where), where)).toBe(text);
      }),
    );
  });

  it('refuses any other place', () => {
    fc.assert(
      fc.property(places, places, (one, other) => {
        fc.pre(JSON.stringify(Object.values(one)) !== JSON.stringify(Object.values(other)));
        const error = failureOf(() => sealer.open(sealer.seal('x', one), other));
        expect(error).toMatchObject({ code: 'secret.altered', keyId: sealer.keyId });
      }),
    );
  });

  it('refuses a place whose parts only join to the same text', () => {
    const sealed = sealer.seal('x', { ...place, rowId: 'c', column: 'ab' });
    expect(failureOf(() => sealer.open(sealed, { ...place, rowId: 'ca', column: 'b' })).code).toBe(
      'secret.altered',
    );
  });

  it('refuses a text of which any bit was flipped', () => {
    const sealed = Buffer.from(sealer.seal('some secret text', place));
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const altered = Buffer.from(sealed);
        altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
        expect(failureOf(() => sealer.open(altered.toString('latin1'), place))).toBeInstanceOf(UnsealError);
      }),
      { numRuns: 1000 },
    );
  });

  it('never gives the same text twice', () => {
    const sealed = Array.from({ length: 200 }, () => sealer.seal('same', place));
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(200);
  });

  it('does not contain the plaintext', () => {
    expect(sealer.seal('open sesame', place)).not.toContain(Buffer.from('open sesame').toString('base64url'));
  });
});

describe('keys', () => {
  it('carries the first 8 hex digits of the SHA-256 of its key', () => {
    const sealer = createSealer({ key: newKey });
    const expected = createHash('sha256').update(newKey).digest('hex').slice(0, 8);
    expect(sealer.keyId).toBe(expected);
    expect(keyIdOf(sealer.seal('x', place))).toBe(expected);
    expect(sealer.seal('x', place)).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  });

  it('opens what a previous key sealed, and seals with the new one', () => {
    const before = createSealer({ key: oldKey });
    const after = createSealer({ key: newKey, previous: [oldKey] });
    expect(after.open(before.seal('x', place), place)).toBe('x');
    expect(keyIdOf(after.seal('x', place))).not.toBe(before.keyId);
  });

  it('names the key that is not at hand', () => {
    const before = createSealer({ key: oldKey });
    const error = failureOf(() => createSealer({ key: newKey }).open(before.seal('x', place), place));
    expect(error).toMatchObject({ code: 'secret.unknown_key', keyId: before.keyId });
    expect(error.message).toContain(before.keyId);
  });

  it.each(['', 'plain', 'v2.00000000.a.b.c', 'v1.00000000.AAAA.AAAA.'])('calls "%s" malformed', (text) => {
    expect(failureOf(() => createSealer({ key: newKey }).open(text, place)).code).toBe('secret.malformed');
    expect(keyIdOf(text)).toBeUndefined();
  });

  it.each([16, 31, 33])('refuses a key of %d bytes', (length) => {
    expect(() => createSealer({ key: new Uint8Array(length) })).toThrow(TypeError);
  });
});
