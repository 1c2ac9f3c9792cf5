import { describe, expect, it } from '@jest/globals';
import type { TemplateVersion } from '@carillon/client';
import { compareTexts, compareVersions } from './compare.ts';

const version = (changes: Partial<TemplateVersion> = {}): TemplateVersion => ({
  ...{ version: 1, layout: null, mail_layout: null, on_missing: 'empty', created_by: null },
  ...{ created_at: '2026-11-21T12:00:00Z', published_at: null, data_schema: null, sample_data: {} },
  variants: [{ kind: '', locale: '', title: 'Hi', body: 'One', actions: [], url: null, icon: null }],
  ...changes,
});
const [general] = version().variants;
const shown = (before: string, after: string) =>
  compareTexts(before, after).map(
    ({ sort, parts }) =>
      `${sort}:${parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('')}`,
  );

describe('two versions', () => {
  it('that say the same differ in nothing, whatever their numbers are', () => {
    expect(compareVersions(version(), version({ version: 2, published_at: '2026-11-21T13:00:00Z' }))).toEqual(
      [],
    );
  });

  it('are told apart text by text, also where one has a wording more', () => {
    const german = { ...general, kind: 'email', locale: 'de', title: 'Hallo', body: '' } as const;
    const compared = compareVersions(
      version(),
      version({
        variants: [{ ...version().variants[0], body: 'Two' } as never, german as never],
        layout: 'plain',
      }),
    );
    expect(compared.map(({ label }) => label)).toEqual([
      'Body (every kind, every language)',
      'Title (email, de)',
      'Layout',
    ]);
  });
});

describe('two texts', () => {
  it('show which words of a line changed', () => {
    expect(shown('a\nhello old world', 'a\nhello new world')).toEqual([
      'same:a',
      'removed:hello [old] world',
      'added:hello [new] world',
    ]);
  });

  it('leave out what is far from each change, and count the lines of both', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const after = lines.toSpliced(14, 1);
    const compared = compareTexts(lines.join('\n'), after.join('\n'));
    expect(compared).toHaveLength(8);
    expect(compared[0]?.sort).toBe('gap');
    expect(compared[4]).toMatchObject({ sort: 'removed', before: 15, after: undefined });
    expect(compared[5]).toMatchObject({ sort: 'same', before: 16, after: 15 });
  });

  it.each([
    { name: 'a newline at the end', before: 'a', after: 'a\n', expected: ['removed:a', 'added:a'] },
    { name: 'everything', before: '', after: 'a', expected: ['added:a'] },
    { name: 'nothing', before: 'a\nb', after: 'a\nb', expected: [] },
  ])('differ in $name', ({ before, after, expected }) => expect(shown(before, after)).toEqual(expected));
});
