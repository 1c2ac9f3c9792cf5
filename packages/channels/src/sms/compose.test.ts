import { buildMessage } from '@carillon/testkit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { composeSms, countSegments } from './compose.ts';

const publicUrl = 'https://carillon.example.org';
const compose = (title: string, text: string, segments = 3, url: string | null = null): string =>
  composeSms(buildMessage({ title, text, notification: { url, actions: [] } }), publicUrl, segments);

describe('countSegments', () => {
  it.each([
    { name: 'nothing', text: '', expected: 1 },
    { name: '160 of GSM', text: 'a'.repeat(160), expected: 1 },
    { name: '161 of GSM', text: 'a'.repeat(161), expected: 2 },
    { name: '306 of GSM', text: 'ß'.repeat(306), expected: 2 },
    { name: '307 of GSM', text: 'a'.repeat(307), expected: 3 },
    { name: '80 that take two places', text: '€'.repeat(80), expected: 1 },
    { name: '81 that take two places', text: '['.repeat(81), expected: 2 },
    { name: '70 of UCS-2', text: 'я'.repeat(70), expected: 1 },
    { name: '71 of UCS-2', text: 'я'.repeat(71), expected: 2 },
    { name: 'one of UCS-2 among GSM', text: `${'a'.repeat(70)}ç`, expected: 2 },
    { name: '36 emoji, two units each', text: '😀'.repeat(36), expected: 2 },
  ])('counts $name', ({ text, expected }) => expect(countSegments(text)).toBe(expected));
});

describe('the text of a message', () => {
  it.each([
    {
      name: 'title, text and link',
      made: compose('T', 'text', 3, '/x'),
      expected: `T\ntext\n${publicUrl}/x`,
    },
    { name: 'no text', made: compose('T', ''), expected: 'T' },
    { name: 'marks that GSM has not', made: compose('“a” – b…', '• c’s'), expected: '"a" - b...\n- c\'s' },
    { name: 'a title of two lines', made: compose('a\r\nb', 'c'), expected: 'a b\nc' },
  ])('is $name', ({ made, expected }) => expect(made).toBe(expected));

  it.each([
    { name: 'script', expected: '<script>alert(1)</script>' },
    { name: 'mention', expected: '<!channel> <@U123> @everyone @here <@&99>' },
    { name: 'marks', expected: hostileTexts.marks },
    { name: 'closing', expected: '</b></a></code>' },
    { name: 'braces', expected: '{{{raw}}} {{TIME(2020)}}' },
    { name: 'bidi', expected: 'safeexe.gpj' },
    { name: 'zeroWidth', expected: 'paypal' },
  ] as const)('is plain: $name', ({ name, expected }) =>
    expect(compose('T', hostileTexts[name])).toBe(`T\n${expected}`),
  );

  it('is cut politely, with the link kept whole', () => {
    const made = compose('Alarm', 'word '.repeat(500), 2, 'https://ci.example.org/7');
    expect(made).toMatch(/^Alarm\nword .*\w\.\.\.\nhttps:\/\/ci\.example\.org\/7$/);
    expect(countSegments(made)).toBe(2);
  });

  it('leaves out a link that takes more room than there is', () => {
    expect(compose('Alarm', 'text', 1, `https://a.example/${'x'.repeat(200)}`)).toBe('Alarm\ntex...');
  });

  it('never takes more parts than it may, and no half characters', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '€', 'я', '😀', ' ', '\n', '|'), maxLength: 800 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (title, body, segments, isLinked) => {
          const made = compose(title, body, segments, isLinked ? 'https://ci.example.org/7' : null);
          expect(countSegments(made)).toBeLessThanOrEqual(segments);
          expect(made).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
        },
      ),
    );
  });
});
