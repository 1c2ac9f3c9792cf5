import qs from 'qs';
import { invalidQuery } from '../errors.ts';

/** Levels of a filter, and what a query may hold beside them. */
export const depthMax = 32;
/** One level of logic takes two of JSON, its name and a position; what a filter stands in takes some more. */
export const jsonDepthMax = 2 * depthMax + 6;
export const conditionsMax = 200;
export const valuesMax = 1_000;

/** A query before it is read: values are texts, or what JSON can hold. */
export type QuerySource = Readonly<Record<string, unknown>>;

/** The query of a URL, without its question mark: brackets become objects and arrays. Throws DirectusError. */
export function parseQueryText(text: string): QuerySource {
  try {
    return qs.parse(text, {
      ...{ depth: jsonDepthMax, strictDepth: true },
      ...{ parameterLimit: valuesMax, arrayLimit: valuesMax, throwOnLimitExceeded: true },
      ...{ plainObjects: true, allowPrototypes: false },
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidQuery(
      `A query must not be nested deeper than ${depthMax} levels nor have more than ${valuesMax} values`,
    );
  }
}

/**
 * A parameter that may be JSON: text is parsed, anything else is taken as it is; undefined where nothing was given.
 * Throws DirectusError.
 */
export function readJson(name: string, given: unknown): unknown {
  if (given === undefined || given === '') return undefined;
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    throw invalidQuery(`Invalid JSON for ${name} object`);
  }
}

/** As `readJson`, for what must be an object; an empty list is nothing. Throws DirectusError. */
export function readObject(name: string, given: unknown): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(name, given);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  if (isObject(value)) return value;
  throw invalidQuery(`"${name}" must be of type object`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names in a text with commas, or in an array of such texts; empty ones are none. Throws DirectusError. */
export function readNames(name: string, given: unknown): string[] {
  if (given === undefined || given === null) return [];
  const texts: unknown[] = Array.isArray(given) ? given : [given];
  const names = texts.flatMap((text) => {
    if (typeof text !== 'string') throw invalidQuery(`"${name}" must be a string`);
    return text.split(',').map((one) => one.trim());
  });
  if (names.length > valuesMax) throw invalidQuery(`"${name}" must not have more than ${valuesMax} entries`);
  return [...new Set(names.filter((one) => one !== ''))];
}
