import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { isProblemCode, Problem, problemCodes, problemOf } from './problem.ts';
import { problemKinds } from './problem-kinds.ts';
import { makeAjv } from './validate.ts';

const isProblem = makeAjv({ allErrors: true }).compile(Problem);
const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** What docs/errors.md says of each code: status of its chapter, and its text on one line. */
function readPage(): { code: string; status: number; text: string }[] {
  return page.split(/^## /m).flatMap((chapter) => {
    const status = Number.parseInt(chapter, 10);
    return chapter
      .split(/^### /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section
          .replace(/<a id=.*/s, '')
          .trim()
          .split('\n');
        return {
          code: heading.replaceAll('`', ''),
          status,
          text: lines.join(' ').replace(/\s+/g, ' ').trim(),
        };
      });
  });
}

describe('docs/errors.md', () => {
  it('explains every code, with its status, in the words of the table, and no other', () => {
    const expected = problemCodes.map((code) => {
      const { status, title, explanation } = problemKinds[code];
      return { code, status, text: `${title}. ${explanation}` };
    });
    const byCode = (one: { code: string }, other: { code: string }) => (one.code < other.code ? -1 : 1);
    expect(readPage().toSorted(byCode)).toEqual(expected.toSorted(byCode));
  });

  it.each(problemCodes)('has the anchor that the type of %s points to', (code) => {
    expect(page).toContain(`<a id="${code}"></a>`);
  });
});

describe('problemOf', () => {
  it.each(problemCodes)('makes a body of the documented form for %s', (code) => {
    const problem = problemOf('https://carillon.example.com', {
      code,
      detail: 'What happened.',
      requestId: 'r-1',
      errors: [{ pointer: '/to/0', detail: 'is not known' }],
    });
    expect(isProblem(problem)).toBe(true);
    expect(problem.type).toBe(`https://carillon.example.com/docs/errors#${code}`);
  });

  it('leaves `errors` out when there are none', () => {
    const fields = { code: 'internal.error', detail: 'x', requestId: 'r-1', errors: [] } as const;
    expect(problemOf('http://localhost:8080', fields)).not.toHaveProperty('errors');
  });

  it('knows its own codes, and not what every object has', () => {
    expect(isProblemCode('user.not_found')).toBe(true);
    expect(isProblemCode('constructor')).toBe(false);
  });
});
