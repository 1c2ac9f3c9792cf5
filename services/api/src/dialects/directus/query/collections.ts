import {
  dateParts,
  type DatePart,
  type ItemColumn,
  type ItemField,
  type ItemRelation,
  type PersonField,
} from '@carillon/core';

/** Who asks: Directus' administrators, users of its app, and everybody else. */
export type CallerKind = 'admin' | 'member' | 'none';

export type FieldType = 'integer' | 'timestamp' | 'string' | 'text' | 'uuid' | 'json' | 'boolean' | 'hash';

/** A field that the caller may read, and where its value is. */
export interface Field {
  name: string;
  type: FieldType;
  column: ItemColumn;
  /** What a user at the end of a relation is asked for. */
  person?: PersonField;
  /** What may be asked beyond it. */
  end?: Collection;
}

export interface Collection {
  name: string;
  fields: ReadonlyMap<string, Field>;
}

interface PersonRow {
  type: FieldType;
  /** Readable for members, of themselves. */
  member: boolean;
}

const [forAll, forAdmins] = [true, false];

/** Everything of a user, in the order in which Directus tells it. A role is its own id and name. */
const persons: Readonly<Record<PersonField, PersonRow>> = {
  id: { type: 'uuid', member: forAll },
  first_name: { type: 'string', member: forAll },
  last_name: { type: 'string', member: forAll },
  email: { type: 'string', member: forAll },
  password: { type: 'hash', member: forAll },
  location: { type: 'string', member: forAll },
  title: { type: 'string', member: forAll },
  description: { type: 'text', member: forAll },
  tags: { type: 'json', member: forAll },
  avatar: { type: 'string', member: forAll },
  language: { type: 'string', member: forAll },
  tfa_secret: { type: 'hash', member: forAll },
  status: { type: 'string', member: forAll },
  role: { type: 'string', member: forAll },
  token: { type: 'hash', member: forAdmins },
  last_access: { type: 'timestamp', member: forAdmins },
  last_page: { type: 'string', member: forAll },
  provider: { type: 'string', member: forAll },
  external_identifier: { type: 'string', member: forAdmins },
  auth_data: { type: 'json', member: forAdmins },
  email_notifications: { type: 'boolean', member: forAdmins },
  appearance: { type: 'string', member: forAll },
  theme_dark: { type: 'string', member: forAll },
  theme_light: { type: 'string', member: forAll },
  theme_light_overrides: { type: 'json', member: forAdmins },
  theme_dark_overrides: { type: 'json', member: forAdmins },
  text_direction: { type: 'string', member: forAdmins },
};

const notifications: readonly { name: string; type: FieldType; field: ItemField }[] = [
  { name: 'id', type: 'integer', field: 'number' },
  { name: 'timestamp', type: 'timestamp', field: 'timestamp' },
  { name: 'status', type: 'string', field: 'status' },
  { name: 'recipient', type: 'uuid', field: 'recipient' },
  { name: 'sender', type: 'uuid', field: 'sender' },
  { name: 'subject', type: 'string', field: 'title' },
  { name: 'message', type: 'text', field: 'body' },
  { name: 'collection', type: 'string', field: 'collection' },
  { name: 'item', type: 'string', field: 'item' },
];

function byName(fields: readonly Field[]): ReadonlyMap<string, Field> {
  return new Map(fields.map((field) => [field.name, field]));
}

function personsOf(relation: ItemRelation, kind: 'admin' | 'member'): Collection {
  const fields = Object.entries(persons).filter(([, { member }]) => member || kind === 'admin');
  return {
    name: 'directus_users',
    fields: byName(fields.map(([name, { type }]) => personField(relation, name as PersonField, type))),
  };
}

function personField(relation: ItemRelation, person: PersonField, type: FieldType): Field {
  // The id of who is at the end stands in the notification, where an index may find it.
  const column: ItemColumn =
    person === 'id' ? { of: 'item', field: relation } : { of: relation, field: person };
  const field = { name: person, type, column, person };
  if (person !== 'role') return field;
  const ends = ['id', 'name'].map((name) => ({ name, type, column }));
  return { ...field, end: { name: 'directus_roles', fields: byName(ends) } };
}

function notificationsFor(kind: 'admin' | 'member'): Collection {
  const fields = notifications.map(({ name, type, field }): Field => {
    const row = { name, type, column: { of: 'item', field } as const };
    if (field !== 'recipient' && field !== 'sender') return row;
    return { ...row, end: personsOf(field, kind) };
  });
  return { name: 'directus_notifications', fields: byName(fields) };
}

/** What each sort of caller may ask for; nothing else exists for them. */
export const collections: Readonly<Record<Exclude<CallerKind, 'none'>, Collection>> = {
  admin: notificationsFor('admin'),
  member: notificationsFor('member'),
};

/** A field, or a part of the instant in it: then it is a whole number, `year(timestamp)` told as `timestamp_year`. */
export interface NamedField {
  field: Field;
  part: DatePart | undefined;
  type: FieldType;
  /** Its key in an answer. */
  key: string;
}

const call = /^(\w+)\((\w+)\)$/;

/** Undefined for what does not exist for the caller. */
export function findField(collection: Collection, name: string): NamedField | undefined {
  const plain = collection.fields.get(name);
  if (plain !== undefined) return { field: plain, part: undefined, type: plain.type, key: name };
  const [, fn, inner] = call.exec(name) ?? [];
  const part = dateParts.find((one) => one === fn);
  const field = collection.fields.get(inner ?? '');
  if (part === undefined || field?.type !== 'timestamp') return undefined;
  return { field, part, type: 'integer', key: `${field.name}_${part}` };
}
