import Type, { type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox';

/**
 * The building blocks of wire shapes. Every text and list has a limit, every object is closed.
 * Keywords of our own (they stand in the OpenAPI document as extensions):
 * `x-rule` says in words what a pattern or a combination asks for; `x-max-bytes` limits a text's
 * UTF-8 bytes; `x-max-json-bytes` limits an object's JSON; `x-free-form` marks the objects whose
 * fields are the caller's own.
 */
interface Described {
  description?: string;
  default?: unknown;
}

/** An object that takes no field but these. */
export function object<P extends TProperties>(
  properties: P,
  options: Record<string, unknown> = {},
): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** The same schema, or null. */
export function nullable<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  const { type, enum: values, ...rest }: { type?: unknown; enum?: readonly unknown[] } = schema;
  return Type.Unsafe<Static<S> | null>({
    ...rest,
    type: [...(Array.isArray(type) ? type : [type]), 'null'],
    ...(values === undefined ? {} : { enum: [...values, null] }),
  });
}

/** One word of a closed list. */
export function oneOf<const V extends string>(values: readonly V[], options: Described = {}): TUnsafe<V> {
  return Type.Unsafe<V>({ type: 'string', enum: [...values], ...options });
}

export function uuid(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', format: 'uuid', description });
}

export function instant(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', format: 'date-time', description });
}

/** A text of 1 to `lengthMax` characters. */
export function text(
  lengthMax: number,
  description: string,
  options: Record<string, unknown> = {},
): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', minLength: 1, maxLength: lengthMax, description, ...options });
}

export function email(description: string): TUnsafe<string> {
  return text(254, description, { format: 'email' });
}

/** An http, https or mailto URL, or a path on the page's own origin. */
export function link(description: string): TUnsafe<string> {
  return text(2048, description, { format: 'link' });
}

export function zone(description = 'IANA time zone, for example Europe/Berlin.'): TUnsafe<string> {
  return text(64, description, { format: 'iana-time-zone' });
}

export function locale(description = 'BCP 47 language tag, for example de-CH.'): TUnsafe<string> {
  return text(35, description, { format: 'bcp47' });
}

export function flag(description: string, options: Described = {}): TUnsafe<boolean> {
  return Type.Unsafe<boolean>({ type: 'boolean', description, ...options });
}

export function integer(
  minimum: number,
  maximum: number,
  description: string,
  options: Described = {},
): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', minimum, maximum, description, ...options });
}

/** A count that we say; never one that a caller says. */
export function count(description: string): TUnsafe<number> {
  return integer(0, Number.MAX_SAFE_INTEGER, description);
}

export function list<S extends TSchema>(
  items: S,
  itemsMax: number,
  description: string,
  options: Record<string, unknown> = {},
): TUnsafe<Static<S>[]> {
  return Type.Unsafe<Static<S>[]>({ type: 'array', items, maxItems: itemsMax, description, ...options });
}

/** An object whose fields are the caller's own, limited by the bytes of its JSON. */
export function freeForm(jsonBytesMax: number, description: string): TUnsafe<Record<string, unknown>> {
  return Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    description,
    additionalProperties: true,
    'x-free-form': true,
    'x-max-json-bytes': jsonBytesMax,
  });
}

const externalIdText = '[^\\u0000-\\u001f\\u007f]{1,255}';
const uuidText = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

export function externalId(description = "The user's id in your own system."): TUnsafe<string> {
  return text(255, description, {
    pattern: `^${externalIdText}$`,
    'x-rule': 'must be 1 to 255 characters without control characters',
  });
}

/** How a path names a user: our id, `me` for the caller, or `external:` and the id in the caller's system. */
export function userReference(): TUnsafe<string> {
  return text(264, 'A user id, `me` for the caller, or `external:<id in your own system>`.', {
    pattern: `^(?:me|external:${externalIdText}|${uuidText})$`,
    'x-rule': 'must be a user id (a UUID), `me`, or `external:` followed by the id in your own system',
  });
}

/** How a path names an organization to read: its id, or `me` for that of the caller. */
export function organizationReference(): TUnsafe<string> {
  return text(36, "An organization id, or `me` for the caller's own.", {
    pattern: `^(?:me|${uuidText})$`,
    'x-rule': 'must be an organization id (a UUID) or `me`',
  });
}

/** How a create call names a recipient by one text. */
export const recipientPattern = `^(?:${uuidText}|external:${externalIdText}|[^@\\s\\u0000-\\u001f]{1,64}@[^@\\s\\u0000-\\u001f]{1,189})$`;

/** A place in a user's stream of inbox changes, to resume from. */
export function position(
  description = 'Place in the stream of inbox changes: `<epoch>.<sequence>`.',
): TUnsafe<string> {
  return text(49, description, {
    pattern: '^[0-9a-z]{1,32}\\.(?:0|[1-9][0-9]{0,15})$',
    'x-rule': 'must be a position as the API gave it: `<epoch>.<sequence>`',
  });
}

const cursor = text(1024, 'Where to go on, as `next_cursor` or `prev_cursor` of an earlier answer gave it.', {
  pattern: '^[A-Za-z0-9_.=-]+$',
  'x-rule': 'must be a cursor as an earlier answer gave it',
});

/** The query parameters that every list has. */
export function paging(
  limitMax: number,
  limitDefault = 50,
): { limit: TUnsafe<number>; cursor: ReturnType<typeof optionalCursor> } {
  return {
    limit: integer(1, limitMax, 'How many to give at most.', { default: limitDefault }),
    cursor: optionalCursor(),
  };
}

function optionalCursor() {
  return Type.Optional(cursor);
}

/** One page of a list. A cursor that is null says that there is nothing on that side. */
export function pageOf<S extends TSchema>(items: S, itemsMax: number) {
  return object({
    data: list(items, itemsMax, 'This page, in the order of the list.'),
    next_cursor: nullable(cursor),
    prev_cursor: nullable(cursor),
  });
}
