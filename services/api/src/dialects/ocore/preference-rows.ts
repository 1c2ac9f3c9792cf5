import { checkQuietWindow, mostSpecificRow, type FieldError } from '@carillon/core';
import type { PreferenceRecord } from '@carillon/db';
import { isObject, readFields, refusal, refuse } from './body.ts';

/** A preference as oCore's clients read it: always these ten keys, and never null. */
export interface OcorePreference {
  category: string;
  createdAt: string;
  enabled: boolean;
  environmentId: string;
  id: string;
  projectId: string;
  quietEnd: string;
  quietStart: string;
  timezone: string;
  updatedAt: string;
}

/** What one row of a request says; what is undefined was left out. The category is ours: empty for all. */
export interface RowWish {
  category: string;
  environment: string;
  project: string;
  enabled: boolean | undefined;
  quietStart: string | undefined;
  quietEnd: string | undefined;
  timezone: string | undefined;
  /** JSON pointer of the row in its body. */
  pointer: string;
}

const everyCategory = '*';
const rowsMax = 200;

/**
 * Preferences without channel kind: oCore has no such dimension. One for a category that is really called `*` (only
 * `/v1` makes such) cannot be told from one for all, so it is left out.
 */
export function isServed({ kind, category }: PreferenceRecord): boolean {
  return kind === '' && category !== everyCategory;
}

/** Where a row leaves it open whether something is wanted, it is shown as the next broader row has it. */
export function toRows(rows: readonly PreferenceRecord[]): OcorePreference[] {
  const served = rows.filter(isServed);
  const choices = served.map((row) => ({ ...row, window: undefined }));
  return served.map((row) => ({
    category: row.category || everyCategory,
    createdAt: row.created_at.toISOString(),
    // Any kind will do: these rows speak of all of them.
    enabled: mostSpecificRow(choices, row, 'inbox', (one) => one.enabled !== null)?.enabled ?? true,
    environmentId: row.environment,
    id: row.id,
    projectId: row.project,
    quietEnd: row.window_end ?? '',
    quietStart: row.window_start ?? '',
    timezone: row.zone ?? '',
    updatedAt: row.updated_at.toISOString(),
  }));
}

/** Reads `{preferences: […]}`; throws MalformedError with all that is wrong. */
export function readPreferences(body: unknown): RowWish[] {
  const rows = isObject(body) ? body['preferences'] : undefined;
  if (!Array.isArray(rows) || rows.length > rowsMax) {
    const detail = `must be a list of at most ${rowsMax} preferences`;
    throw refusal([{ pointer: '/preferences', detail }]);
  }
  const errors: FieldError[] = [];
  const wishes = rows.map((row: unknown, index) => readRow(row, `/preferences/${index}`, errors));
  refuse(errors);
  return wishes;
}

function readRow(row: unknown, pointer: string, errors: FieldError[]): RowWish {
  const fields = readFields(row, pointer, errors);
  const known = errors.length;
  const category = fields.text('category', { charsMin: 1, charsMax: 100 });
  if (category === undefined && errors.length === known && isObject(row)) {
    errors.push({
      pointer: `${pointer}/category`,
      detail: `is required; ${everyCategory} is every category`,
    });
  }
  const wish: RowWish = {
    category: category === everyCategory ? '' : (category ?? ''),
    environment: fields.text('environmentId', { charsMax: 100 }) ?? '',
    project: fields.text('projectId', { charsMax: 100 }) ?? '',
    enabled: fields.flag('enabled'),
    quietStart: fields.text('quietStart', { charsMax: 10 }),
    quietEnd: fields.text('quietEnd', { charsMax: 10 }),
    timezone: fields.text('timezone', { charsMax: 64 }),
    pointer,
  };
  errors.push(...checkTimes(wish));
  return wish;
}

const namesOfWindow: Readonly<Record<string, string>> = {
  ...{ start: 'quietStart', end: 'quietEnd', zone: 'timezone' },
};

/** What is empty is right: it clears. */
function checkTimes({ quietStart, quietEnd, timezone, pointer }: RowWish): FieldError[] {
  const window = { start: quietStart || '00:00', end: quietEnd || '00:00', zone: timezone || 'UTC' };
  return checkQuietWindow(window).map((error) => ({
    pointer: `${pointer}/${namesOfWindow[error.pointer.slice(1)]}`,
    detail: error.detail,
  }));
}
