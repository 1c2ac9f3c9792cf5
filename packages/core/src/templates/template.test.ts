import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { templateLimits } from './problem.ts';
import { renderTemplate, surroundingsOf } from './render.ts';
import { compileTemplate, type CompileOptions } from './template.ts';

function compiled(source: string, options: CompileOptions = {}) {
  const result = compileTemplate(source, options);
  if (result.outcome === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.template;
}

function problemsOf(source: string, options: CompileOptions = {}) {
  const result = compileTemplate(source, options);
  return result.outcome === 'refused' ? result.problems : [];
}

function run(source: string, data: Record<string, unknown>, options: CompileOptions = {}) {
  return renderTemplate(
    compiled(source, options),
    'text',
    surroundingsOf(data, { user: {}, organization: {} }),
  );
}

function render(source: string, data: Record<string, unknown> = {}, options: CompileOptions = {}): string {
  const rendered = run(source, data, options);
  return rendered.outcome === 'rendered' ? rendered.text : rendered.detail;
}

describe('a template', () => {
  it.each([
    { source: '{{#each xs as |x i|}}{{i}}{{x.n}}{{../y}} {{/each}}', to: '0a! 1b! ' },
    {
      source: '{{#each xs}}{{@index}}{{@first}}{{@last}}{{n}}{{#unless @last}},{{/unless}}{{/each}}',
      to: '0truefalsea,1falsetrueb',
    },
    { source: '{{#each o}}{{@key}}={{this}};{{/each}}', to: 'k=1;l=2;' },
    { source: '{{#each xs}}{{#each ../o}}{{@../index}}{{@key}}{{/each}}{{/each}}', to: '0k0l1k1l' },
    { source: '{{#with o}}{{k}}{{@root.y}}{{/with}}', to: '1!' },
    { source: '{{#with no}}a{{else}}b{{/with}}{{#each no}}a{{else}}b{{/each}}{{^if no}}c{{/if}}', to: 'bbc' },
    { source: '{{#if no}}a{{else if y}}b{{else}}c{{/if}}', to: 'b' },
    {
      source: 'a {{~y~}} b \\{{y}} {{! comment }}{{"text"}} {{xs.1.n}} {{xs.length}}',
      to: 'a!b {{y}} text b 2',
    },
    { source: '{{list}} {{date}}', to: 'mine today' },
    { source: '{{o}} {{xs.[0].n}} {{this.y}} {{./y}}', to: '{"k":1,"l":2} a ! !' },
  ])('renders $source', ({ source, to }) => {
    const data = { xs: [{ n: 'a' }, { n: 'b' }], y: '!', o: { k: 1, l: 2 }, list: 'mine', date: 'today' };
    expect(render(source, data)).toBe(to);
  });

  it('renders as Handlebars itself does what both know', () => {
    const leaf = fc.constantFrom(
      'text ',
      '\n',
      '  ',
      '{{a}}',
      '{{b.c}}',
      '{{this}}',
      '{{@root.a}}',
      '{{~a}}',
      '{{a~}}',
      '{{../a}}',
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc
          .tuple(fc.constantFrom('if a', 'unless b', 'each l', 'each b', 'with b'), tie('tree'), tie('tree'))
          .map(
            ([open, then, otherwise]) => `{{#${open}}}${then}{{else}}${otherwise}{{/${open.split(' ')[0]}}}`,
          ),
        fc.tuple(tie('tree'), tie('tree')).map((both) => both.join('')),
      ),
    }));
    const scalar = fc.constantFrom<unknown>('x', '', 0, 1, true, false, null, '&');
    const plainObjects = { noNullPrototype: true } as const;
    const item = fc.oneof(fc.record({ a: scalar }, plainObjects), fc.constantFrom('s', 't'));
    const data = fc.record(
      {
        a: scalar,
        b: fc.oneof(scalar, fc.record({ a: scalar, c: scalar }, plainObjects)),
        l: fc.array(item, { maxLength: 3 }),
      },
      plainObjects,
    );
    // `this` in a list of objects would be printed in another way on purpose.
    const plain = (source: string): boolean =>
      !source.includes('{{this}}') && compileTemplate(source).outcome === 'compiled';
    fc.assert(
      fc.property(tree.filter(plain), data, (source, values) => {
        const known = Handlebars.create().compile(source, { knownHelpersOnly: true });
        const surroundings = surroundingsOf(values, { user: {}, organization: {} });
        const ours = renderTemplate(compiled(source), 'html', surroundings);
        expect(ours).toMatchObject({ text: known(values) });
      }),
    );
  });

  it('uses partials and layouts', () => {
    const partials = { row: '[{{n}}{{mark}}]', footer: '{{> row}} {{organization.name}}' };
    const layout = '<{{> @content}}>{{> footer}}';
    expect(
      render(
        '{{#each xs}}{{> row mark="!"}}{{/each}}{{> row o}}',
        { xs: [{ n: 1 }, { n: 2 }], o: { n: 3 } },
        { partials },
      ),
    ).toBe('[1!][2!][3]');
    expect(render('{{n}}', { n: 5, mark: '?' }, { partials, layout })).toBe('<5>[5?] ');
  });

  it('tells which data it reads', () => {
    const source =
      '{{a.b}} {{#each list as |item|}}{{item.x}}{{y}}{{../z}}{{@root.r}}{{@index}}{{/each}}{{date at zone=tz}}';
    expect(compiled(source).variables).toEqual(['a.b', 'at', 'list', 'list[].x', 'list[].y', 'r', 'tz', 'z']);
  });

  it('tells once, and in order, what was to be shown and is absent', () => {
    const source =
      '{{b}}{{a}}{{b}}{{#if c}}{{d}}{{/if}}{{default e "x"}}{{date f}}{{#each g}}{{/each}}{{#each h}}{{else}}{{/each}}{{#each i}}{{n}}{{/each}}';
    expect(run(source, { a: null, i: [{}, {}] })).toMatchObject({ missing: ['b', 'a', 'f', 'g', 'i[].n'] });
  });
});

