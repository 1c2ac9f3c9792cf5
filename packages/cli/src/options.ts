import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { UsageError } from './failure.ts';

/** For options that are a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** For options that are a whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }
  return value;
}

/** For options that may be given several times, or once with commas. */
export function gather(text: string, before: readonly string[] = []): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('It must name something.');
  return [...before, ...names];
}

/**
 * The same for recipients. An id of somebody's own may have a comma in it: what does not give recipients on both sides
 * is one of them.
 */
export function gatherRecipients(text: string, before: readonly string[] = []): string[] {
  const parts = gather(text);
  const isRecipient = (part: string): boolean => /^external:.|^[0-9a-f-]{36}$|^[^@]+@[^@]+$/i.test(part);
  return [...before, ...(parts.every(isRecipient) ? parts : [text])];
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** For options that are a duration, such as `90s`, `30m`, `12h`, `30d`: in seconds. */
export function durationSeconds(text: string): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const seconds = Number(number) * (units[unit] ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds <= 0) {
    throw new InvalidArgumentError('It must be a duration, for example 90s, 30m, 12h or 30d.');
  }
  return seconds;
}

/** For options that are an instant: ISO 8601 with its offset, or `+2h` from now. Gives UTC. */
export function instantOption(now: () => Date): (text: string) => string {
  return (text) => {
    if (text.startsWith('+')) {
      return new Date(now().getTime() + durationSeconds(text.slice(1)) * 1_000).toISOString();
    }
    const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
    if (!isWhole || Number.isNaN(Date.parse(text))) {
      throw new InvalidArgumentError(
        'It must be an instant such as 2026-12-01T03:30:00Z or 2026-12-01T03:30+01:00, or +2h from now.',
      );
    }
    return new Date(text).toISOString();
  };
}

/** For options that are a JSON object: as it stands, or in the file that `@name` names. */
export function jsonObject(text: string): Record<string, unknown> {
  const source = text.startsWith('@') ? readText(text.slice(1)) : text;
  const value = parseJson(source);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('It must be a JSON object, or @file with one.');
  }
  return { ...value };
}

/** The text of a file that somebody named. Throws a UsageError when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read`, { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How many rows a list shows. */
export interface ListLimits {
  limit: number;
  all?: true | undefined;
}

const pageRowsMax = 200;

/** What to ask the API for as one page. */
export function pageSize({ limit, all }: ListLimits, max = pageRowsMax): number {
  return all === true ? max : Math.min(max, limit);
}

/** As many rows as were asked for; `onMore` is told when there were more. */
export async function* takeRows<Row>(
  rows: AsyncIterable<Row>,
  { limit, all }: ListLimits,
  onMore: () => void = () => undefined,
): AsyncGenerator<Row> {
  let taken = 0;
  for await (const row of rows) {
    if (all !== true && taken === limit) return onMore();
    taken += 1;
    yield row;
  }
  return undefined;
}
