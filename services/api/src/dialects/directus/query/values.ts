import { instantUnits, type InstantUnit, type ItemValue, type RelativeInstant } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import { parseInstant } from '../instant.ts';
import type { FieldType } from './collections.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** As PostgreSQL tells it; undefined for anything but a uuid with its hyphens. */
export function parseUuid(text: string): string | undefined {
  return uuid.test(text) ? text.toLowerCase() : undefined;
}

/** Whole numbers that JSON carries without loss, in digits. */
export function parseWhole(text: string): number | undefined {
  if (!/^[+-]?\d{1,16}$/.test(text.trim())) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A value of a filter by the type of its field; `operator` is told where it is none. Throws DirectusError. */
export function readValue(given: unknown, type: FieldType, operator: string): ItemValue {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    throw invalidQuery(`The filter value for "${operator}" has to be a string, number, or boolean`);
  return readers[type](String(given));
}

const ownId = '$CURRENT_USER';
const currentUser = { relative: 'current_user' } as const;
const readText = (text: string): ItemValue => (text === ownId ? currentUser : checkText(text));

const readers: Readonly<Record<FieldType, (text: string) => ItemValue>> = {
  integer: (text) => must(parseWhole(text), 'Invalid numeric value'),
  timestamp: (text) => must(parseRelative(text) ?? parseInstant(text), 'Invalid timestamp value'),
  uuid: (text) => (text === ownId ? currentUser : must(parseUuid(text), 'Invalid UUID value')),
  boolean: (text) => must(parseFlag(text), 'Invalid boolean value'),
  ...{ string: readText, text: readText, json: readText, hash: readText },
};

function must<T>(value: T | undefined, reason: string): T {
  if (value === undefined) throw invalidQuery(reason);
  return value;
}

/** PostgreSQL keeps no NUL in a text, so nothing can contain one. Throws DirectusError. */
export function checkText(text: string): string {
  if (text.includes('\0')) throw invalidQuery('A text must not contain the character NUL');
  return text;
}

/** Also as text, which is all that a URL has; an empty one says yes. */
export function parseFlag(given: unknown): boolean | undefined {
  if (given === true || given === 'true' || given === '' || given === '1' || given === 1) return true;
  if (given === false || given === 'false' || given === '0' || given === 0) return false;
  return undefined;
}

const unitNames: Readonly<Record<string, InstantUnit>> = {
  ...{ y: 'year', yr: 'year', mo: 'month', w: 'week', d: 'day', h: 'hour', hr: 'hour', m: 'minute' },
  ...{ min: 'minute', s: 'second', sec: 'second', ms: 'millisecond', msec: 'millisecond' },
  ...Object.fromEntries(instantUnits.map((unit) => [unit, unit])),
};

/** About a thousand years: what lies further is no instant that a notification has. */
const yearsMax = 1_000;
const perYear: Readonly<Record<InstantUnit, number>> = {
  ...{ year: 1, month: 12, week: 53, day: 366, hour: 8_784, minute: 527_040, second: 31_622_400 },
  millisecond: 31_622_400_000,
};

/** `$NOW`, or so long before or after it. A plus arrives from a URL as a space. */
function parseRelative(text: string): RelativeInstant | undefined {
  if (text === '$NOW') return { relative: 'now', amount: 0, unit: 'second' };
  const [, sign, digits, name = ''] =
    /^\$NOW\(\s*([+-]?)\s*(\d{1,15})\s*([a-z]{1,12})\s*\)$/i.exec(text) ?? [];
  const singular = name.toLowerCase().replace(/(?<=..)s$/, '');
  const unit = Object.hasOwn(unitNames, name) ? unitNames[name] : lookUp(singular);
  const amount = Number(digits);
  if (unit === undefined || digits === undefined || amount > yearsMax * perYear[unit]) return undefined;
  return { relative: 'now', amount: sign === '-' ? -amount : amount, unit };
}

function lookUp(name: string): InstantUnit | undefined {
  // `ms` is a unit of its own and no plural.
  return Object.hasOwn(unitNames, name) ? unitNames[name] : undefined;
}
