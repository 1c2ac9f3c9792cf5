import { describe, expect, it } from '@jest/globals';
import { readListQuery, readWatchQuery } from './query.ts';
import { CoderRefusal } from './refusal.ts';

const one = 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a';
const two = 'f047f6a3-5713-40f7-85aa-0394cce9fa3a';
const nothing = { targets: [], templates: [], readStatus: 'all' };
const list = { ...nothing, startingBefore: undefined };
const watch = { ...nothing, plaintext: false };

/** What is answered, or what was read. */
function outcome(read: (query: URLSearchParams) => unknown, text: string): unknown {
  try {
    return read(new URLSearchParams(text));
  } catch (error) {
    if (error instanceof CoderRefusal) return error.body;
    throw error;
  }
}

function wrong(...validations: [field: string, detail: string][]) {
  return {
    message: 'Query parameters have invalid values.',
    validations: validations.map(([field, detail]) => ({ field, detail })),
  };
}

describe('the query of a list', () => {
  it.each<{ name: string; query: string; becomes: unknown }>([
    { name: 'nothing', query: '', becomes: list },
    {
      name: 'empty parameters, which count as absent',
      query: 'targets=&templates=&starting_before=&read_status=',
      becomes: list,
    },
    {
      name: 'lists with blanks',
      query: `targets=${one},+${two}+`,
      becomes: { ...list, targets: [one, two] },
    },
    {
      name: 'ids in other forms',
      query: `templates={${one.toUpperCase()}}&starting_before=urn:uuid:${two}`,
      becomes: { ...list, templates: [one], startingBefore: two },
    },
    { name: 'a read status', query: 'read_status=unread', becomes: { ...list, readStatus: 'unread' } },
    {
      name: 'credentials, which are no parameters',
      query: 'coder_session_token=x&access_token=y',
      becomes: list,
    },
    {
      name: 'only the wrong ones of a list',
      query: `targets=a,${one},,b`,
      becomes: wrong(['targets', 'Query param "targets" has invalid values: a,,b']),
    },
    {
      name: 'the parameter of a watch, which is none',
      query: 'format=plaintext',
      becomes: wrong(['format', 'Query param "format" is not a valid query param']),
    },
    {
      name: 'a parameter twice, of which the first counts',
      query: `starting_before=${one}&starting_before=x`,
      becomes: { ...list, startingBefore: one },
    },
    {
      name: 'a name that every object has',
      query: '__proto__=1&constructor=2',
      becomes: wrong(
        ['__proto__', 'Query param "__proto__" is not a valid query param'],
        ['constructor', 'Query param "constructor" is not a valid query param'],
      ),
    },
    {
      name: 'everything that is wrong at once',
      query: 'x=1&targets=a&templates=b&starting_before=c&read_status=d',
      becomes: wrong(
        ['x', 'Query param "x" is not a valid query param'],
        ['targets', 'Query param "targets" has invalid values: a'],
        ['templates', 'Query param "templates" has invalid values: b'],
        ['starting_before', 'Query param "starting_before" must be a valid uuid'],
      ),
    },
    {
      name: 'a read status in capitals, in words that name another parameter',
      query: 'read_status=ALL',
      becomes: { message: "starting_before query parameter should be any of 'all', 'read', 'unread'." },
    },
  ])('is understood: $name', ({ query, becomes }) => {
    expect(outcome(readListQuery, query)).toEqual(becomes);
  });

  it('tells no more of a wrong value than fits on a screen', () => {
    const told = outcome(readListQuery, `targets=${'x'.repeat(10_000)}`) as ReturnType<typeof wrong>;
    expect(told.validations[0]?.detail.length).toBe(500);
  });
});

describe('the query of a watch', () => {
  it.each<{ name: string; query: string; becomes: unknown }>([
    { name: 'nothing', query: '', becomes: watch },
    { name: 'plain text', query: 'format=plaintext', becomes: { ...watch, plaintext: true } },
    { name: 'Markdown', query: 'format=markdown', becomes: watch },
    { name: 'a format that is none', query: 'format=html', becomes: watch },
    {
      name: 'a row to begin at, which is none of its parameters',
      query: `starting_before=${one}`,
      becomes: wrong(['starting_before', 'Query param "starting_before" is not a valid query param']),
    },
    {
      name: 'everything that VS Code sends',
      query: `format=plaintext&templates=${one},${two}&targets=${one}`,
      becomes: { ...watch, plaintext: true, templates: [one, two], targets: [one] },
    },
  ])('is understood: $name', ({ query, becomes }) => {
    expect(outcome(readWatchQuery, query)).toEqual(becomes);
  });
});
