import { describe, expect, it } from '@jest/globals';
import { createUnsubscribeTokens } from './unsubscribe-tokens.ts';

const key = Buffer.alloc(32, 1);
const subject = {
  organizationId: '01890a5d-ac96-774b-bcce-b302099a8002',
  userId: '01890a5d-ac96-774b-bcce-b302099a8003',
  ...{ kind: 'email', category: 'builds' },
};
const tokens = createUnsubscribeTokens({ key });

describe('the token of an unsubscribe link', () => {
  it.each([
    { name: 'a category', category: 'builds' },
    { name: 'all categories', category: '' },
    { name: 'a category with any characters', category: 'Ümläut / 🔔 ?&#' },
    { name: 'the longest category', category: '🔔'.repeat(100) },
  ])('tells what it switches off: $name', ({ category }) => {
    expect(tokens.read(tokens.write({ ...subject, category }))).toEqual({ ...subject, category });
  });

  it('is the same each time, and fits an address', () => {
    expect(tokens.write(subject)).toBe(tokens.write(subject));
    expect(tokens.write(subject)).toMatch(/^[\w-]{60,100}$/);
  });

  it('is believed with a key of before, and not with another', () => {
    const token = tokens.write(subject);
    const newKey = Buffer.alloc(32, 2);
    expect(createUnsubscribeTokens({ key: newKey, previous: [key] }).read(token)).toEqual(subject);
    expect(createUnsubscribeTokens({ key: newKey }).read(token)).toBeUndefined();
  });

  it('is not believed with any bit of it changed', () => {
    const bytes = Buffer.from(tokens.write(subject), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      expect(tokens.read(changed.toString('base64url'))).toBeUndefined();
    }
  });

  it.each([
    { name: 'empty', text: '' },
    { name: 'short', text: 'AQ' },
    { name: 'of other characters', text: '%00/../!' },
    { name: 'far too long', text: 'x'.repeat(5_000) },
    { name: 'cut off', text: tokens.write(subject).slice(0, -1) },
  ])('is not one that is $name', ({ text }) => expect(tokens.read(text)).toBeUndefined());
});
