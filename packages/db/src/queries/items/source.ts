import { sql, type RawBuilder } from 'kysely';
import type {
  ItemColumn,
  ItemCondition,
  ItemQuery,
  ItemRelation,
  Moment,
  OrganizationId,
  UserId,
} from '@carillon/core';
import { personAlias } from './columns.ts';
import { conditionOf, searchOf } from './conditions.ts';

/** Whose rows a question is about. */
export interface ItemScope extends Moment {
  organizationId: OrganizationId;
  /** Only what this user received, and of users nobody else; undefined for the whole organization. */
  userId: UserId | undefined;
}

type Narrowing = Pick<ItemQuery, 'filter' | 'search' | 'numbers'>;

/**
 * Rows that are visible here: placed, whatever became of them later, or accepted for an inbox that will have them
 * whatever the preferences say. One recipient's rows are found by notifications_of_recipient, everybody's by
 * notifications_number; that numbers are greater than 0 is said for the sake of the former.
 */
export function visible(scope: ItemScope): RawBuilder<unknown> {
  const ofOrganization = sql`n.organization_id = ${scope.organizationId}::uuid`;
  const owned =
    scope.userId === undefined
      ? ofOrganization
      : sql`n.recipient_id = ${scope.userId}::uuid and ${ofOrganization}`;
  return sql`${owned} and n.deleted_at is null and n.number > 0 and (n.placed_sequence is not null
    or (n.placed_sequence is null and n.inbox_always and n.dispatched_at is null and n.cancelled_at is null))`;
}

/** `visible`, and what the question leaves of it. */
export function wanted(scope: ItemScope, { filter, search, numbers }: Narrowing): RawBuilder<unknown> {
  const conditions = [visible(scope)];
  if (numbers !== undefined) conditions.push(sql`n.number = any(${numbers}::bigint[])`);
  if (filter !== undefined) conditions.push(sql`(${conditionOf(filter, scope)})`);
  if (search !== undefined) conditions.push(searchOf(search));
  return sql.join(conditions, sql` and `);
}

/** What filter and search leave, without the rest. */
export function narrowing(
  scope: ItemScope,
  query: Pick<ItemQuery, 'filter' | 'search'>,
): RawBuilder<unknown> {
  const { filter, search } = query;
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter !== undefined) conditions.push(sql`(${conditionOf(filter, scope)})`);
  if (search !== undefined) conditions.push(searchOf(search));
  return sql.join(conditions, sql` and `);
}

/** Whether a question is about one recipient's rows, whoever asks: then they are read by notifications_of_recipient. */
export function isOfOneRecipient(scope: ItemScope, { filter }: Pick<ItemQuery, 'filter'>): boolean {
  return scope.userId !== undefined || (filter !== undefined && namesRecipient(filter));
}

function namesRecipient(condition: ItemCondition): boolean {
  if (condition.is === 'test') return isRecipientTest(condition);
  return (condition.is === 'every' || condition.of.length === 1) && condition.of.some(namesRecipient);
}

function isRecipientTest(condition: ItemCondition): boolean {
  if (condition.is !== 'test' || condition.test.op !== 'equals') return false;
  const { column } = condition.operand;
  return column.of === 'item' && column.field === 'recipient';
}

/** Notifications with the users that the question names. Who may see only the own rows sees no other user either. */
export function from(scope: ItemScope, relations: ReadonlySet<ItemRelation>): RawBuilder<unknown> {
  const joins = [...relations].map((relation) => {
    const u = personAlias(relation);
    const end = relation === 'recipient' ? sql`n.recipient_id` : sql`n.sender_id`;
    const seen = scope.userId === undefined ? sql`true` : sql`${u}.id = ${scope.userId}::uuid`;
    return sql`left join users ${u} on ${u}.id = ${end} and ${u}.organization_id = n.organization_id
      and ${u}.deleted_at is null and ${seen}`;
  });
  return sql`notifications n ${sql.join(joins, sql` `)}`;
}

/** The relations that a question reads beyond their ids. */
export function relationsOf(
  query: Pick<ItemQuery, 'filter'> & Partial<ItemQuery>,
): ReadonlySet<ItemRelation> {
  const relations = new Set<ItemRelation>();
  const add = ({ of }: ItemColumn) => of !== 'item' && relations.add(of);
  const walk = (condition: ItemCondition | undefined): void => {
    if (condition?.is === 'test') add(condition.operand.column);
    else condition?.of.forEach(walk);
  };
  walk(query.filter);
  for (const { column } of query.sort ?? []) add(column);
  for (const selected of query.selection ?? []) {
    if (!('relation' in selected)) continue;
    relations.add(selected.relation);
    walk(selected.filter);
  }
  return relations;
}
