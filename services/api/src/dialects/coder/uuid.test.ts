import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseUuid } from './uuid.ts';

const plain = 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a';
const bare = plain.replaceAll('-', '');

describe('a uuid as Go reads it', () => {
  it.each([
    { name: 'plain', text: plain },
    { name: 'in upper case', text: plain.toUpperCase() },
    { name: 'in braces', text: `{${plain}}` },
    { name: 'as a URN', text: `urn:uuid:${plain}` },
    { name: 'as a URN in upper case', text: `URN:UUID:${plain}` },
    { name: 'without hyphens', text: bare },
    { name: 'of another version', text: '00000000-0000-0000-0000-000000000000' },
  ])('is taken $name', ({ text }) => {
    expect(parseUuid(text)).toBe(text.includes('0000') ? text : plain);
  });

  it.each([
    { name: 'nothing', text: '' },
    { name: 'a text', text: 'xxx-xxx-xxx' },
    { name: 'a digit too few', text: plain.slice(1) },
    { name: 'a digit too many', text: `${plain}a` },
    { name: 'a letter that is no digit', text: plain.replace('a', 'g') },
    { name: 'half of the hyphens', text: plain.replace('-', '') },
    { name: 'hyphens at other places', text: `a-9d027b4ac49-4fb1-9f6d-45af15f64e7a` },
    { name: 'an open brace', text: `{${plain}` },
    { name: 'braces without hyphens', text: `{${bare}}` },
    { name: 'a URN without hyphens', text: `urn:uuid:${bare}` },
    { name: 'a URN in braces', text: `{urn:uuid:${plain}}` },
    { name: 'blanks around', text: ` ${plain} ` },
    { name: 'a line behind', text: `${plain}\n` },
  ])('is not $name', ({ text }) => {
    expect(parseUuid(text)).toBeUndefined();
  });

  it('comes out in its usual spelling from every form, and from nothing else', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom('plain', 'upper', 'braces', 'urn', 'bare'), (id, form) => {
        const text = { plain: id, upper: id.toUpperCase(), braces: `{${id}}`, urn: `urn:uuid:${id}` };
        expect(parseUuid(form === 'bare' ? id.replaceAll('-', '') : text[form])).toBe(id);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        const id = parseUuid(text);
        expect(
          id === undefined || text.toLowerCase().replaceAll('-', '').includes(id.replaceAll('-', '')),
        ).toBe(true);
      }),
    );
  });
});
