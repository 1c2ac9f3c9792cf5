import { describe, expect, it } from '@jest/globals';
import { DirectusError, forbiddenCollection } from '../errors.ts';
import type { FieldType } from './collections.ts';
import { listOperators } from './operators.ts';
import { parseQueryText } from './query-text.ts';
import { readQuery } from './read-query.ts';

const read = (source: Record<string, unknown>, caller: 'admin' | 'member' = 'admin') =>
  readQuery(source, caller).items;
const readText = (text: string) => readQuery(parseQueryText(text), 'admin').items;
const ofItem = (field: string) => ({ column: { of: 'item', field } });
const test = (field: string, test: object) => ({ is: 'test', operand: ofItem(field), test });

function refusal(run: () => unknown): DirectusError {
  try {
    run();
  } catch (error) {
    if (error instanceof DirectusError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a query of a URL, of a body and of a socket', () => {
  const filter = { _and: [{ status: { _eq: 'inbox' } }, { id: { _in: [1, 2] } }] };
  const expected = {
    is: 'every',
    of: [test('status', { op: 'equals', value: 'inbox' }), test('number', { op: 'one_of', values: [1, 2] })],
  };

  it.each<{ name: string; source: Record<string, unknown> }>([
    { name: 'JSON in a text', source: { filter: JSON.stringify(filter) } },
    { name: 'native objects', source: { filter } },
    {
      name: 'brackets',
      source: parseQueryText(
        'filter[_and][0][status][_eq]=inbox&filter[_and][1][id][_in][]=1&filter[_and][1][id][_in][]=2',
      ),
    },
    {
      name: 'brackets with positions and commas',
      source: parseQueryText('filter%5B_and%5D%5B0%5D%5Bstatus%5D=inbox&filter[_and][1][id][_in]=1,2'),
    },
    { name: 'several keys of one object', source: { filter: { status: 'inbox', id: { _in: '1,2' } } } },
  ])('may say a filter as $name', ({ source }) => {
    expect(read(source).filter).toEqual(expected);
  });

  it.each<{ name: string; source: Record<string, unknown> }>([
    { name: 'commas', source: parseQueryText('fields=id,subject&sort=-id,subject&limit=5&meta=total_count') },
    {
      name: 'brackets',
      source: parseQueryText(
        'fields[]=id&fields[]=subject&sort[]=-id&sort[]=subject&limit=5&meta[]=total_count',
      ),
    },
    {
      name: 'repetition',
      source: parseQueryText('fields=id&fields=subject&sort=-id&sort=subject&limit=5&meta=total_count'),
    },
    {
      name: 'arrays',
      source: { fields: ['id', 'subject'], sort: ['-id', 'subject'], limit: 5, meta: ['total_count'] },
    },
    {
      name: 'texts',
      source: { fields: 'id, subject', sort: '-id,subject', limit: '5', meta: 'total_count' },
    },
  ])('may say lists as $name', ({ source }) => {
    expect(read(source)).toMatchObject({
      selection: [
        { name: 'id', field: 'number' },
        { name: 'subject', field: 'title' },
      ],
      sort: [
        { ...ofItem('number'), descending: true },
        { ...ofItem('title'), descending: false },
      ],
      ...{ limit: 5, counts: { total: true, filtered: false } },
    });
  });

  it('takes each bracket form of aggregates, groups and aliases', () => {
    const text = 'aggregate[count]=*&groupBy[]=status&alias[t]=subject&fields=id,t';
    expect(readText(text)).toEqual(
      read({ aggregate: '{"count":"*"}', groupBy: 'status', alias: '{"t":"subject"}', fields: ['id', 't'] }),
    );
  });
});

describe('a query that says nothing', () => {
  it('asks for every field of the first hundred', () => {
    expect(read({})).toMatchObject({
      selection: [
        'id',
        'timestamp',
        'status',
        'recipient',
        'sender',
        'subject',
        'message',
        'collection',
        'item',
      ].map((name) => ({ name })),
      ...{ filter: undefined, search: undefined, sort: [], limit: 100, offset: 0, numbers: undefined },
      ...{ counts: { total: false, filtered: false }, aggregation: undefined },
    });
  });

  it.each([
    '',
    'filter=&search=&sort=&fields=&meta=&aggregate=&groupBy=&alias=&deep=&export=',
    'filter[]',
    'nope=1',
  ])('is also %j', (text) => {
    const source = text === 'filter[]' ? { filter: [] } : parseQueryText(text);
    expect(read(source)).toEqual(read({}));
  });

  it('has no rows where a version is asked for', () => {
    expect(read({ version: 'draft' }).limit).toBe(0);
  });
});

describe('paging', () => {
  it.each([
    { text: 'limit=-1', expected: { limit: 10_000, offset: 0 } },
    { text: 'limit=99999', expected: { limit: 10_000, offset: 0 } },
    { text: 'limit=0', expected: { limit: 0, offset: 0 } },
    { text: 'limit=', expected: { limit: 0, offset: 0 } },
    { text: 'limit=10&offset=7', expected: { limit: 10, offset: 7 } },
    { text: 'limit=10&offset=7&page=3', expected: { limit: 10, offset: 20 } },
    { text: 'page=0&offset=7', expected: { limit: 100, offset: 7 } },
    { text: 'limit=-1&page=3', expected: { limit: 10_000, offset: 0 } },
    { text: 'limit=10&page=9007199254740991', expected: { limit: 10, offset: Number.MAX_SAFE_INTEGER } },
  ])('of $text', ({ text, expected }) => {
    expect(readText(text)).toMatchObject(expected);
  });

  it('has the limits of whoever reads it', () => {
    const { items } = readQuery({}, 'admin', { limitDefault: -1, limitMax: 10_001, numbers: [3] });
    expect(items).toMatchObject({ limit: 10_001, numbers: [3] });
  });
});

describe('values', () => {
  const uuid = '5F0C1D5A-7B63-4B4B-8E07-0123456789AB';
  it.each<{ field: string; given: unknown; value: unknown }>([
    { field: 'id', given: '42', value: 42 },
    { field: 'id', given: 42, value: 42 },
    { field: 'subject', given: 5, value: '5' },
    { field: 'subject', given: true, value: 'true' },
    { field: 'timestamp', given: '2026-01-02', value: new Date('2026-01-02T00:00:00Z') },
    { field: 'timestamp', given: '2026-01-02T03:04', value: new Date('2026-01-02T03:04:00Z') },
    {
      field: 'timestamp',
      given: '2026-01-02T03:04:05.678+02:00',
      value: new Date('2026-01-02T01:04:05.678Z'),
    },
    { field: 'timestamp', given: '2026-01-02 03:04:05', value: new Date('2026-01-02T03:04:05Z') },
    { field: 'timestamp', given: '$NOW', value: { relative: 'now', amount: 0, unit: 'second' } },
    { field: 'timestamp', given: '$NOW(-1 day)', value: { relative: 'now', amount: -1, unit: 'day' } },
    { field: 'timestamp', given: '$NOW(+2 months)', value: { relative: 'now', amount: 2, unit: 'month' } },
    { field: 'timestamp', given: '$NOW( 90 min)', value: { relative: 'now', amount: 90, unit: 'minute' } },
    {
      field: 'timestamp',
      given: '$NOW(-500 ms)',
      value: { relative: 'now', amount: -500, unit: 'millisecond' },
    },
    { field: 'timestamp', given: '$NOW(3 hours)', value: { relative: 'now', amount: 3, unit: 'hour' } },
    { field: 'recipient', given: uuid, value: uuid.toLowerCase() },
    { field: 'sender', given: '$CURRENT_USER', value: { relative: 'current_user' } },
    { field: 'year(timestamp)', given: '2026', value: 2026 },
  ])('of $field from $given', ({ field, given, value }) => {
    const [compared, direct] = [
      read({ filter: { [field]: { _eq: given } } }),
      read({ filter: { [field]: given } }),
    ];
    expect(compared.filter).toMatchObject({ is: 'test', test: { op: 'equals', value } });
    expect(direct).toEqual(compared);
  });

  it.each([
    { field: 'id', given: 'abc', reason: 'Invalid numeric value' },
    { field: 'id', given: '1.5', reason: 'Invalid numeric value' },
    { field: 'id', given: '', reason: 'Invalid numeric value' },
    { field: 'id', given: '99999999999999999999', reason: 'Invalid numeric value' },
    { field: 'hour(timestamp)', given: 'noon', reason: 'Invalid numeric value' },
    { field: 'timestamp', given: 'yesterday', reason: 'Invalid timestamp value' },
    { field: 'timestamp', given: '2026-02-30', reason: 'Invalid timestamp value' },
    { field: 'timestamp', given: '2026-01-01T24:61', reason: 'Invalid timestamp value' },
    { field: 'timestamp', given: '$NOW(-1 fortnight)', reason: 'Invalid timestamp value' },
    { field: 'timestamp', given: '$NOW(+999999 years)', reason: 'Invalid timestamp value' },
    { field: 'timestamp', given: '$NOW(1 constructor)', reason: 'Invalid timestamp value' },
    { field: 'recipient', given: 'not-a-uuid', reason: 'Invalid UUID value' },
    { field: 'sender', given: "1' or '1'='1", reason: 'Invalid UUID value' },
    { field: 'subject', given: 'a\0b', reason: 'A text must not contain the character NUL' },
  ])('of $field cannot be $given', ({ field, given, reason }) => {
    const error = refusal(() => read({ filter: { [field]: { _neq: given } } }));
    expect([error.status, error.problems]).toEqual([
      400,
      [{ message: `Invalid query. ${reason}.`, extensions: { reason, code: 'INVALID_QUERY' } }],
    ]);
  });
});

describe('operators', () => {
  const sampleFields: Record<Exclude<FieldType, 'json' | 'boolean' | 'hash'>, string> = {
    ...{ string: 'status', text: 'message', integer: 'id', timestamp: 'timestamp', uuid: 'recipient' },
  };
  const personFields = { json: 'tags', boolean: 'email_notifications', hash: 'password' };
  const values: Record<FieldType, string> = {
    ...{
      string: 'x',
      text: 'x',
      integer: '1',
      timestamp: '2026-01-01',
      json: 'x',
      boolean: 'true',
      hash: 'x',
    },
    uuid: '5f0c1d5a-7b63-4b4b-8e07-0123456789ab',
  };
  const flags = new Set(['_null', '_nnull', '_empty', '_nempty']);
  const given = (operator: string, type: FieldType): unknown => {
    if (flags.has(operator)) return true;
    return operator.endsWith('between') ? [values[type], values[type]] : values[type];
  };
  const asFilter = (type: FieldType, about: object) =>
    type in personFields
      ? { recipient: { [personFields[type as 'json']]: about } }
      : { [sampleFields[type as 'text']]: about };
  const rows = listOperators().flatMap(({ name, types }) =>
    Object.keys(values).map((type) => ({ name, type: type as FieldType, has: types.has(type as FieldType) })),
  );

  it.each(rows.filter((row) => row.has))('$type has $name', ({ name, type }) => {
    expect(read({ filter: asFilter(type, { [name]: given(name, type) }) }).filter).toMatchObject({
      is: 'test',
    });
  });

  it.each(rows.filter((row) => !row.has))('$type does not have $name', ({ name, type }) => {
    const error = refusal(() => read({ filter: asFilter(type, { [name]: given(name, type) }) }));
    const reason = `"${type}" field type does not contain the "${name}" filter operator`;
    expect(error.problems).toEqual([
      { message: `Invalid query. ${reason}.`, extensions: { reason, code: 'INVALID_QUERY' } },
    ]);
  });

  it.each([
    { about: { _null: true }, test: { op: 'absent', holds: true } },
    { about: { _null: 'false' }, test: { op: 'absent', holds: false } },
    { about: { _nnull: true }, test: { op: 'absent', holds: false } },
    { about: { _nempty: '' }, test: { op: 'empty', holds: false } },
    { about: { _eq: null }, test: { op: 'absent', holds: true } },
    { about: { _neq: null }, test: { op: 'absent', holds: false } },
    { about: null, test: { op: 'absent', holds: true } },
    { about: { _niends_with: 'X' }, test: { op: 'unlike', at: 'end', ignoreCase: true, text: 'X' } },
    { about: { _starts_with: 5 }, test: { op: 'like', at: 'start', ignoreCase: false, text: '5' } },
    { about: { _nin: 'a, b' }, test: { op: 'none_of', values: ['a', 'b'] } },
  ])('mean the same everywhere: $about', ({ about, test: expected }) => {
    expect(read({ filter: { status: about } }).filter).toEqual(test('status', expected));
  });

  it('are joined where several stand in one place, and a part that asks for nothing is none', () => {
    const filter = { id: { _gt: 1, _or: [{ _lt: 9 }, { _eq: 12 }] }, _and: [], _or: [{}] };
    expect(read({ filter }).filter).toEqual({
      is: 'every',
      of: [
        test('number', { op: 'greater', value: 1 }),
        {
          is: 'some',
          of: [test('number', { op: 'less', value: 9 }), test('number', { op: 'equals', value: 12 })],
        },
      ],
    });
    expect(read({ filter: { _and: [{ _or: [] }] } }).filter).toBeUndefined();
  });
});

describe('a caller without rights', () => {
  it('learns nothing about fields and values', () => {
    const error = refusal(() => readQuery({ limit: 'abc', fields: 'nope' }, 'none'));
    expect(error.problems).toEqual(forbiddenCollection().problems);
  });
});
