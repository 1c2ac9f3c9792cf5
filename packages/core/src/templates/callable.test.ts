import { describe, expect, it } from '@jest/globals';
import { renderTemplate, surroundingsOf } from './render.ts';
import { compileTemplate } from './template.ts';

function render(source: string, data: Record<string, unknown>, locale = 'en', zone = 'UTC'): string {
  const compiled = compileTemplate(source);
  if (compiled.outcome === 'refused') throw new Error(JSON.stringify(compiled.problems));
  const context = { user: { locale, zone }, organization: {} };
  const rendered = renderTemplate(compiled.template, 'text', surroundingsOf(data, context));
  if (rendered.outcome === 'failed') throw new Error(rendered.detail);
  // Intl separates by several kinds of blanks, which change with its data.
  return rendered.text.replaceAll(/[\u00A0\u202F]/g, ' ');
}

const at = '2026-03-29T23:30:00Z';

describe('helpers', () => {
  it.each([
    { source: '{{date at}}', locale: 'en', zone: 'Europe/Berlin', to: 'March 30, 2026' },
    { source: '{{date at}}', locale: 'de-AT', zone: 'Europe/Vienna', to: '30. März 2026' },
    { source: '{{date at style="short"}}', locale: 'en-GB', zone: 'America/New_York', to: '29/03/2026' },
    { source: '{{time at}}', locale: 'de', zone: 'Asia/Kathmandu', to: '05:15' },
    { source: '{{time at}}', locale: 'de', zone: 'Australia/Lord_Howe', to: '10:30' },
    { source: '{{time at zone="UTC"}}', locale: 'de', zone: 'Asia/Kathmandu', to: '23:30' },
    { source: '{{time at zone="Nowhere/City"}}', locale: 'de', zone: 'Asia/Kathmandu', to: '05:15' },
    { source: '{{datetime at}}', locale: 'fr', zone: 'Europe/Paris', to: '30 mars 2026 à 01:30' },
    { source: '{{date day}}', locale: 'en', zone: 'America/New_York', to: 'March 1, 2026' },
    { source: '{{date "soon"}}', locale: 'en', zone: 'UTC', to: 'soon' },
    { source: '{{date at}}', locale: 'no locale', zone: 'No/Zone', to: 'March 29, 2026' },
    { source: '{{number n}}', locale: 'de', zone: 'UTC', to: '1.234.567,891' },
    { source: '{{number n decimals=1}}', locale: 'en', zone: 'UTC', to: '1,234,567.9' },
    { source: '{{number n}}', locale: 'hi', zone: 'UTC', to: '12,34,567.891' },
    { source: '{{number 0.25 style="percent"}}', locale: 'en', zone: 'UTC', to: '25%' },
    { source: '{{number "12.5"}} {{number "many"}}', locale: 'de', zone: 'UTC', to: '12,5 many' },
    { source: '{{currency 12.5 "EUR"}}', locale: 'de', zone: 'UTC', to: '12,50 €' },
    { source: '{{currency 12.5 "jpy"}}', locale: 'en', zone: 'UTC', to: '¥13' },
    { source: '{{currency 12.5 "credits"}}', locale: 'en', zone: 'UTC', to: '12.5 credits' },
    { source: '{{list names}}', locale: 'en', zone: 'UTC', to: 'Ada, Bob, and Eve' },
    { source: '{{list names type="or"}}', locale: 'de', zone: 'UTC', to: 'Ada, Bob oder Eve' },
    { source: '{{list people key="name"}}', locale: 'en', zone: 'UTC', to: 'Ada and Bob' },
    { source: '{{upper "istanbul"}}', locale: 'tr', zone: 'UTC', to: 'İSTANBUL' },
    { source: '{{lower "ADA"}}', locale: 'en', zone: 'UTC', to: 'ada' },
    { source: '{{truncate "a long sentence" 6}}', locale: 'en', zone: 'UTC', to: 'a long…' },
    { source: '{{truncate "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧" 2}}', locale: 'en', zone: 'UTC', to: '👩‍👩‍👧👩‍👩‍👧…' },
    { source: '{{truncate "short" 80}}', locale: 'en', zone: 'UTC', to: 'short' },
    { source: '{{json people}}', locale: 'en', zone: 'UTC', to: '[{"name":"Ada"},{"name":"Bob"}]' },
    { source: '{{default absent "" "friend"}}', locale: 'en', zone: 'UTC', to: 'friend' },
    { source: '{{#each (lines text)}}<{{this}}>{{/each}}', locale: 'en', zone: 'UTC', to: '<a><b><><c>' },
  ])('write $source as $to in $locale, $zone', ({ source, locale, zone, to }) => {
    const data = {
      at,
      day: '2026-03-01',
      n: 1_234_567.891,
      names: ['Ada', 'Bob', 'Eve'],
      people: [{ name: 'Ada' }, { name: 'Bob' }],
      text: 'a\nb\r\n\nc',
    };
    expect(render(source, data, locale, zone)).toBe(to);
  });

  it.each([
    { locale: 'en', count: 0, to: '0 comments' },
    { locale: 'en', count: 1, to: '1 comment' },
    { locale: 'en', count: 1_000, to: '1,000 comments' },
    { locale: 'pl', count: 1, to: '1 comment' },
    { locale: 'pl', count: 3, to: '3 few' },
    { locale: 'pl', count: 5, to: '5 many' },
    { locale: 'ja', count: 1, to: '1 comments' },
  ])('count in the forms of a language: $count in $locale', ({ locale, count, to }) => {
    const source = '{{plural count one="# comment" few="# few" many="# many" other="# comments"}}';
    expect(render(source, { count }, locale)).toBe(to);
  });

  it('say nothing with their own words for 0', () => {
    expect(render('{{plural n zero="no comments" other="#"}}', { n: 0 })).toBe('no comments');
  });

  it.each([
    { test: '(eq a 1)', to: 'yes' },
    { test: '(eq a "1")', to: 'no' },
    { test: '(eq absent null)', to: 'yes' },
    { test: '(ne a 2)', to: 'yes' },
    { test: '(gt a 0)', to: 'yes' },
    { test: '(gte a 1)', to: 'yes' },
    { test: '(lt a 1)', to: 'no' },
    { test: '(lte "2026-01-01" "2026-01-02")', to: 'yes' },
    { test: '(gt absent 0)', to: 'no' },
    { test: '(gt "2" 1)', to: 'no' },
    { test: '(and a list)', to: 'no' },
    { test: '(or absent a)', to: 'yes' },
    { test: '(not list)', to: 'yes' },
    { test: '(and (or absent a) (not (eq a 2)))', to: 'yes' },
  ])('test: $test is $to', ({ test, to }) => {
    expect(render(`{{#if ${test}}}yes{{else}}no{{/if}}`, { a: 1, list: [] })).toBe(to);
  });
});
