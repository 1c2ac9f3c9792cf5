import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatVariant, parseVariant } from './variant-file.ts';

const nothing = { actions: [], url: null, icon: null };

describe('a file of a text', () => {
  it('is Markdown with front matter', () => {
    const actions = [{ label: 'Show the log', url: 'https://ci.example.com/{{number}}' }];
    const variant = {
      title: 'Build {{number}} failed',
      body: '{{errors}} **errors**',
      actions,
      url: null,
      icon: null,
    };
    expect(formatVariant(variant)).toBe(`---
title: Build {{number}} failed
actions:
  - label: Show the log
    url: https://ci.example.com/{{number}}
---
{{errors}} **errors**
`);
  });

  it('says after writing and reading what it said before, whatever stands in it', () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.constantFrom('---', '{{a}}', '- x: y', '"', '')), {
      maxLength: 5,
    });
    const text = lines.map((parts) => parts.join('\n').replaceAll('\r', ''));
    const link = fc.option(text);
    const variants = fc.record({
      ...{ title: text, body: text, url: link, icon: link },
      actions: fc.array(fc.record({ label: text, url: text }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(variants, (variant) => {
        expect(parseVariant(formatVariant(variant))).toEqual(variant);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same with line ends of Windows', () => {
    const text = formatVariant({ title: 'a', body: 'b\nc', ...nothing }).replaceAll('\n', '\r\n');
    expect(parseVariant(text)).toEqual({ title: 'a', body: 'b\nc', ...nothing });
  });

  it.each([
    { name: 'no front matter', text: 'Hello', says: 'line 1: it must begin with front matter' },
    { name: 'front matter without an end', text: '---\ntitle: a\n', says: 'line 1' },
    { name: 'no title', text: '---\nurl: /a\n---\n', says: '`title` must be a text' },
    { name: 'an unknown field', text: '---\ntitle: a\nsubject: b\n---\n', says: '`subject` is no field' },
    { name: 'broken YAML', text: '---\ntitle: "a\n---\n', says: 'line ' },
    { name: 'a list', text: '---\n- a\n---\n', says: 'line 2' },
    { name: 'a title that is a number', text: '---\ntitle: 7\n---\n', says: '`title` must be a text' },
  ])('refuses $name, and says where', ({ text, says }) => {
    expect(() => parseVariant(text)).toThrow(says);
  });
});
