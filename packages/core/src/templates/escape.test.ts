import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapers, type Medium } from './escape.ts';
import { markdownToHtml, markdownToText } from './markdown.ts';
import { renderTemplate, surroundingsOf } from './render.ts';
import { compileTemplate, type Template } from './template.ts';

const table: { value: string; text?: string; markdown: string; html: string; url: string }[] = [
  {
    value: '<script>alert(1)</script>',
    markdown: '\\<script\\>alert(1)\\</script\\>',
    html: '&lt;script&gt;alert(1)&lt;/script&gt;',
    url: '%3Cscript%3Ealert%281%29%3C%2Fscript%3E',
  },
  { value: '<!channel>', markdown: '\\<\\!channel\\>', html: '&lt;!channel&gt;', url: '%3C%21channel%3E' },
  { value: '@here', markdown: '\\@here', html: '@here', url: '%40here' },
  {
    value: '*b* _i_ ~s~',
    markdown: '\\*b\\* \\_i\\_ \\~s\\~',
    html: '*b* _i_ ~s~',
    url: '%2Ab%2A%20%5Fi%5F%20%7Es%7E',
  },
  { value: 'a | b', markdown: 'a \\| b', html: 'a | b', url: 'a%20%7C%20b' },
  { value: '"</a>', markdown: '"\\</a\\>', html: '&quot;&lt;/a&gt;', url: '%22%3C%2Fa%3E' },
  {
    value: '{{{x}}} {{y}}',
    markdown: '{{{x}}} {{y}}',
    html: '{{{x}}} {{y}}',
    url: '%7B%7B%7Bx%7D%7D%7D%20%7B%7By%7D%7D',
  },
  {
    value: '[a](http://b)',
    markdown: '\\[a\\](http\\://b)',
    html: '[a](http://b)',
    url: '%5Ba%5D%28http%3A%2F%2Fb%29',
  },
  { value: '# h', markdown: '\\# h', html: '# h', url: '%23%20h' },
  { value: '1. x', markdown: '1\\. x', html: '1. x', url: '1.%20x' },
  { value: '- x', markdown: '\\- x', html: '- x', url: '-%20x' },
  {
    value: '`c` &amp; \\',
    markdown: '&#96;c&#96; \\&amp; \\\\',
    html: '&#96;c&#96; &amp;amp; \\',
    url: '%60c%60%20%26amp%3B%20%5C',
  },
  // Bidirectional controls, zero-width and other invisible characters, controls, a lone surrogate.
  {
    value: 'a\u202Egnp.exe\u2066\u200F',
    text: 'agnp.exe',
    markdown: 'agnp.exe',
    html: 'agnp.exe',
    url: 'agnp.exe',
  },
  { value: 'a\u200Bb\uFEFF\u2060c', text: 'abc', markdown: 'abc', html: 'abc', url: 'abc' },
  {
    value: 'a\u0000\u001B[31mb\u009B\uD800',
    text: 'a[31mb',
    markdown: 'a\\[31mb',
    html: 'a[31mb',
    url: 'a%5B31mb',
  },
  {
    value: '  a\r\nb\u2028\tc ',
    text: '  a\nb\n\tc ',
    markdown: 'a b c',
    html: '  a\nb\n\tc ',
    url: '%20%20a%0Ab%0A%09c%20',
  },
  // What people write with stays.
  {
    value: '👩‍👩‍👧 می‌خواهم Zoë',
    markdown: '👩‍👩‍👧 می‌خواهم Zoë',
    html: '👩‍👩‍👧 می‌خواهم Zoë',
    url: encodeURIComponent('👩‍👩‍👧 می‌خواهم Zoë'),
  },
];

describe('a value', () => {
  it.each(table)(
    'means nothing but itself in every medium: $value',
    ({ value, text = value, markdown, html, url }) => {
      expect(escapers.text(value, 'text')).toBe(text);
      expect(escapers.markdown(value, 'text')).toBe(markdown);
      expect(escapers.html(value, 'text')).toBe(html);
      expect(escapers.url(value, 'url-part')).toBe(url);
    },
  );

  it.each([
    { value: 'https://a.example/x?y=1&z=(2)#f', url: 'https://a.example/x?y=1&z=%282%29#f' },
    { value: '/inbox/1', url: '/inbox/1' },
    { value: 'mailto:ada@example.com', url: 'mailto:ada@example.com' },
    { value: 'HTTPS://A.example/%20 b', url: 'HTTPS://A.example/%20%20b' },
    { value: 'javascript:alert(1)', url: '' },
    { value: ' JaVaScRiPt:alert(1)', url: '' },
    { value: 'java\u0000script:alert(1)', url: '' },
    { value: 'data:text/html,x', url: '' },
    { value: '//evil.example', url: '' },
    { value: 'evil.example', url: '' },
  ])('is an address only if it is a harmless one: $value', ({ value, url }) => {
    expect(escapers.url(value, 'url')).toBe(url);
  });
});

const compiledBySource = new Map<string, Template>();

