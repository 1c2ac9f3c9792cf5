import ajvFormats from 'ajv-formats';
import type { Ajv } from 'ajv';

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What each format asks for, in the words of an error. */
export const formatRules: Readonly<Record<string, string>> = {
  uuid: 'must be a UUID, for example 01981c5e-8f00-7000-8000-000000000001',
  'date-time': 'must be an instant in ISO 8601 with a time zone, for example 2026-03-01T08:00:00Z',
  email: 'must be an e-mail address, for example ada@example.com',
  link: 'must be an http, https or mailto URL, or a path that starts with a single /',
  'iana-time-zone': 'must be the name of an IANA time zone, for example Europe/Berlin',
  bcp47: 'must be a BCP 47 language tag, for example en or de-CH',
};

/**
 * Teaches a validator our formats. Each is linear in the length of its text. The `uuid` and
 * `date-time` of ajv-formats would let through what PostgreSQL or Date refuse (`urn:uuid:…`, a leap second).
 */
export function addFormatsTo(ajv: Ajv): Ajv {
  ajvFormats.default(ajv, ['email', 'uri']);
  ajv.addFormat('uuid', uuidShape);
  ajv.addFormat('date-time', isInstant);
  ajv.addFormat('link', isLink);
  ajv.addFormat('iana-time-zone', isZone);
  ajv.addFormat('bcp47', isLocale);
  return ajv;
}

/** Date rolls 30 February over to March, so the day is looked at by itself. */
function isInstant(value: string): boolean {
  if (!instantShape.test(value) || !Number.isFinite(Date.parse(value))) return false;
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Backslashes and white space are refused because browsers read `/\host` as another origin. */
function isLink(value: string): boolean {
  if (value.length > 2048 || /[\s\\\p{Cc}]/u.test(value)) return false;
  if (value.startsWith('/')) return !value.startsWith('//');
  if (!URL.canParse(value)) return false;
  return ['http:', 'https:', 'mailto:'].includes(new URL(value).protocol);
}

const knownZones = new Set<string>();

/** Names only: an offset such as +01:00 knows no daylight saving and is refused. */
function isZone(value: string): boolean {
  if (knownZones.has(value)) return true;
  if (value.length > 64 || !/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
  } catch {
    return false;
  }
  // Names are compared without case, so that the ways to write one are many: the cache stays small.
  if (knownZones.size < 1000) knownZones.add(value);
  return true;
}

function isLocale(value: string): boolean {
  if (value.length > 35) return false;
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
