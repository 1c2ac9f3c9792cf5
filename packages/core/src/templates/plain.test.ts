import { describe, expect, it } from '@jest/globals';
import type { TemplateContent } from './content.ts';
import { isPlainContent } from './plain.ts';

const content = (body: string, more: Partial<TemplateContent> = {}): TemplateContent => ({
  ...{ title: 'x', body },
  ...more,
});

describe('a plain content', () => {
  it.each(['', 'a', 'a {b} c', '{{a}}', '{{ a.b_c.d1 }} and {{e}}', '**{{a}}**\n{ {{b}} }', '}} }'])(
    'is text and variables: %j',
    (body) => expect(isPlainContent(content(body))).toBe(true),
  );

  it.each([
    ...['{{#if a}}b{{/if}}', '{{date a}}', '{{> part}}', '{{{a}}}', '{{&a}}', '{{! a }}', '\\{{a}}', '{{a'],
    ...[
      '{{a.[b]}}',
      '{{@index}}',
      '{{../a}}',
      '{{a b=c}}',
      '{{(a)}}',
      '{{"a"}}',
      '{{~a~}}',
      '{{a..b}}',
      '{{}}',
    ],
  ])('has nothing else: %j', (body) => expect(isPlainContent(content(body))).toBe(false));

  it.each<{ name: string; more: Partial<TemplateContent> }>([
    { name: 'a layout', more: { layout: '{{> @content}}' } },
    { name: 'a layout for mails', more: { mailLayout: '<p>' } },
    { name: 'a block in its address', more: { url: '{{#if a}}/b{{/if}}' } },
    { name: 'a block in an action', more: { actions: [{ label: 'x', url: '{{#if a}}/b{{/if}}' }] } },
    { name: 'a long text', more: { title: 'x'.repeat(8 * 1024 + 1) } },
    { name: 'many variables', more: { title: '{{a}}'.repeat(101) } },
  ])('has no $name', ({ more }) => expect(isPlainContent(content('', more))).toBe(false));

  it('is told within a moment of any text', () => {
    for (const text of [
      '{{a '.repeat(2_000),
      `${'{'.repeat(8_000)}`,
      `{{${'a.'.repeat(4_000)}`,
      '{{a}}'.repeat(1_600),
    ]) {
      expect(isPlainContent(content(text))).toBe(false);
    }
  });
});
