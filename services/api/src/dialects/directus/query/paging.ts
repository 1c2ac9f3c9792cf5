import type { ItemQuery, ItemSearch } from '@carillon/core';
import { invalidQuery } from '../errors.ts';
import { readNames, type QuerySource } from './query-text.ts';
import { checkText, parseUuid, parseWhole } from './values.ts';

/** How many rows a query without a limit answers, and how many at most. */
export interface LimitRule {
  /** -1 for as many as there may be. */
  limitDefault: number;
  limitMax: number;
}

/** A page wins over an offset; the one before the first is the first. Throws DirectusError. */
export function readPaging(
  source: QuerySource,
  { limitDefault, limitMax }: LimitRule,
): Pick<ItemQuery, 'limit' | 'offset'> {
  const given = readCount('limit', source['limit'], -1) ?? limitDefault;
  const limit = given === -1 ? limitMax : Math.min(given, limitMax);
  const page = readCount('page', source['page'], 0);
  const offset = readCount('offset', source['offset'], 0) ?? 0;
  if (page === undefined || page === 0) return { limit, offset };
  const before = given === -1 ? 0 : (page - 1) * limit;
  return { limit, offset: Math.min(before, Number.MAX_SAFE_INTEGER) };
}

/** What is empty counts as 0. */
function readCount(name: string, given: unknown, least: number): number | undefined {
  if (given === undefined) return undefined;
  const isNumeric = typeof given === 'string' || typeof given === 'number' || given === null;
  const value = isNumeric ? Number(given) : Number.NaN;
  if (Number.isNaN(value)) throw invalidQuery(`"${name}" must be a number`);
  if (Number.isFinite(value) && !Number.isInteger(value)) throw invalidQuery(`"${name}" must be an integer`);
  if (value < least) throw invalidQuery(`"${name}" must be greater than or equal to ${least}`);
  if (!Number.isSafeInteger(value)) throw invalidQuery(`"${name}" must be a safe number`);
  return value;
}

const countNames = ['total_count', 'filter_count'] as const;

/** Throws DirectusError. */
export function readCounts(given: unknown): ItemQuery['counts'] {
  const names = readNames('meta', given);
  if (names.includes('*')) return { total: true, filtered: true };
  const unknown = names.findIndex((name) => !countNames.some((one) => one === name));
  if (unknown >= 0) throw invalidQuery(`"meta[${unknown}]" must be one of [${countNames.join(', ')}]`);
  return { total: names.includes('total_count'), filtered: names.includes('filter_count') };
}

/** A number also looks for the row of this id, a whole uuid for this recipient or sender. Throws DirectusError. */
export function readSearch(given: unknown): ItemSearch | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string' && typeof given !== 'number') throw invalidQuery('"search" must be a string');
  const text = checkText(String(given));
  return { text, number: parseWhole(text), userId: parseUuid(text) };
}

export const exportFormats = ['csv', 'csv_utf8', 'json', 'xml', 'yaml'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Throws DirectusError. */
export function readExport(given: unknown): ExportFormat | undefined {
  if (given === undefined || given === '') return undefined;
  const format = exportFormats.find((one) => one === given);
  if (format === undefined) throw invalidQuery(`"export" must be one of [${exportFormats.join(', ')}]`);
  return format;
}
