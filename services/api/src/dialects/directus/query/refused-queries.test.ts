import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DirectusError } from '../errors.ts';
import { parseQueryText } from './query-text.ts';
import { readQuery } from './read-query.ts';

function refusal(
  source: Record<string, unknown> | string,
  caller: 'admin' | 'member' = 'admin',
): DirectusError {
  try {
    readQuery(typeof source === 'string' ? parseQueryText(source) : source, caller);
  } catch (error) {
    if (error instanceof DirectusError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** 200 for what is read; throws what is no refusal. */
function statusOf(run: () => unknown): number {
  try {
    run();
    return 200;
  } catch (error) {
    if (error instanceof DirectusError) return error.status;
    throw error;
  }
}

/** `_and` within `_and`, so many levels. */
function nested(levels: number): unknown {
  let filter: unknown = { status: 'inbox' };
  for (let level = 2; level < levels; level += 1) filter = { _and: [filter] };
  return filter;
}
const many = (count: number) => ({ _or: Array.from({ length: count }, (_, id) => ({ id })) });

describe('an invalid query', () => {
  it.each<{ source: Record<string, unknown> | string; reason: string }>([
    { source: 'filter=null', reason: '"filter" must be of type object' },
    { source: { filter: null }, reason: '"filter" must be of type object' },
    { source: { filter: 5 }, reason: '"filter" must be of type object' },
    { source: { filter: [{ status: 'x' }] }, reason: '"filter" must be of type object' },
    { source: 'filter={', reason: 'Invalid JSON for filter object' },
    { source: 'filter=abc', reason: 'Invalid JSON for filter object' },
    { source: 'aggregate={', reason: 'Invalid JSON for aggregate object' },
    { source: 'alias=x', reason: 'Invalid JSON for alias object' },
    { source: 'deep=x', reason: 'Invalid JSON for deep object' },
    { source: 'limit=-2', reason: '"limit" must be greater than or equal to -1' },
    { source: 'limit=abc', reason: '"limit" must be a number' },
    { source: { limit: [] }, reason: '"limit" must be a number' },
    { source: 'limit=1.5', reason: '"limit" must be an integer' },
    { source: 'limit=1e400', reason: '"limit" must be a safe number' },
    { source: 'page=-1', reason: '"page" must be greater than or equal to 0' },
    { source: 'offset=-1', reason: '"offset" must be greater than or equal to 0' },
    { source: 'meta=nope', reason: '"meta[0]" must be one of [total_count, filter_count]' },
    { source: 'meta=total_count,x', reason: '"meta[1]" must be one of [total_count, filter_count]' },
    { source: 'export=pdf', reason: '"export" must be one of [csv, csv_utf8, json, xml, yaml]' },
    { source: { filter: { id: { _in: [] } } }, reason: '"_in" has to be an array of values' },
    { source: { filter: { id: { _in: 5 } } }, reason: '"_in" has to be an array of values' },
    { source: { filter: { id: { _between: [1] } } }, reason: '"_between" has to be an array of two values' },
    { source: { filter: { id: { _eq: 'abc' } } }, reason: 'Invalid numeric value' },
    {
      source: { filter: { id: { _contains: 'a' } } },
      reason: '"integer" field type does not contain the "_contains" filter operator',
    },
    {
      source: { filter: { status: { _regex: 'a' } } },
      reason: '"string" field type does not contain the "_regex" filter operator',
    },
    { source: { filter: { _not: { status: 'x' } } }, reason: '"_not" is no filter operator without a field' },
    { source: { filter: { _and: { status: 'x' } } }, reason: '"_and" must be an array' },
    { source: { filter: { _or: ['x'] } }, reason: '"filter" must be of type object' },
    { source: { filter: { status: ['a'] } }, reason: '"filter" must be of type object' },
    {
      source: { filter: { status: { _icontains: null } } },
      reason: 'The filter value for "_icontains" has to be a string, number, or boolean',
    },
    { source: { filter: { status: { _null: 'maybe' } } }, reason: '"_null" has to be a boolean' },
    { source: { filter: nested(33) }, reason: 'A query must not be nested deeper than 32 levels' },
    { source: { filter: many(201) }, reason: 'A query must not have more than 200 conditions' },
    {
      source: {
        filter: many(150),
        fields: 'sender.id',
        deep: { sender: { _filter: { _or: Array(51).fill({ email: 'x' }) } } },
      },
      reason: 'A query must not have more than 200 conditions',
    },
    {
      source: `filter${'[_and][0]'.repeat(60)}[status]=x`,
      reason: 'A query must not be nested deeper than 32 levels nor have more than 1000 values',
    },
    {
      source: `a=1${'&a=1'.repeat(1_000)}`,
      reason: 'A query must not be nested deeper than 32 levels nor have more than 1000 values',
    },
    { source: { search: { a: 1 } }, reason: '"search" must be a string' },
    { source: { search: 'a\0' }, reason: 'A text must not contain the character NUL' },
    { source: { fields: [5] }, reason: '"fields" must be a string' },
    { source: { alias: { t: 5 } }, reason: '"alias.t" must be a string' },
    { source: { alias: { t: 'recipient.email' } }, reason: '"alias" must not contain a period' },
    {
      source: { alias: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`a${at}`, 'subject'])) },
      reason: '"alias" must not have more than 20 entries',
    },
    {
      source: { aggregate: { sum: 'subject' } },
      reason: '"sum" cannot be applied to the "string" field "subject"',
    },
    { source: { aggregate: { min: '*' } }, reason: '"min" needs the name of a field' },
    {
      source: { aggregate: { count: '*' }, groupBy: 'status', sort: 'subject' },
      reason: '"sort" can name "subject" only where "groupBy" does',
    },
  ])('says $reason', ({ source, reason }) => {
    const error = refusal(source);
    expect([error.status, error.problems]).toEqual([
      400,
      [{ message: `Invalid query. ${reason}.`, extensions: { reason, code: 'INVALID_QUERY' } }],
    ]);
  });

  it('is not one that stays within the bounds', () => {
    const levels = readQuery({ filter: nested(32) }, 'admin');
    const conditions = readQuery({ filter: many(200) }, 'admin');
    expect([levels.items.filter, conditions.items.filter]).toMatchObject([{ is: 'test' }, { is: 'some' }]);
  });
});

