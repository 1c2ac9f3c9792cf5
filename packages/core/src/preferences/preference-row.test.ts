import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mostSpecificRow, specificityOf, type PreferenceRow } from './preference-row.ts';

const scope = { category: 'billing', environment: 'production', project: 'shop' };

function row(fields: Partial<PreferenceRow> = {}): PreferenceRow {
  return {
    id: 'row',
    category: '',
    environment: '',
    project: '',
    kind: '',
    enabled: true,
    window: undefined,
    mode: undefined,
    ...fields,
  };
}

describe('how specifically a row speaks', () => {
  /** All sixteen rows that speak of this scope and kind, in the order of their weight. */
  const speaking = Array.from({ length: 16 }, (_, weight) =>
    row({
      id: `row${weight}`,
      kind: weight & 8 ? 'email' : '',
      category: weight & 4 ? scope.category : '',
      environment: weight & 2 ? scope.environment : '',
      project: weight & 1 ? scope.project : '',
    }),
  );

  it.each(speaking.map((given, weight) => ({ given, weight })))(
    'is $weight for kind "$given.kind", category "$given.category", environment "$given.environment", project "$given.project"',
    ({ given, weight }) => {
      expect(specificityOf(given, scope, 'email')).toBe(weight);
    },
  );

  it.each([
    { name: 'another kind', given: row({ kind: 'webhook' }) },
    { name: 'another category', given: row({ category: 'security' }) },
    { name: 'a category in other letters', given: row({ category: 'Billing' }) },
    { name: 'another environment', given: row({ environment: 'staging' }) },
    { name: 'another project', given: row({ project: 'blog' }) },
    { name: 'another kind of the same category', given: row({ kind: 'inbox', category: 'billing' }) },
  ])('is nothing for $name', ({ given }) => {
    expect(specificityOf(given, scope, 'email')).toBeUndefined();
  });

  it('lets no row of a category speak of what has none', () => {
    const none = { category: '', environment: '', project: '' };
    expect(specificityOf(row({ category: 'billing' }), none, 'email')).toBeUndefined();
    expect(specificityOf(row(), none, 'email')).toBe(0);
  });

  it('makes the heaviest win, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(speaking, { minLength: 1 }), (rows) => {
        const heaviest = Math.max(...rows.map((given) => specificityOf(given, scope, 'email') ?? -1));
        expect(mostSpecificRow(rows, scope, 'email', () => true)?.id).toBe(`row${heaviest}`);
      }),
    );
  });
});

describe('the most specific row that says something', () => {
  it('is a broader one where the narrow one says nothing of it', () => {
    const window = { start: '22:00', end: '07:00', zone: 'UTC' };
    const rows = [row({ id: 'narrow', kind: 'email', category: 'billing' }), row({ id: 'broad', window })];
    expect(mostSpecificRow(rows, scope, 'email', (given) => given.window != null)?.id).toBe('broad');
    expect(mostSpecificRow(rows, scope, 'email', (given) => given.enabled != null)?.id).toBe('narrow');
    expect(mostSpecificRow(rows, scope, 'email', (given) => given.mode != null)).toBeUndefined();
  });

  it('is the one with the lower id where two wrongly speak of the same', () => {
    const rows = [row({ id: 'b' }), row({ id: 'a' }), row({ id: 'c' })];
    expect(mostSpecificRow(rows, scope, 'email', () => true)?.id).toBe('a');
    expect(mostSpecificRow(rows.toReversed(), scope, 'email', () => true)?.id).toBe('a');
  });
});
