import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createMailLayoutCompiler } from './mail-layout-compiler.ts';

const compiler = createMailLayoutCompiler();
afterAll(() => compiler.stop());

const content = '<mj-text>{{> @content}}</mj-text>';
/** A whole layout with these lines, from line 6 on, in its column. */
const layout = (lines: string, head = '') =>
  `<mjml>\n<mj-head>${head}</mj-head>\n<mj-body>\n<mj-section><mj-column>\n${content}\n${lines}\n</mj-column></mj-section>\n</mj-body>\n</mjml>`;

interface Refusal {
  name: string;
  source: string;
  /** line:column and a part of the sentence. */
  problem: string;
}

const refusals: Refusal[] = [
  { name: 'no MJML', source: 'Hello {{> @content}}', problem: '1:1 The layout must be <mjml>' },
  { name: 'HTML', source: '<p>{{> @content}}</p>', problem: '1:1 The layout must be <mjml>' },
  {
    name: 'no place for the body',
    source: layout('').replace(content, ''),
    problem: '1:1 The layout does not say where the body stands',
  },
  {
    name: 'an unknown element',
    source: layout('<mj-foo>x</mj-foo>'),
    problem: "6:1 <mj-foo>: Element mj-foo doesn't exist",
  },
  {
    name: 'an unknown attribute',
    source: layout('<mj-text colour="red">x</mj-text>'),
    problem: '6:1 <mj-text>: Attribute colour is illegal.',
  },
  {
    name: 'an element that is not closed',
    source: layout('\n<mj-text>x'),
    problem: '7:1 <mj-text> is not closed before </mj-column>.',
  },
  {
    name: 'an element that nobody opened',
    source: layout('</mj-text>'),
    problem: '4:13 <mj-column> is not closed before </mj-text>.',
  },
  {
    name: 'files of the server',
    source: layout('<mj-include path="/etc/passwd" />'),
    problem: '6:1 mj-include is not supported',
  },
  {
    name: 'a tag that does not compile',
    source: layout('<mj-text>{{#if a}}</mj-text>'),
    problem: 'A block is not closed',
  },
  {
    name: 'a value that is not escaped',
    source: layout('<mj-text>{{{a}}}</mj-text>'),
    problem: '6:10 Values are always escaped',
  },
  {
    name: 'a partial',
    source: layout('<mj-text>{{> signature}}</mj-text>'),
    problem: '6:10 There is no partial "signature"',
  },
  {
    name: 'a tag between elements',
    source: layout('\n {{#if a}}<mj-text>x</mj-text>{{/if}}'),
    problem: '7:2 {{#if a}} is lost: between elements a tag stands in <mj-raw>',
  },
  {
    name: 'a value as a colour',
    source: layout('<mj-text color="{{a}}">x</mj-text>'),
    problem: '6:1 <mj-text>: Attribute color has invalid value: {{a}}',
  },
  {
    name: 'a value in a style',
    source: layout('<mj-text><b style="color:{{a}}">x</b></mj-text>'),
    problem: '6:26 {{a}} stands in the attribute style',
  },
  {
    name: 'a value in a style sheet',
    source: layout('', '<mj-style>b { color: {{a}} }</mj-style>'),
    problem: '2:31 {{a}} stands in <style>',
  },
  {
    name: 'a value in a script',
    source: layout('<mj-raw><script>{{a}}</script></mj-raw>'),
    problem: '6:17 {{a}} stands in <script>',
  },
  {
    name: 'a value in a handler',
    source: layout('<mj-text><b onclick="{{a}}">x</b></mj-text>'),
    problem: '6:22 {{a}} stands in the attribute onclick',
  },
  {
    name: 'a value as an attribute',
    source: layout('<mj-text><b {{a}}>x</b></mj-text>'),
    problem: '6:13 {{a}} stands between attributes',
  },
  {
    name: 'a value without quotation marks',
    source: layout('<mj-text><a href={{a}}>x</a></mj-text>'),
    problem: '6:18 {{a}} stands in href without quotation marks',
  },
  {
    name: 'a value as an element',
    source: layout('<mj-text><{{a}}>x</mj-text>'),
    problem: '6:11 {{a}} is part of the name of an element',
  },
  {
    name: 'a value in a comment',
    source: layout('<mj-raw><!-- {{a}} --></mj-raw>'),
    problem: '6:14 {{a}} stands in a comment',
  },
  {
    name: 'the body in an attribute',
    source: layout('<mj-text><a title="{{> @content}}">x</a></mj-text>'),
    problem: '6:20 {{> @content}} stands in an attribute',
  },
  {
    name: 'a whole page of text',
    source: layout(`<mj-text>${'x'.repeat(70_000)}</mj-text>`),
    problem: '1:1 The template has 70',
  },
];

