import { describe, expect, it } from '@jest/globals';
import { readQuery } from './query/read-query.ts';
import { shapeAggregate, shapeRows } from './shape.ts';

const at = new Date('2026-01-02T03:04:05.000Z');

describe('rows', () => {
  it('have the keys that were asked for in their order, instants with milliseconds', () => {
    const { items } = readQuery({ fields: 'subject,id,timestamp,year(timestamp),message' }, 'admin');
    const rows = shapeRows(items, [{ number: 1, cells: ['Hi', 1, at, '2026', null] }]);
    expect(JSON.stringify(rows)).toBe(
      '[{"subject":"Hi","id":1,"timestamp":"2026-01-02T03:04:05.000Z","timestamp_year":"2026","message":null}]',
    );
  });

  it('have users as objects, roles within them too, and null where there is none', () => {
    const { items } = readQuery(
      { fields: 'recipient.email,recipient.role.name,sender.role.id,sender.id' },
      'admin',
    );
    const rows = shapeRows(items, [
      { number: 1, cells: [['a@b', 'admin'], null] },
      { number: 2, cells: [null, [null, 'u']] },
    ]);
    expect(rows).toEqual([
      { recipient: { email: 'a@b', role: { name: 'admin' } }, sender: null },
      { recipient: null, sender: { role: null, id: 'u' } },
    ]);
  });

  it('take any alias as a mere name', () => {
    const alias: unknown = JSON.parse('{"__proto__":"subject","constructor":"status"}');
    const { items } = readQuery({ fields: 'id,__proto__,constructor', alias }, 'admin');
    const rows = shapeRows(items, [{ number: 1, cells: [1, 'Hi', 'inbox'] }]);
    expect(JSON.stringify(rows)).toBe('[{"id":1,"__proto__":"Hi","constructor":"inbox"}]');
  });
});

describe('aggregates', () => {
  const shaped = (aggregate: object, groupBy: string[], groups: unknown[], values: unknown[]) => {
    const { aggregation } = readQuery({ aggregate, groupBy }, 'admin').items;
    if (aggregation === undefined) throw new Error('no aggregation was read');
    return shapeAggregate(aggregation, [{ groups: groups as string[], values: values as string[] }]);
  };

  it.each<{ name: string; args: Parameters<typeof shaped>; expected: object }>([
    { name: 'count rows', args: [{ count: '*' }, [], [], ['6']], expected: { count: '6' } },
    {
      name: 'count what is in fields',
      args: [{ count: ['id', 'sender'] }, [], [], ['6', '3']],
      expected: { count: { id: '6', sender: '3' } },
    },
    {
      name: 'come after their groups',
      args: [{ max: 'timestamp', count: '*' }, ['status', 'month(timestamp)'], [null, '1'], [at, '2']],
      expected: { status: null, timestamp_month: '1', max: { timestamp: at.toISOString() }, count: '2' },
    },
    {
      name: 'are nothing where only unknown functions are asked for',
      args: [{ countAll: '*' }, [], [], []],
      expected: {},
    },
  ])('$name', ({ args, expected }) => {
    expect(JSON.stringify(shaped(...args))).toBe(JSON.stringify([expected]));
  });
});
