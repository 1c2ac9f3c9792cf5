import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { addFormatsTo, formatRules } from './formats.ts';

const ajv = addFormatsTo(new Ajv({ strict: true }));
const isOf = (format: string, value: string): boolean => ajv.compile({ type: 'string', format })(value);

const table: { format: string; good: string[]; bad: string[] }[] = [
  {
    format: 'uuid',
    good: ['01981c5e-8f00-7000-8000-000000000001', '01981C5E-8F00-7000-8000-00000000000A'],
    bad: [
      '',
      'me',
      'urn:uuid:01981c5e-8f00-7000-8000-000000000001',
      '01981c5e8f0070008000000000000001',
      '{01981c5e-8f00-7000-8000-000000000001}',
    ],
  },
  {
    format: 'date-time',
    good: [
      '2026-03-01T08:00:00Z',
      '2026-03-01T08:00:00.123456Z',
      '2026-03-01T08:00:00+05:45',
      '2024-02-29T00:00:00Z',
    ],
    bad: [
      '2026-03-01',
      '2026-03-01T08:00:00',
      '2026-03-01 08:00:00Z',
      '2026-02-29T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-03-01T24:00:01Z',
      '2016-12-31T23:59:60Z',
      '2026-03-01T08:00:00+99:99',
      '+012026-03-01T08:00:00Z',
    ],
  },
  {
    format: 'email',
    good: ['ada@example.com', 'ada+tag@mail.example.co.uk'],
    bad: ['ada', 'ada@', '@example.com', 'ada@example.com\r\nBcc: x@example.com', 'Ada <ada@example.com>'],
  },
  {
    format: 'link',
    good: [
      'https://example.com/a?b#c',
      'http://localhost:3000',
      'mailto:ada@example.com',
      '/backups/12',
      '/',
    ],
    bad: [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      '//evil.example',
      '/\\evil.example',
      'java\nscript:alert(1)',
      ' https://example.com',
      'backups/12',
      'https://',
    ],
  },
  {
    format: 'iana-time-zone',
    good: ['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'europe/berlin'],
    bad: ['Mars/Olympus', '+01:00', '+99:99', 'Europe/', '', 'Europe/Berlin ', '../etc/passwd'],
  },
  {
    format: 'bcp47',
    good: ['en', 'de-CH', 'zh-Hant-TW', 'en-GB-oxendict'],
    bad: ['', 'english_uk', 'x', 'de_CH', '*'],
  },
];

describe('formats', () => {
  it.each(table.flatMap(({ format, good }) => good.map((value) => ({ format, value }))))(
    'takes $value as $format',
    ({ format, value }) => expect(isOf(format, value)).toBe(true),
  );

  it.each(table.flatMap(({ format, bad }) => bad.map((value) => ({ format, value }))))(
    'refuses $value as $format',
    ({ format, value }) => expect(isOf(format, value)).toBe(false),
  );

  it('explains each format of the table in words', () => {
    expect(Object.keys(formatRules).toSorted()).toEqual(table.map(({ format }) => format).toSorted());
  });

  it.each(table.map(({ format }) => format))(
    'judges 200,000 adversarial characters as %s within 100 ms',
    (format) => {
      const judge = ajv.compile({ type: 'string', format });
      const hostile = [
        'a'.repeat(200_000),
        'a.'.repeat(100_000),
        `a@${'a-'.repeat(100_000)}!`,
        `/${' '.repeat(200_000)}`,
        '0'.repeat(200_000),
      ];
      const startedMs = performance.now();
      for (const value of hostile) judge(value);
      expect(performance.now() - startedMs).toBeLessThan(100 * hostile.length);
    },
  );
});
