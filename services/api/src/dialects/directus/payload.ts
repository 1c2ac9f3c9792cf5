import type { TriggerDraft, UserId } from '@carillon/core';
import type { RowChange } from '../../actions/rows.ts';
import {
  forbiddenFields,
  forbiddenRow,
  invalidForeignKey,
  invalidPayload,
  joinErrors,
  tooLong,
  valueMissing,
  valueNull,
} from './errors.ts';

/** A body of the collection: what is not known is dropped, as Directus does. */
export type Fields = Readonly<Record<string, unknown>>;

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Lengths of the columns in Directus' own table. */
const lengths: Readonly<Record<string, number>> = { status: 255, subject: 255, collection: 64, item: 255 };
/** Directus counts in 32 bits. */
const numberMax = 2_147_483_647;

/** Throws DirectusError unless the value is an object; `name` is what it is called there. */
export function asFields(value: unknown, name = 'value'): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalidPayload(`"${name}" must be of type object`);
}

/** Throws DirectusError for a member that is none of these. */
export function allowOnly(fields: Fields, names: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined) throw invalidPayload(`"${other.slice(0, 100)}" is not allowed`);
}

/** What a create body asks to be accepted; every missing value is told at once. Throws DirectusError. */
export function toDraft(fields: Fields): TriggerDraft {
  const missing = ['recipient', 'subject'].filter((name) => fields[name] === undefined).map(valueMissing);
  const isNull = ['recipient', 'subject'].filter((name) => fields[name] === null).map(valueNull);
  const errors = joinErrors([...missing, ...isNull]);
  if (errors !== undefined) throw errors;
  const recipient = readUser(fields, 'recipient') ?? '';
  const sender = readUser(fields, 'sender');
  const status = readText(fields, 'status');
  return {
    ...{ to: [{ by: 'id', id: recipient as UserId }], pointers: ['/recipient'], strict: true, pointer: '' },
    content: {
      ...{ title: readText(fields, 'subject') ?? '', body: readText(fields, 'message') ?? '' },
      ...{ category: 'general', data: {}, actions: [], targets: [], url: undefined, icon: undefined },
      ...{ senderId: (sender ?? undefined) as UserId | undefined, environment: '', project: '' },
      ...{ urgent: false, kinds: undefined, expiresAt: undefined },
      row: {
        collection: readText(fields, 'collection') ?? undefined,
        item: readText(fields, 'item') ?? undefined,
        status,
        number: readNumber(fields),
        inboxAlways: true,
      },
    },
  };
}

/** What a member may change of the own rows. */
const memberFields = new Set(['status']);
const knownFields = new Set([
  ...['id', 'timestamp', 'status', 'recipient', 'sender', 'subject', 'message', 'collection', 'item'],
]);

/** What an update body asks for; undefined when it names nothing that is known. Throws DirectusError. */
export function toChange(fields: Fields, isAdmin: boolean): RowChange | undefined {
  const named = Object.keys(fields).filter((name) => name !== 'id');
  const forbidden = isAdmin ? [] : named.filter((name) => !memberFields.has(name));
  if (forbidden.length > 0) throw forbiddenFields(forbidden);
  if (!named.some((name) => knownFields.has(name))) return undefined;
  for (const name of ['subject', 'recipient']) if (fields[name] === null) throw valueNull(name);
  return {
    status: readText(fields, 'status'),
    subject: readText(fields, 'subject') ?? undefined,
    // A body is never null here.
    message: fields['message'] === null ? '' : (readText(fields, 'message') ?? undefined),
    collection: readText(fields, 'collection'),
    item: readText(fields, 'item'),
    senderId: readUser(fields, 'sender') as UserId | null | undefined,
    recipientId: (readUser(fields, 'recipient') ?? undefined) as UserId | undefined,
    timestamp: readTimestamp(fields),
  };
}

/** Numbers and objects become the text that Directus makes of them. Undefined where nothing is given. */
function readText(fields: Fields, name: string): string | null | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length > (lengths[name] ?? Number.POSITIVE_INFINITY)) throw tooLong();
  // PostgreSQL has no place for it.
  if (text.includes('\0')) throw invalidPayload(`"${name}" must not contain null characters`);
  return text;
}

/** A user is named by id; making or changing users on the way is nobody's right here. */
function readUser(fields: Fields, name: 'recipient' | 'sender'): string | null | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return value;
  const id = typeof value === 'object' && 'id' in value ? value.id : value;
  if (typeof value === 'object' && Object.keys(value).length > 1) throw forbiddenRow();
  if (typeof id === 'string' && uuidShape.test(id)) return id.toLowerCase();
  throw invalidForeignKey(name, typeof id === 'string' ? id : JSON.stringify(id ?? null));
}

function readNumber(fields: Fields): number | undefined {
  const value = fields['id'];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= numberMax)
    return number;
  throw invalidPayload(`"id" must be a whole number from 1 to ${numberMax}`);
}

function readTimestamp(fields: Fields): Date | null | undefined {
  const value = fields['timestamp'];
  if (value === undefined || value === null) return value;
  const at = typeof value === 'string' || typeof value === 'number' ? new Date(value) : undefined;
  const year = at?.getUTCFullYear() ?? Number.NaN;
  if (at !== undefined && year >= 1 && year <= 9999) return at;
  throw invalidPayload('"timestamp" must be a date such as 2026-11-20T20:48:49.938Z');
}

/** Ids come as numbers and as texts; what is neither names no row. */
export function toNumber(id: unknown): number | undefined {
  const number = typeof id === 'string' && /^\d{1,10}$/.test(id) ? Number(id) : id;
  const isNumber = typeof number === 'number' && Number.isInteger(number);
  return isNumber && number >= 0 && number <= numberMax ? number : undefined;
}

/** As `toNumber` for several; throws DirectusError for one that names no row, as a row that may not be seen. */
export function toNumbers(ids: unknown): number[] {
  if (!Array.isArray(ids)) throw invalidPayload('"keys" must be an array');
  return ids.map((id) => {
    const number = toNumber(id);
    if (number === undefined) throw forbiddenRow();
    return number;
  });
}