const notifications = 'collection "directus_notifications" or';

describe('a forbidden query', () => {
  it.each<{ source: Record<string, unknown>; caller?: 'member'; message: string }>([
    ...[{ fields: 'nope' }, { filter: { nope: { _eq: 1 } } }, { sort: '-nope' }, { groupBy: 'nope' }].map(
      (source) => ({
        source,
        message: `field "nope" in ${notifications} it does not exist. Queried in root`,
      }),
    ),
    {
      source: { aggregate: { count: 'nope' } },
      message: `field "nope" in ${notifications} it does not exist. Queried in root`,
    },
    {
      source: { fields: 'a,id', sort: 'b', filter: { a: 1 } },
      message: `fields "a", "b" in ${notifications} they do not exist. Queried in root`,
    },
    {
      source: { fields: '["id"]' },
      message: `field "["id"]" in ${notifications} it does not exist. Queried in root`,
    },
    {
      source: { fields: 'year(status)' },
      message: `field "year(status)" in ${notifications} it does not exist. Queried in root`,
    },
    {
      source: { fields: 'subject.x' },
      message: `field "subject.x" in ${notifications} it does not exist. Queried in root`,
    },
    {
      source: { sort: 'subject.x' },
      message: `field "subject.x" in ${notifications} it does not exist. Queried in root`,
    },
    {
      source: { fields: 'recipient.nope' },
      message: 'field "nope" in collection "directus_users" or it does not exist. Queried in "recipient"',
    },
    {
      source: { filter: { sender: { password_hash: 'x' } } },
      message:
        'field "password_hash" in collection "directus_users" or it does not exist. Queried in "sender"',
    },
    {
      source: { sort: 'recipient.role.nope' },
      message:
        'field "nope" in collection "directus_roles" or it does not exist. Queried in "recipient.role"',
    },
    ...['fields', 'sort'].map((name) => ({
      ...{ source: { [name]: 'recipient.token' }, caller: 'member' as const },
      message: 'field "token" in collection "directus_users" or it does not exist. Queried in "recipient"',
    })),
    {
      ...{ source: { filter: { sender: { email_notifications: true } } }, caller: 'member' as const },
      message:
        'field "email_notifications" in collection "directus_users" or it does not exist. Queried in "sender"',
    },
    ...['__proto__', 'constructor', 'hasOwnProperty'].map((name) => ({
      source: { fields: name, sort: name },
      message: `field "${name}" in ${notifications} it does not exist. Queried in root`,
    })),
  ])('names $message', ({ source, caller, message }) => {
    const error = refusal(source, caller);
    const reason = `You don't have permission to access ${message}.`;
    expect([error.status, error.problems]).toEqual([
      403,
      [{ message: reason, extensions: { reason, code: 'FORBIDDEN' } }],
    ]);
  });

  it('quotes no more of a name than fits', () => {
    expect(refusal({ fields: 'x'.repeat(5_000) }).message.length).toBeLessThan(500);
    const names = Array.from({ length: 900 }, (_, at) => `f${at}`).join(',');
    expect(refusal({ fields: names }).message.length).toBeLessThan(500);
  });
});

describe('any query', () => {
  const names = fc.constantFrom(
    'filter',
    'fields',
    'sort',
    'search',
    'limit',
    'offset',
    'page',
    'meta',
    'aggregate',
    'groupBy',
    'alias',
    'deep',
    'export',
    'version',
  );
  const hostile = fc.constantFrom<unknown>(
    ...[
      "'",
      '$1',
      "';--",
      '__proto__',
      'constructor',
      '"',
      '\\',
      '%',
      '*',
      '.',
      '..',
      '-',
      '*.*.*.*',
      'year(timestamp)',
      '$NOW',
      '_and',
      'id',
      'recipient.id',
    ],
    ...[
      null,
      true,
      5,
      -1,
      Number.NaN,
      [],
      {},
      [[[[]]]],
      { _and: [{ _or: [{}] }] },
      { status: { _eq: {} } },
      { recipient: { _filter: { id: { _in: [null] } } } },
    ],
    JSON.parse('{"__proto__":{"status":"x"},"constructor":{"prototype":{}}}'),
  );

  it('is read or refused in Directus’ shape, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(hostile, fc.json(), fc.array(hostile, { maxLength: 3 }))),
        (source) => {
          expect([200, 400, 403]).toContain(statusOf(() => readQuery(source, 'member')));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('of a URL too', () => {
    const piece = fc.constantFrom(
      'filter',
      'fields',
      'sort',
      '[',
      ']',
      '[]',
      '=',
      '&',
      '%',
      '%00',
      '%ff',
      '__proto__',
      '_eq',
      'status',
      '.',
      ',',
      '*',
      '[0]',
      '[_and]',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const status = statusOf(() => readQuery(parseQueryText(pieces.join('')), 'admin'));
        expect([200, 400, 403]).toContain(status);
      }),
      { numRuns: 3_000 },
    );
    expect(Object.hasOwn(Object.prototype, 'status')).toBe(false);
  });
});
