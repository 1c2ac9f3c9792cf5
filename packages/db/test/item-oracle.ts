import {
  resolveItemValue,
  type DatePart,
  type ItemCondition,
  type ItemField,
  type ItemOperand,
  type ItemPattern,
  type ItemSearch,
  type ItemTest,
  type Moment,
  type PersonField,
} from '@carillon/core';

type Plain = string | number | boolean | Date | null;

/** A user, and a notification with its users, as the database should answer them. */
export type OraclePerson = Readonly<Partial<Record<PersonField, Plain>>>;
export interface OracleItem {
  fields: Readonly<Record<ItemField, Plain>>;
  recipient: OraclePerson | undefined;
  sender: OraclePerson | undefined;
}

/** What the SQL of a tree must say of a row, computed without SQL. */
export function holds(condition: ItemCondition, item: OracleItem, moment: Moment): boolean {
  if (condition.is === 'test') return passes(condition.test, valueOf(condition.operand, item), moment);
  if (condition.of.length === 0) return true;
  return condition.is === 'every'
    ? condition.of.every((one) => holds(one, item, moment))
    : condition.of.some((one) => holds(one, item, moment));
}

export function valueOf({ column, part }: ItemOperand, item: OracleItem): Plain {
  const whole = column.of === 'item' ? item.fields[column.field] : (item[column.of]?.[column.field] ?? null);
  return part === undefined || !(whole instanceof Date) ? whole : partOf(whole, part);
}

export function found({ text, number, userId }: ItemSearch, { fields }: OracleItem): boolean {
  const pattern: ItemPattern = { op: 'like', at: 'anywhere', text, ignoreCase: true };
  const texts = [fields.status, fields.title, fields.body, fields.collection, fields.item];
  return (
    texts.some((one) => typeof one === 'string' && matches(pattern, one)) ||
    fields.number === number ||
    (userId !== undefined && (fields.recipient === userId || fields.sender === userId))
  );
}

function passes(test: ItemTest, value: Plain, moment: Moment): boolean {
  const bound = (one: Parameters<typeof resolveItemValue>[0]) => rank(resolveItemValue(one, moment));
  if (test.op === 'absent') return (value === null) === test.holds;
  if (test.op === 'empty') return (value === null || value === '') === test.holds;
  if (value === null) return false;
  if ('at' in test) return matches(test, String(value)) === (test.op === 'like');
  const is = rank(value);
  switch (test.op) {
    case 'one_of':
      return test.values.some((one) => bound(one) === is);
    case 'none_of':
      return test.values.every((one) => bound(one) !== is);
    case 'between':
      return is >= bound(test.from) && is <= bound(test.to);
    case 'not_between':
      return is < bound(test.from) || is > bound(test.to);
    default:
      return comparators[test.op](is, bound(test.value));
  }
}

type Ranked = string | number | boolean;

const comparators = {
  equals: (a: Ranked, b: Ranked) => a === b,
  differs: (a: Ranked, b: Ranked) => a !== b,
  less: (a: Ranked, b: Ranked) => a < b,
  at_most: (a: Ranked, b: Ranked) => a <= b,
  greater: (a: Ranked, b: Ranked) => a > b,
  at_least: (a: Ranked, b: Ranked) => a >= b,
};

function rank(value: Exclude<Plain, null>): Ranked {
  return value instanceof Date ? value.getTime() : value;
}

function matches({ at, text, ignoreCase }: ItemPattern, value: string): boolean {
  const body = escapeRegExp(text).replaceAll('%', '.*').replaceAll('_', '.');
  const source = { anywhere: `^.*${body}.*$`, start: `^${body}.*$`, end: `^.*${body}$` }[at];
  return new RegExp(source, ignoreCase ? 'isu' : 'su').test(value);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

const dayMs = 86_400_000;

function partOf(at: Date, part: DatePart): number {
  const parts: Record<Exclude<DatePart, 'week'>, number> = {
    ...{ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    ...{ weekday: at.getUTCDay(), hour: at.getUTCHours() },
    ...{ minute: at.getUTCMinutes(), second: at.getUTCSeconds() },
  };
  return part === 'week' ? isoWeek(at) : parts[part];
}

/** ISO 8601: a week belongs to the year that has its Thursday. */
function isoWeek(at: Date): number {
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const thursday = new Date(day + (4 - (at.getUTCDay() || 7)) * dayMs);
  return 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * dayMs));
}