describe('a layout for mails', () => {
  it('becomes HTML in which its tags stand as they were', async () => {
    const source = layout(
      [
        '<mj-text>Hi {{default user.name "you > me"}}</mj-text>',
        '<mj-raw>{{#each notification.actions}}</mj-raw>',
        '<mj-button href="{{url}}">{{label}}</mj-button>',
        '<mj-raw>{{/each}}</mj-raw>{{!-- nobody reads this --}}',
        '<mj-image src="{{logo}}" alt="{{organization.name}}" />',
      ].join('\n'),
      '<mj-title>{{notification.title}}</mj-title><mj-style inline="inline">.a { color: red }</mj-style>',
    );
    const made = await compiler.compile(source);
    if (made.outcome !== 'compiled') throw new Error(JSON.stringify(made.problems));
    expect(made.html).toMatch(/^\s*<!doctype html>/);
    expect(made.html).toMatch(/>{{> @content}}<\/div>[^]*Hi {{default user.name "you > me"}}<\/div>/);
    expect(made.html).toMatch(/{{#each notification.actions}}[^]*href="{{url}}"[^]*{{label}}[^]*{{\/each}}/);
    expect(made.html).toMatch(/alt="{{organization.name}}" src="{{logo}}"/);
    expect(made.html).toContain('<title>{{notification.title}}</title>');
    expect(made.html).not.toMatch(/<mj-|<mjml|nobody reads this/);
  });

  it('is what docs/templates.md shows', async () => {
    const page = await readFile(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');
    const shown = /```xml\n([^]*?)```/.exec(page)?.[1] ?? '';
    expect(await problemsOf(shown)).toEqual(['none']);
  });

  it('loads no fonts from elsewhere that it does not name', async () => {
    const made = await compiler.compile(layout('<mj-text font-family="Roboto">x</mj-text>'));
    expect(made.outcome === 'compiled' && made.html).not.toMatch(/fonts|https?:\/\/(?!www[.]w3[.]org)/);
  });

  it('is refused, with its line and what would be right, for any of these', async () => {
    const told = await Promise.all(refusals.map(async ({ source }) => problemsOf(source)));
    const missing = refusals.flatMap(({ name, problem }, index) =>
      told[index]?.some((one) => one.includes(problem)) ? [] : [{ name, problem, told: told[index] }],
    );
    expect(missing).toEqual([]);
  });

  it('that takes too long or too much memory is refused, and the next one is not', async () => {
    const [slow, large] = [
      createMailLayoutCompiler({ layoutMs: 1 }),
      createMailLayoutCompiler({ heapMegabytes: 8 }),
    ];
    expect(await slow.compile(layout(''))).toMatchObject({
      problems: [{ detail: 'Compiling took longer than 1 ms.' }],
    });
    expect(await large.compile(layout(''))).toMatchObject({
      problems: [{ detail: 'Compiling needed more than 8 MB of memory.' }],
    });
    await Promise.all([slow.stop(), large.stop()]);
    await expect(slow.compile(layout(''))).rejects.toThrow('stopped');
  });

  async function problemsOf(source: string): Promise<string[]> {
    const made = await compiler.compile(source);
    return made.outcome === 'compiled'
      ? ['none']
      : made.problems.map(({ line, column, detail }) => `${line}:${column} ${detail}`);
  }
});
