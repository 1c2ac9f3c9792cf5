import type { ItemCondition } from './condition.ts';
import type { DatePart, ItemColumn, ItemField, ItemRelation, PersonField } from './fields.ts';

/**
 * A question about notifications, checked: it names only what the caller may ask for, values have the type of their
 * field, and every list is bounded. Plain data, so it may be kept and put again.
 */
export interface ItemQuery {
  /** What is answered of each row, in this order. */
  selection: readonly SelectedField[];
  filter: ItemCondition | undefined;
  search: ItemSearch | undefined;
  /** Restricts to these; undefined for no restriction. */
  numbers: readonly number[] | undefined;
  /** By number where nothing is named, and where what is named is equal. */
  sort: readonly ItemSort[];
  /** 0 answers no rows. */
  limit: number;
  offset: number;
  /** Which counts are wanted beside the rows: of all that is visible, and of what filter and search leave. */
  counts: { total: boolean; filtered: boolean };
  /** Instead of rows; `selection` is not read then. */
  aggregation: ItemAggregation | undefined;
}

export type SelectedField = SelectedValue | SelectedPerson;

export interface SelectedValue {
  /** Its key in the answer. */
  name: string;
  field: ItemField;
  part?: DatePart | undefined;
}

/** The user at the end of a relation; nothing where there is none, it may not be seen, or `filter` does not hold. */
export interface SelectedPerson {
  name: string;
  relation: ItemRelation;
  fields: readonly SelectedPersonField[];
  filter: ItemCondition | undefined;
}

export interface SelectedPersonField {
  name: string;
  field: PersonField;
  /** Told as an object in which each of these keys has the value. */
  keys?: readonly string[] | undefined;
}

/** Any of: the text within a text field in any case, exactly this number, exactly this user as recipient or sender. */
export interface ItemSearch {
  text: string;
  number: number | undefined;
  userId: string | undefined;
}

export interface ItemSort {
  column: ItemColumn;
  part?: DatePart | undefined;
  descending: boolean;
}

export const aggregateFunctions = [
  ...(['count', 'count_distinct', 'sum', 'sum_distinct', 'avg', 'avg_distinct', 'min', 'max'] as const),
] as const;
export type AggregateFunction = (typeof aggregateFunctions)[number];

/** One row for each group; with neither groups nor values one row without anything. */
export interface ItemAggregation {
  groups: readonly SelectedValue[];
  values: readonly AggregateValue[];
  /** Replaces `sort` of the query: positions in `groups` or `values`. By the groups where nothing is named. */
  sort: readonly { by: 'group' | 'value'; position: number; descending: boolean }[];
}

export interface AggregateValue {
  fn: AggregateFunction;
  /** Undefined counts rows. */
  field: ItemField | undefined;
  /** Where it stands in the answer. */
  path: readonly [string] | readonly [string, string];
}
