import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, parse } from 'graphql';
import { runSql } from '@carillon/testkit';
import { setGraphqlStage, type GraphqlStage } from '../../../../test/graphql-stage.ts';
import { rowsMax } from '../query/read-query.ts';
import {
  aliasesMax,
  checkSize,
  checkText,
  depthMax,
  operationsMax,
  selectionsMax,
  tokensMax,
} from './limits.ts';

const many = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');
const nested = (levels: number) => '{ a '.repeat(levels) + '}'.repeat(levels);
const aliased = (count: number) => `{ ${many(count, (at) => `a${at}: __typename`)} }`;
const plain = (count: number) => `{ ${'id '.repeat(count)} }`;
const operations = (count: number) => many(count, (at) => `query Q${at} { a }`);
/** Spreads that double at each of so many levels. */
const doubling = (levels: number) =>
  `{ ...F0 } ${many(levels, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F${levels} on Query { id }`;
const inFragment = (text: string) => `{ ...F } fragment F on Query ${text}`;
const below = (text: string) => `{ a { ...F } } fragment F on Query ${text}`;

function refusalOf(text: string): string | undefined {
  try {
    checkText(text);
    checkSize(parse(text));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a document', () => {
  it.each([
    {
      name: `${depthMax} levels`,
      text: nested(depthMax),
      more: nested(depthMax + 1),
      things: `deeper than ${depthMax} fields`,
    },
    {
      name: `${depthMax} levels with a fragment`,
      text: inFragment(nested(depthMax)),
      more: inFragment(nested(depthMax + 1)),
      things: `deeper than ${depthMax} fields`,
    },
    {
      name: `${depthMax} levels with a fragment within`,
      text: below(nested(depthMax - 1)),
      more: below(nested(depthMax)),
      things: `deeper than ${depthMax} fields`,
    },
    {
      name: `${aliasesMax} aliases`,
      text: aliased(aliasesMax),
      more: aliased(aliasesMax + 1),
      things: `${aliasesMax} aliases`,
    },
    {
      name: `${aliasesMax} aliases in places of a fragment`,
      text: `{ a { ...F } b { ...F } } fragment F on Query ${aliased(aliasesMax / 2)}`,
      more: `{ a { ...F } b { ...F } } fragment F on Query ${aliased(aliasesMax / 2 + 1)}`,
      things: `${aliasesMax} aliases`,
    },
    {
      name: `${selectionsMax} fields`,
      text: plain(selectionsMax),
      more: plain(selectionsMax + 1),
      things: `${selectionsMax} fields`,
    },
    {
      name: `${selectionsMax} fields of a fragment that is not used`,
      text: `{ id } fragment F on Query ${plain(selectionsMax)}`,
      more: `{ id } fragment F on Query ${plain(selectionsMax + 1)}`,
      things: `${selectionsMax} fields`,
    },
    {
      name: 'fragments that double',
      text: doubling(7),
      more: doubling(40),
      things: `${selectionsMax} fields`,
    },
    {
      name: `${operationsMax} operations`,
      text: operations(operationsMax),
      more: operations(operationsMax + 1),
      things: `${operationsMax} operations`,
    },
    {
      name: `${tokensMax} tokens`,
      text: `{ a(b: [${'1 '.repeat(tokensMax - 9)}]) }`,
      more: `{ a(b: [${'1 '.repeat(tokensMax - 7)}]) }`,
      things: `${tokensMax} tokens`,
    },
    {
      name: '100 brackets',
      text: `{ a(b: ${'['.repeat(98)}${']'.repeat(98)}) }`,
      more: `{ a(b: ${'['.repeat(99)}${']'.repeat(99)}) }`,
      things: 'deeper than 100 brackets',
    },
  ])('may have $name and no more', ({ text, more, things }) => {
    expect(refusalOf(text)).toBeUndefined();
    expect(refusalOf(more)).toContain(things);
  });

  it('may be the one by which tools read the schema', () => {
    expect(
      refusalOf(
        getIntrospectionQuery({
          specifiedByUrl: true,
          directiveIsRepeatable: true,
          inputValueDeprecation: true,
          oneOf: true,
        }),
      ),
    ).toBeUndefined();
  });

  it('with fragments in a circle is left to validation', () => {
    expect(
      refusalOf('{ ...A } fragment A on Query { a { ...B } } fragment B on Query { ...A }'),
    ).toBeUndefined();
  });
});

