import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { helpers } from './callable.ts';
import { contentLimits } from './notification.ts';
import { templateLimits } from './problem.ts';
import { renderTemplate, surroundingsOf } from './render.ts';
import { compileTemplate } from './template.ts';

const page = await readFile(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');

/** Cells of the rows of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const chapter = page.slice(page.indexOf(`${heading}\n`) + heading.length).split(/^##/m)[0] ?? '';
  return chapter
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split(/ *(?<!\|)\|(?!\|) */)
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

const rows = tableBelow('### Helpers').map(([source = '', data = '', text = '']) => ({ source, data, text }));

describe('docs/templates.md', () => {
  it.each(rows)('says what $source prints', ({ source, data, text }) => {
    const compiled = compileTemplate(source);
    if (compiled.outcome === 'refused') throw new Error(compiled.problems[0]?.detail);
    const context = { user: { locale: 'en', zone: 'Europe/Berlin' }, organization: {} };
    const rendered = renderTemplate(
      compiled.template,
      'text',
      surroundingsOf(JSON.parse(data) as Record<string, unknown>, context),
    );
    // Intl puts a narrow blank before AM and PM.
    expect(rendered).toMatchObject({ outcome: 'rendered' });
    expect('text' in rendered ? rendered.text.replaceAll('\u202f', ' ') : '').toBe(text);
  });

  it('shows every helper', () => {
    const shown = rows.map((row) => row.source).join('');
    const hidden = [...helpers.keys()].filter((name) => !new RegExp(`[{(]${name} `).test(shown));
    expect(hidden).toEqual([]);
  });

  it('tells the limits that hold', () => {
    const told = tableBelow('## Limits').map(([, number = '']) => Number(number.replaceAll(',', '')));
    const { sourceBytesMax, tagsMax, tagLengthMax, depthMax, partialDepthMax } = templateLimits;
    const { titleLengthMax, bodyBytesMax, labelLengthMax, urlLengthMax } = contentLimits;
    expect(told).toEqual([
      ...[sourceBytesMax, tagsMax, tagLengthMax, depthMax, partialDepthMax],
      ...[templateLimits.roundsMax, templateLimits.outputBytesMax],
      ...[titleLengthMax, bodyBytesMax, labelLengthMax, urlLengthMax],
    ]);
  });
});
