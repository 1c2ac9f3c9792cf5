import { sql, type RawBuilder } from 'kysely';
import type { DatePart, ItemColumn, ItemField, PersonField } from '@carillon/core';

export type ColumnType = 'bigint' | 'timestamptz' | 'uuid' | 'text' | 'boolean' | 'jsonb' | 'int';

/** How a column is read, and the type that values compared with it are bound as. */
export interface Column {
  read: RawBuilder<unknown>;
  type: ColumnType;
}

/** The only names of columns that a question can reach; `n` is the notification. */
const itemColumns: Readonly<Record<ItemField, Column>> = {
  number: { read: sql`n.number`, type: 'bigint' },
  timestamp: { read: sql`coalesce(n.timestamp_override, n.inbox_at, n.created_at)`, type: 'timestamptz' },
  status: { read: sql`n.status`, type: 'text' },
  recipient: { read: sql`n.recipient_id`, type: 'uuid' },
  sender: { read: sql`n.sender_id`, type: 'uuid' },
  title: { read: sql`n.title`, type: 'text' },
  // A body is never null here, and an empty one stands for none there.
  body: { read: sql`nullif(n.body, '')`, type: 'text' },
  collection: { read: sql`n.collection`, type: 'text' },
  item: { read: sql`n.item`, type: 'text' },
};

const nothing = sql`null::text`;
const masked = '**********';
const hasNames = (u: RawBuilder<unknown>) => sql`(${u}.profile ? 'first_name' or ${u}.profile ? 'last_name')`;

function ofProfile(field: PersonField): PersonReader {
  return { read: (u) => sql`(${u}.profile ->> ${sql.lit(field)})`, type: 'text' };
}
function jsonOfProfile(field: PersonField): PersonReader {
  return { read: (u) => sql`nullif(${u}.profile -> ${sql.lit(field)}, 'null'::jsonb)`, type: 'jsonb' };
}

interface PersonReader {
  read(user: RawBuilder<unknown>): RawBuilder<unknown>;
  type: ColumnType;
}

/** A name of one word is a first name. Secrets are never read: who has a password shows a mask. */
const personColumns: Readonly<Record<PersonField, PersonReader>> = {
  id: { read: (u) => sql`${u}.id`, type: 'uuid' },
  first_name: {
    read: (u) => sql`case when ${hasNames(u)} then ${u}.profile ->> 'first_name'
      else nullif(split_part(${u}.name, ' ', 1), '') end`,
    type: 'text',
  },
  last_name: {
    read: (u) => sql`case when ${hasNames(u)} then ${u}.profile ->> 'last_name'
      else nullif(substr(${u}.name, length(split_part(${u}.name, ' ', 1)) + 2), '') end`,
    type: 'text',
  },
  email: { read: (u) => sql`${u}.email`, type: 'text' },
  password: {
    read: (u) => sql`case when ${u}.password_hash is not null then ${sql.lit(masked)} end`,
    type: 'text',
  },
  ...{ location: ofProfile('location'), title: ofProfile('title'), description: ofProfile('description') },
  ...{ tags: jsonOfProfile('tags'), avatar: ofProfile('avatar') },
  language: { read: (u) => sql`${u}.locale`, type: 'text' },
  tfa_secret: { read: () => nothing, type: 'text' },
  // Only who exists is joined.
  status: { read: (u) => sql`case when ${u}.id is not null then 'active' end`, type: 'text' },
  role: { read: (u) => sql`${u}.role`, type: 'text' },
  token: { read: () => nothing, type: 'text' },
  last_access: { read: () => sql`null::timestamptz`, type: 'timestamptz' },
  last_page: ofProfile('last_page'),
  provider: ofProfile('provider'),
  external_identifier: { read: (u) => sql`${u}.external_id`, type: 'text' },
  auth_data: { read: () => sql`null::jsonb`, type: 'jsonb' },
  email_notifications: {
    // Profiles hold any JSON: what is no boolean is none.
    read: (u) => sql`case ${u}.profile -> 'email_notifications'
      when 'true'::jsonb then true when 'false'::jsonb then false end`,
    type: 'boolean',
  },
  ...{ appearance: ofProfile('appearance'), theme_dark: ofProfile('theme_dark') },
  ...{ theme_light: ofProfile('theme_light'), theme_light_overrides: jsonOfProfile('theme_light_overrides') },
  theme_dark_overrides: jsonOfProfile('theme_dark_overrides'),
  text_direction: ofProfile('text_direction'),
};

const parts: Readonly<Record<DatePart, RawBuilder<unknown>>> = {
  ...{ year: sql`year`, month: sql`month`, week: sql`week`, day: sql`day`, weekday: sql`dow` },
  ...{ hour: sql`hour`, minute: sql`minute`, second: sql`second` },
};

/** The alias under which the user at the end of a relation is joined (source.ts). */
export function personAlias(relation: 'recipient' | 'sender'): RawBuilder<unknown> {
  return relation === 'recipient' ? sql`r` : sql`s`;
}

/** A value of the user whom a statement calls `alias`. */
export function personValue(field: PersonField, alias: RawBuilder<unknown>): RawBuilder<unknown> {
  return personColumns[field].read(alias);
}

/** A column, or a part of the instant in it. */
export function columnOf(column: ItemColumn, part?: DatePart): Column {
  const whole = column.of === 'item' ? itemColumns[column.field] : personColumn(column);
  if (part === undefined) return whole;
  return {
    read: sql`floor(extract(${parts[part]} from (${whole.read}) at time zone 'UTC'))::int`,
    type: 'int',
  };
}

function personColumn({ of, field }: Exclude<ItemColumn, { of: 'item' }>): Column {
  const { read, type } = personColumns[field];
  return { read: read(personAlias(of)), type };
}