describe('a template that would break out', () => {
  it.each([
    '{{constructor}}',
    '{{constructor.constructor}}',
    '{{__proto__}}',
    '{{__proto__.polluted}}',
    '{{o.__proto__.toString}}',
    '{{o.constructor.name}}',
    '{{text.constructor}}',
    '{{list.constructor.prototype}}',
    '{{list.map}}',
    '{{@root.constructor}}',
    '{{@root.__proto__}}',
    '{{#with o}}{{../constructor}}{{/with}}',
    '{{#with @root}}{{__defineGetter__}}{{valueOf}}{{/with}}',
    '{{#each @root.__proto__}}{{this}}{{/each}}',
    '{{#with (default o.constructor o.__proto__)}}{{this}}{{/with}}',
    '{{list o.constructor}}',
    '{{list list key="constructor"}}',
    '{{helperMissing}}{{blockHelperMissing}}{{lookup}}{{log}}',
  ])('finds nothing by %s', (source) => {
    expect(render(source, { o: { k: 1 }, text: 'abc', list: [] })).toBe('');
  });

  it.each([
    '{{lookup this "constructor"}}',
    '{{lookup (lookup this "constructor") "constructor"}}',
    '{{helperMissing 1}}',
    '{{#blockHelperMissing this}}x{{/blockHelperMissing}}',
    '{{log "x"}}',
    '{{constructor "alert"}}',
    '{{toString 1}}',
    '{{#constructor}}x{{/constructor}}',
    '{{o.fn 1}}',
    '{{@root.fn 1}}',
    '{{#with "s" as |string|}}{{string.sub "x"}}{{/with}}',
    '{{> (lookup . "x")}}',
    '{{#*inline "x"}}y{{/inline}}',
    '{{* decorator}}',
    '{{#> layout}}x{{/layout}}',
    '{{> constructor}}',
    '{{> __proto__}}',
    '{{@data}}',
    '{{@root.x.y 1}}',
    '{{../../x}}',
  ])('is refused: %s', (source) => {
    expect(problemsOf(source)).not.toHaveLength(0);
  });

  it.each([
    { type: 'Program', body: [] },
    {
      type: 'Program',
      body: [{ type: 'MustacheStatement', path: { type: 'NumberLiteral', value: 'process.exit()' } }],
    },
    null,
    undefined,
    ['{{a}}'],
    new String('{{a}}'),
  ])('is refused when it is no text: %j', (tree) => {
    const [problem] = problemsOf(tree as string);
    expect(problem).toMatchObject({ code: 'template.syntax', detail: 'A template must be a text.' });
  });

  it('pollutes nothing by its data', () => {
    const data: Record<string, unknown> = JSON.parse(
      '{"__proto__":{"polluted":1},"o":{"__proto__":{"polluted":2}}}',
    );
    render('{{> p __proto__=o}}{{#with o}}{{polluted}}{{/with}}', data, { partials: { p: '{{polluted}}' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a problem', () => {
  it.each([
    { source: 'a\n  {{#if x}}\nb', code: 'template.syntax', line: 3, says: 'not closed' },
    { source: 'a\n {{#if x}}{{/each}}', code: 'template.syntax', line: 2, column: 5, says: 'write {{/if}}' },
    { source: 'ab {{x', code: 'template.syntax', line: 1, says: '}}' },
    { source: '{{}}', code: 'template.syntax', line: 1, column: 3, says: 'missing' },
    { source: 'a\n\n{{/if}}', code: 'template.syntax', line: 3, column: 1, says: 'not opened' },
    { source: 'x{{else}}', code: 'template.syntax', line: 1, column: 2, says: 'outside a block' },
    { source: '\n {{{x}}}', code: 'template.triple', line: 2, column: 2, says: 'instead of {{{' },
    { source: '{{&x}}', code: 'template.triple', line: 1, column: 1, says: 'escaped' },
    { source: 'ab {{nope 1}}', code: 'template.unknown_helper', line: 1, column: 4, says: 'eq, ne, gt' },
    {
      source: '{{#repeat 3}}{{/repeat}}',
      code: 'template.unknown_helper',
      line: 1,
      column: 1,
      says: 'if, unless, each and with',
    },
    { source: '{{#if a b}}{{/if}}', code: 'template.arguments', line: 1, column: 1, says: 'takes one value' },
    {
      source: '{{plural n one="x"}}',
      code: 'template.arguments',
      line: 1,
      column: 1,
      says: 'needs the option "other"',
    },
    {
      source: '{{date at colour="red"}}',
      code: 'template.arguments',
      line: 1,
      column: 1,
      says: 'no option "colour"',
    },
    { source: '{{eq 1}}', code: 'template.arguments', line: 1, column: 1, says: 'takes 2 arguments, not 1' },
    { source: '{{> foter}}', code: 'template.unknown_partial', line: 1, column: 1, says: 'footer' },
    { source: '{{> a}}', code: 'template.partial_recursion', line: 1, column: 1, says: 'a → b → a' },
    { source: '{{@index}}', code: 'template.unknown_variable', line: 1, column: 3, says: '{{#each}}' },
    { source: '{{> @content}}', code: 'template.content', line: 1, column: 1, says: 'layout' },
  ])('of $source is told with its place and what would be right', ({ source, says, ...place }) => {
    const [problem] = problemsOf(source, { partials: { footer: 'x', a: '{{> b}}', b: '{{> a}}' } });
    expect(problem).toMatchObject(place);
    expect(problem?.detail).toContain(says);
  });

  it('names the source that it stands in, and all come together', () => {
    const partials = { footer: 'a\n {{#if}}{{/if}}' };
    expect(problemsOf('{{nope 1}}\n{{> footer}}{{{x}}}', { source: 'title', partials })).toMatchObject([
      { source: 'title', line: 1 },
      { source: 'partials.footer', line: 2, column: 2 },
      { source: 'title', line: 2 },
    ]);
    expect(problemsOf('x', { layout: 'no place' })).toMatchObject([
      { source: 'layout', code: 'template.content' },
    ]);
  });
});

describe('a template that would cost too much', () => {
  it.each([
    { name: '64 KiB of tags', source: '{{a}}'.repeat(13_000), code: 'template.too_complex' },
    {
      name: 'blocks deep inside each other',
      source: '{{#if a}}'.repeat(4_000) + '{{/if}}'.repeat(3_000),
      code: 'template.too_complex',
    },
    {
      name: 'a deep expression',
      source: `{{eq ${'(not '.repeat(100)}a${')'.repeat(100)} 1}}`,
      code: 'template.too_complex',
    },
    {
      name: 'a very deep expression',
      source: `{{eq ${'(a '.repeat(20_000)}}}`,
      code: 'template.too_complex',
    },
    {
      name: 'a tag with many arguments',
      source: `{{or ${'a '.repeat(30_000)}}}`,
      code: 'template.too_complex',
    },
    { name: 'more than 64 KiB', source: 'x'.repeat(65_537), code: 'template.too_large' },
    { name: 'bytes beyond 64 KiB', source: 'ä'.repeat(40_000), code: 'template.too_large' },
    { name: 'many parts', source: '{{a.b}} {{or a b c}}'.repeat(249), code: 'template.too_complex' },
  ])('is refused before it does: $name', ({ source, code }) => {
    const startMs = performance.now();
    expect(problemsOf(source)[0]).toMatchObject({ code });
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it('is refused when partials multiply', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const partials = Object.fromEntries(
      names.map((name, index) => [name, `{{> ${names[index + 1] ?? 'leaf'}}}`.repeat(10)] as const),
    );
    const [problem] = problemsOf('{{> a}}', { partials: { ...partials, leaf: 'x' } });
    expect(problem).toMatchObject({ code: 'template.too_complex' });
  });

  it.each([
    {
      name: 'loops inside each other',
      source:
        '{{#each r}}{{#each @root.r}}{{#each @root.r}}{{#each @root.r}}xx{{/each}}{{/each}}{{/each}}{{/each}}',
      says: 'rounds',
    },
    { name: 'a long output', source: '{{#each r}}{{json @root.t}}{{/each}}', says: 'longer than' },
    {
      name: 'large values that are not printed',
      source: '{{#each r}}{{#if (eq (json @root.t) 1)}}{{/if}}{{/each}}',
      says: 'Helpers',
    },
  ])('is cut while it renders: $name', ({ source, says }) => {
    const data = { r: Array.from({ length: 60 }, () => 1), t: 'x'.repeat(60_000) };
    const rendered = run(source, data);
    expect(rendered).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(says) });
  });

  it('has limits that the output never passes', () => {
    const rendered = run('{{#each r}}ää{{/each}}', { r: Array.from({ length: 9_999 }, () => 1) });
    expect(rendered.outcome === 'rendered' && Buffer.byteLength(rendered.text)).toBe(4 * 9_999);
    const long = run('{{t}}{{t}}', { t: 'ä'.repeat(templateLimits.outputBytesMax / 4 + 1) });
    expect(long).toMatchObject({ outcome: 'failed' });
  });
});
