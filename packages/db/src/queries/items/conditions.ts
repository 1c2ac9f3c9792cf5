import { sql, type RawBuilder } from 'kysely';
import {
  resolveItemValue,
  type ItemCondition,
  type ItemPattern,
  type ItemSearch,
  type ItemTest,
  type ItemValue,
  type Moment,
} from '@carillon/core';
import { columnOf, type Column, type ColumnType } from './columns.ts';

/** A tree as one SQL expression. Whatever stands in it is bound; columns come from the table of columns alone. */
export function conditionOf(condition: ItemCondition, moment: Moment): RawBuilder<unknown> {
  if (condition.is === 'test') {
    const { column, part } = condition.operand;
    return testOf(columnOf(column, part), condition.test, moment);
  }
  const all = condition.of.map((one) => sql`(${conditionOf(one, moment)})`);
  if (all.length === 0) return sql`true`;
  return sql.join(all, condition.is === 'every' ? sql` and ` : sql` or `);
}

const comparators = {
  ...{ equals: sql`=`, differs: sql`<>`, less: sql`<`, at_most: sql`<=`, greater: sql`>`, at_least: sql`>=` },
} as const;

function testOf({ read, type }: Column, test: ItemTest, moment: Moment): RawBuilder<unknown> {
  const bind = (value: ItemValue) => typed(resolveItemValue(value, moment), type);
  const list = (values: readonly ItemValue[]) =>
    typed(
      values.map((value) => resolveItemValue(value, moment)),
      `${type}[]`,
    );
  switch (test.op) {
    case 'one_of':
      return sql`${read} = any(${list(test.values)})`;
    case 'none_of':
      return sql`${read} is not null and ${read} <> all(${list(test.values)})`;
    case 'between':
      return sql`${read} between ${bind(test.from)} and ${bind(test.to)}`;
    case 'not_between':
      return sql`${read} not between ${bind(test.from)} and ${bind(test.to)}`;
    case 'absent':
      return test.holds ? sql`${read} is null` : sql`${read} is not null`;
    case 'empty':
      return test.holds ? sql`coalesce(${read}, '') = ''` : sql`${read} <> ''`;
    case 'like':
    case 'unlike':
      return patternOf(read, test);
    default:
      return sql`${read} ${comparators[test.op]} ${bind(test.value)}`;
  }
}

/** The type is said, so that no value is taken for another type than the column's. */
function typed(value: unknown, type: ColumnType | `${ColumnType}[]`): RawBuilder<unknown> {
  return sql`${value}::${casts[type]}`;
}

const casts: Readonly<Record<ColumnType | `${ColumnType}[]`, RawBuilder<unknown>>> = {
  ...{ bigint: sql`bigint`, 'bigint[]': sql`bigint[]`, int: sql`bigint`, 'int[]': sql`bigint[]` },
  ...{ timestamptz: sql`timestamptz`, 'timestamptz[]': sql`timestamptz[]` },
  ...{ uuid: sql`uuid`, 'uuid[]': sql`uuid[]`, text: sql`text`, 'text[]': sql`text[]` },
  ...{ boolean: sql`boolean`, 'boolean[]': sql`boolean[]`, jsonb: sql`jsonb`, 'jsonb[]': sql`jsonb[]` },
};

/** Without an escape character: a backslash at the end of a text would else be an error. */
function patternOf(
  read: RawBuilder<unknown>,
  { op, at, text, ignoreCase }: ItemPattern,
): RawBuilder<unknown> {
  const pattern = { anywhere: `%${text}%`, start: `${text}%`, end: `%${text}` }[at];
  const word = ignoreCase ? sql`ilike` : sql`like`;
  return sql`${read} ${op === 'unlike' ? sql`not ${word}` : word} ${pattern}::text escape ''`;
}

const searched = ['status', 'title', 'body', 'collection', 'item'] as const;

/** What a reader would look for: in any text, in any case. */
export function searchOf({ text, number, userId }: ItemSearch): RawBuilder<unknown> {
  const within = { op: 'like', at: 'anywhere', text, ignoreCase: true } as const;
  const hits = searched.map((field) => patternOf(columnOf({ of: 'item', field }).read, within));
  if (number !== undefined) hits.push(sql`n.number = ${number}::bigint`);
  if (userId !== undefined)
    hits.push(sql`n.recipient_id = ${userId}::uuid`, sql`n.sender_id = ${userId}::uuid`);
  return sql`(${sql.join(hits, sql` or `)})`;
}