/** Each source is compiled once: it is the values that change. */
function templateOf(source: string): Template {
  const known = compiledBySource.get(source);
  if (known !== undefined) return known;
  const compiled = compileTemplate(source);
  if (compiled.outcome === 'refused') throw new Error(JSON.stringify(compiled.problems));
  compiledBySource.set(source, compiled.template);
  return compiled.template;
}

function render(source: string, value: unknown, medium: Medium): string {
  const data = { a: value, b: value, list: [value, value] };
  const rendered = renderTemplate(
    templateOf(source),
    medium,
    surroundingsOf(data, { user: {}, organization: {} }),
  );
  return rendered.outcome === 'rendered' ? rendered.text : '';
}

/** The tags of HTML with their attributes, but without what a link leads to: that may hold the value. */
function tagsOf(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/href="[^"]*"/, 'href'));
}

const templates = [
  '{{a}}',
  '{{a}}{{b}}',
  'Hello {{a}}, **{{b}}** and _{{a}}_.',
  '# {{a}}\n\n{{b}}\n{{a}}\n',
  '- {{a}}\n- {{b}}\n  1. {{a}}\n',
  '> {{a}}\n> {{b}}\n\ntext {{a}}',
  '| h | i |\n|---|---|\n| {{a}} | x {{b}} |\n',
  '[label]{{a}} [label] {{b}}',
  '[{{a}}](https://ok.example/{{b}}?q={{a}})',
  'see https://ok.example/{{a}} and {{b}}',
  '1{{a}} #{{b}} !{{a}}[x](https://ok.example)',
  'line\n{{a}}\nline\n\n    {{b}}',
  'a{{a}} {{b}}b :{{a}} <{{b}}> ({{a}}) \\{{b}}',
  '{{#each list}}{{this}}\n{{/each}}\n{{#each (lines a)}}> {{this}}\n{{/each}}',
];
const snippets = [
  ...[
    '<script>',
    '<b>',
    '</p>',
    '<!--',
    '<a href="http://e.example">',
    '&lt;',
    '&#60;',
    '[x](http://e.example)',
    '![x](http://e.example)',
  ],
  ...[
    '[x]',
    '(http://e.example)',
    ': http://e.example',
    '<http://e.example>',
    'http://e.example',
    '//e.example',
    'www.e.example',
    'e@e.example',
  ],
  ...[
    'mailto:e@e.example',
    '**b**',
    '_i_',
    '~~s~~',
    '`c`',
    '```',
    '***',
    '---',
    '===',
    '# h',
    '- x',
    '+ x',
    '1. x',
    '1) x',
    '> q',
    '|',
    '|---|',
  ],
  ...[
    '\n',
    '\n\n',
    '    ',
    '\t',
    ' ',
    '\\',
    '!',
    '[',
    ']',
    '(',
    ')',
    ':',
    '@',
    '\u2028',
    '\u0000',
    '\u202E',
    '\u200B',
    'x',
    '1',
  ],
];
// Half surrogate pairs too. fast-check's own unit for this, `binary`, fills a table of a million first.
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point));
const value = fc
  .array(fc.oneof(fc.constantFrom(...snippets), fc.string({ unit: anyCharacter, maxLength: 4 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  // An empty value leaves other Markdown than a word does: that is the template's own doing.
  .filter((text) => escapers.markdown(text, 'text') !== '');

describe('any value', () => {
  it.each(templates)('makes no tag that %j did not hold', (source) => {
    const tagsOfWord = tagsOf(markdownToHtml(render(source, 'word', 'markdown')));
    fc.assert(
      fc.property(value, (text) => {
        const lines = source.includes('(lines') ? text.replaceAll(/[\r\n\u2028\u2029]/g, '') || 'x' : text;
        const html = markdownToHtml(render(source, lines, 'markdown'));
        expect(tagsOf(html)).toEqual(tagsOfWord);
      }),
      { numRuns: 400 },
    );
  });

  it('reads in Markdown as it was, but for blanks and what cannot be seen', () => {
    fc.assert(
      fc.property(value, (text) => {
        const plain = escapers.text(text, 'text').trim().replaceAll(/\s+/g, ' ');
        expect(markdownToText(`x ${escapers.markdown(text, 'text')} x`)).toBe(`x ${plain} x`);
      }),
    );
  });

  it('makes no tag in HTML', () => {
    fc.assert(
      fc.property(value, (text) => {
        const html = render('<p title="{{a}}">{{b}}</p><a href="{{a}}">x</a>', text, 'html');
        expect(tagsOf(html)).toHaveLength(4);
        expect(html).not.toMatch(/href="(?!https?:|mailto:|\/(?!\/)|\?|")/i);
      }),
    );
  });

  it('never stops a rendering', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (anything) => {
          for (const medium of ['text', 'markdown', 'html', 'url'] as const) {
            for (const source of [
              ...templates,
              '{{date a}}{{number a}}{{list a}}{{plural a other="#"}}{{truncate a 3}}{{json a}}{{upper a}}',
            ]) {
              expect(typeof render(source, anything, medium)).toBe('string');
            }
          }
        },
      ),
    );
  });
});
