import { describe, expect, it } from '@jest/globals';
import { collections } from './collections.ts';
import { readQuery } from './read-query.ts';

const read = (source: Record<string, unknown>) => readQuery(source, 'admin').items;

describe('relations', () => {
  it('are filtered and sorted through, to the role of the user', () => {
    const items = read({
      filter: {
        recipient: { role: { name: { _eq: 'admin' } }, email: 'a@b' },
        sender: { id: { _eq: '$CURRENT_USER' } },
      },
      sort: 'recipient.role.name,-sender.email,sender.id',
    });
    expect(items.filter).toMatchObject({
      of: [
        {
          of: [
            { operand: { column: { of: 'recipient', field: 'role' } } },
            { operand: { column: { of: 'recipient', field: 'email' } } },
          ],
        },
        {
          operand: { column: { of: 'item', field: 'sender' } },
          test: { value: { relative: 'current_user' } },
        },
      ],
    });
    expect(items.sort).toEqual([
      { column: { of: 'recipient', field: 'role' }, descending: false },
      { column: { of: 'sender', field: 'email' }, descending: true },
      { column: { of: 'item', field: 'sender' }, descending: false },
    ]);
  });

  it.each([
    { fields: 'recipient.email', names: ['recipient'], inner: ['email'] },
    { fields: '*,recipient.id', names: [...collections.admin.fields.keys()], inner: ['id'] },
    { fields: 'recipient,recipient.id', names: ['recipient'], inner: ['id'] },
    {
      fields: 'recipient.*',
      names: ['recipient'],
      inner: [...(collections.admin.fields.get('recipient')?.end?.fields.keys() ?? [])],
    },
  ])('are expanded by $fields', ({ fields, names, inner }) => {
    const { selection } = read({ fields });
    expect(selection.map((one) => one.name)).toEqual(names);
    const recipient = selection.find((one) => one.name === 'recipient');
    expect(recipient).toMatchObject({ relation: 'recipient', fields: inner.map((name) => ({ name })) });
  });

  it('are all expanded by stars, further with each', () => {
    const [one, two] = [read({ fields: '*.*' }), read({ fields: '*.*.*' })];
    expect(one.selection.map(({ name }) => name)).toEqual([...collections.admin.fields.keys()]);
    expect(one.selection.flatMap((field) => ('relation' in field ? field.relation : []))).toEqual([
      'recipient',
      'sender',
    ]);
    const role = (items: typeof one) =>
      items.selection.flatMap((field) =>
        'relation' in field ? field.fields.filter(({ name }) => name === 'role') : [],
      );
    expect(role(one)[0]).toEqual({ name: 'role', field: 'role' });
    expect(role(two)[0]).toEqual({ name: 'role', field: 'role', keys: ['id', 'name'] });
  });

  it('are nothing where what deep says of them does not hold, under their aliases too', () => {
    const deep = {
      recipient: { _filter: { email: { _eq: 'a@b' } }, _limit: 3 },
      who: { _filter: { id: { _null: true } } },
      nope: 1,
    };
    const { selection } = read({
      fields: 'recipient.id,who.email,sender',
      alias: { who: 'sender' },
      deep: JSON.stringify(deep),
    });
    expect(selection).toMatchObject([
      {
        name: 'recipient',
        relation: 'recipient',
        filter: { operand: { column: { of: 'recipient', field: 'email' } } },
      },
      { name: 'who', relation: 'sender', filter: { operand: { column: { of: 'item', field: 'sender' } } } },
      { name: 'sender', field: 'sender' },
    ]);
  });
});

describe('functions and aliases', () => {
  it('have keys of their own', () => {
    const { selection } = read({
      fields: 'year(timestamp),t,h',
      alias: { t: 'subject', h: 'hour(timestamp)' },
    });
    expect(selection).toEqual([
      { name: 'timestamp_year', field: 'timestamp', part: 'year' },
      { name: 't', field: 'title' },
      { name: 'h', field: 'timestamp', part: 'hour' },
    ]);
    expect(read({ fields: '*', alias: { t: 'subject' } }).selection.map(({ name }) => name)).toEqual([
      ...collections.admin.fields.keys(),
      't',
    ]);
  });
});

describe('aggregates', () => {
  it('are read with their groups and orders; functions that do not exist are none', () => {
    const { aggregation, sort } = read({
      aggregate: { count: '*', countDistinct: 'status', sum: ['id'], countAll: '*', nope: 'x' },
      groupBy: ['status', 'month(timestamp)'],
      sort: '-count,timestamp_month,sum.id',
    });
    expect(sort).toEqual([]);
    expect(aggregation).toEqual({
      groups: [
        { name: 'status', field: 'status' },
        { name: 'timestamp_month', field: 'timestamp', part: 'month' },
      ],
      values: [
        { fn: 'count', field: undefined, path: ['count'] },
        { fn: 'count_distinct', field: 'status', path: ['countDistinct', 'status'] },
        { fn: 'sum', field: 'number', path: ['sum', 'id'] },
      ],
      sort: [
        { by: 'value', position: 0, descending: true },
        { by: 'group', position: 1, descending: false },
        { by: 'value', position: 2, descending: false },
      ],
    });
    expect(read({ aggregate: '{"countAll":"*"}' }).aggregation).toEqual({ groups: [], values: [], sort: [] });
    expect(read({ groupBy: 'status' }).aggregation).toMatchObject({
      groups: [{ name: 'status' }],
      values: [],
    });
  });
});