describe('a request', () => {
  let stage: GraphqlStage;
  beforeAll(async () => {
    stage = await setGraphqlStage();
  });
  afterAll(() => stage.stop());

  it.each([
    { name: 'more levels', query: nested(depthMax + 1) },
    { name: 'more aliases', query: aliased(aliasesMax + 1) },
    { name: 'more operations in a document', query: operations(operationsMax + 1) },
    { name: 'brackets for which a stack is too small', query: `{ a(b: ${'['.repeat(400_000)}` },
    { name: 'fields for which a stack is too small', query: '{a'.repeat(400_000) },
    {
      name: 'introspection in a circle',
      query: `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
    },
  ])('with $name than allowed is refused with 400', async ({ query }) => {
    const { status, body } = await stage.ask(query, { as: stage.member });
    expect({ status, code: body.errors[0].extensions.code }).toEqual({
      status: 400,
      code: 'GRAPHQL_VALIDATION',
    });
    expect(body.errors[0].extensions.errors).not.toEqual([]);
  });

  it('with more operations in a batch is refused with 400, and none of them happens', async () => {
    const id = await stage.notify(stage.member);
    const query = `mutation { update_notifications_item(id: ${id}, data: { status: "archived" }) { id } }`;
    const send = (count: number) =>
      stage.send('POST', '/graphql/system', {
        as: stage.admin,
        body: Array.from({ length: count }, () => ({ query })),
      });
    const statusOf = async () =>
      (await stage.ask(`{ notifications_by_id(id: ${id}) { status } }`, { as: stage.admin })).body.data;
    const { status, body } = await send(operationsMax + 1);
    expect({ status, message: body.errors[0].message }).toEqual({
      ...{ status: 400, message: 'Invalid payload. A batch must not have more than 10 operations.' },
    });
    expect(await statusOf()).toEqual({ notifications_by_id: { status: 'inbox' } });
    expect((await send(operationsMax)).body).toHaveLength(operationsMax);
    expect(await statusOf()).toEqual({ notifications_by_id: { status: 'archived' } });
  });

  it('with one operation that is refused does nothing of the others', async () => {
    const id = await stage.notify(stage.member);
    const body = [
      { query: `mutation { delete_notifications_item(id: ${id}) { id } }` },
      { query: '{ nope }' },
    ];
    const { status, body: told } = await stage.send('POST', '/graphql/system', { as: stage.admin, body });
    expect({ status, code: told.errors[0].extensions.code }).toEqual({
      status: 400,
      code: 'GRAPHQL_VALIDATION',
    });
    const read = await stage.ask(`{ notifications_by_id(id: ${id}) { id } }`, { as: stage.admin });
    expect(read.body).toEqual({ data: { notifications_by_id: { id: String(id) } } });
  });

  it(`reads no more than ${rowsMax} rows in all its lists`, async () => {
    const id = await stage.notify(stage.other);
    await runSql(stage.api.databaseUrl, copiesOf(id, 6_000));
    const { body } = await stage.ask(
      '{ a: notifications(limit: -1) { id } b: notifications(limit: -1) { id } c: notifications(limit: 5) { id } }',
      { as: stage.other },
    );
    expect(body.data).toBeUndefined();
    expect(body.errors[0]).toMatchObject({
      path: ['b'],
      extensions: { reason: `One request may read and write ${rowsMax} items in all` },
    });
    const alone = await stage.ask('{ notifications(limit: -1) { id } }', { as: stage.other });
    expect(alone.body.data.notifications.length).toBeGreaterThan(6_000);
  });
});

/** Many more notifications like one. */
function copiesOf(number: number, count: number): string {
  return `
    create temp table copies as select n.* from notifications n where n.number = ${number};
    insert into notifications select (jsonb_populate_record(c, jsonb_build_object(
      'id', gen_random_uuid(), 'number', 100000 + i))).* from copies c, generate_series(1, ${count}) i`;
}
