import type { UserId } from '../vocabulary.ts';
import type { DatePart, ItemColumn } from './fields.ts';

/** Conditions joined by logic; a group of none holds for every row. */
export type ItemCondition =
  | { is: 'every' | 'some'; of: readonly ItemCondition[] }
  | { is: 'test'; operand: ItemOperand; test: ItemTest };

/** With a part it is a whole number, whatever the column. */
export interface ItemOperand {
  column: ItemColumn;
  part?: DatePart | undefined;
}

/**
 * A value of the operand's own type: numbers for numbers, `Date` for instants, lower-case text for uuids. `now` and
 * `current_user` are filled in when the question is put, so that a tree may be kept.
 */
export type ItemValue = string | number | boolean | Date | RelativeInstant | { relative: 'current_user' };

export interface RelativeInstant {
  relative: 'now';
  /** How many units later; earlier when negative. */
  amount: number;
  unit: InstantUnit;
}

export const instantUnits = [
  ...(['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const),
] as const;
export type InstantUnit = (typeof instantUnits)[number];

/** As in SQL, a comparison with nothing does not hold: `differs` and `none_of` leave rows without a value out. */
export type ItemTest =
  | { op: 'equals' | 'differs' | 'less' | 'at_most' | 'greater' | 'at_least'; value: ItemValue }
  | { op: 'one_of' | 'none_of'; values: readonly ItemValue[] }
  | { op: 'between' | 'not_between'; from: ItemValue; to: ItemValue }
  /** `holds` false turns it round. */
  | { op: 'absent'; holds: boolean }
  /** Absent, or a text of no characters. */
  | { op: 'empty'; holds: boolean }
  | ItemPattern;

/** `%` stands for any characters and `_` for one; nothing else in the text has a meaning. */
export interface ItemPattern {
  op: 'like' | 'unlike';
  at: 'anywhere' | 'start' | 'end';
  text: string;
  ignoreCase: boolean;
}

/** What stands for `now` and `current_user` this time. */
export interface Moment {
  now: Date;
  currentUser: UserId;
}

/** Months and years end on the last day of a month that is too short. */
export function resolveItemValue(value: ItemValue, moment: Moment): string | number | boolean | Date {
  if (typeof value !== 'object' || value instanceof Date) return value;
  if (value.relative === 'current_user') return moment.currentUser;
  return later(moment.now, value);
}

const unitMs: Readonly<Record<Exclude<InstantUnit, 'year' | 'month'>, number>> = {
  ...{ week: 604_800_000, day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1_000, millisecond: 1 },
};

function later(now: Date, { amount, unit }: RelativeInstant): Date {
  if (unit !== 'year' && unit !== 'month') return new Date(now.getTime() + amount * unitMs[unit]);
  const months = unit === 'year' ? amount * 12 : amount;
  const moved = new Date(now);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return moved;
}
