import {
  InvalidError,
  type ChannelKind,
  type FieldError,
  type OrganizationId,
  type QuietMode,
} from '@carillon/core';
import {
  deletePreference,
  deleteTemplatePreference,
  listMandatory,
  listPreferences,
  listTemplatePreferences,
  loadTemplateStanding,
  partOf,
  readInOrganization,
  upsertPreferences,
  upsertTemplatePreference,
  type Database,
  type PreferenceRecord,
  type TemplatePreferenceRecord,
  type TemplateStanding,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import { findUser, type UserReference } from './find-user.ts';
import { change, checkWindow, refuseWindows, toStoredWindow, type WindowWish } from './quiet-hours.ts';

/** A preference as a request brings it; the empty text means any. */
export interface PreferenceWish {
  category: string;
  environment: string;
  project: string;
  kind: ChannelKind | '';
  enabled: boolean | null;
  window: WindowWish | null;
  /** Kept for a window to come, where there is none. */
  zone?: string | null;
  mode: QuietMode | null;
  /** JSON pointer of the preference in its body. */
  pointer: string;
}

/** All that a user prefers; writes of any of it are guarded by the whole. */
export interface AllPreferences {
  rows: PreferenceRecord[];
  templateRows: TemplatePreferenceRecord[];
}

/** All preferences of a user whom the caller may see. */
export async function listAll(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: UserReference,
): Promise<AllPreferences> {
  const { id: userId } = await findUser(deps, caller, reference);
  const owner = { organizationId: caller.user.organizationId, userId };
  return readInOrganization(deps.db, owner.organizationId, (db) => readAll(db, owner));
}

async function readAll(db: Database, owner: Parameters<typeof listPreferences>[1]): Promise<AllPreferences> {
  return {
    rows: await listPreferences(db, owner),
    templateRows: await listTemplatePreferences(db, owner),
  };
}

/** As `change`, for preferences: runs the write if the guard, where there is one, lets it through. */
async function changePreferences<T>(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  { caller, reference, guard }: PreferenceChange,
  write: Parameters<typeof change<T>>[4],
): Promise<T> {
  return change(deps, caller, reference, 'preferences.changed', async (db, owner) => {
    guard?.(await readAll(db, owner));
    return write(db, owner);
  });
}

interface PreferenceChange {
  caller: UserCaller;
  reference: UserReference;
  guard: Guard<AllPreferences> | undefined;
}

/**
 * Sets preferences, all or none. Throws NotFoundError; InvalidError for windows that cannot be understood,
 * for what says nothing or stands twice, and for mandatory categories that it would switch off;
 * ConflictError when the user would have too many; and what `guard` throws.
 */
export async function setPreferences(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: string,
  wishes: readonly PreferenceWish[],
  guard?: Guard<AllPreferences>,
): Promise<PreferenceRecord[]> {
  return changePreferences(deps, { caller, reference, guard }, (db, owner) =>
    writePreferences(deps, db, owner, wishes),
  );
}

/**
 * As `setPreferences`, for wishes that follow from what the user has: `decide` is given it, and what it answers is
 * written before anybody else can change it. Answers all that the user has then.
 */
export async function rewritePreferences(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: string,
  decide: (rows: readonly PreferenceRecord[]) => readonly PreferenceWish[],
): Promise<PreferenceRecord[]> {
  return changePreferences(deps, { caller, reference, guard: undefined }, async (db, owner) => {
    const rows = await listPreferences(db, owner);
    const wishes = decide(rows);
    if (wishes.length === 0) return rows;
    await writePreferences(deps, db, owner, wishes);
    return listPreferences(db, owner);
  });
}

async function writePreferences(
  deps: Pick<ApiDeps, 'newId'>,
  db: Database,
  owner: Parameters<typeof listPreferences>[1],
  wishes: readonly PreferenceWish[],
): Promise<PreferenceRecord[]> {
  refuseInvalid(wishes);
  refuseWindows(
    wishes.flatMap(({ window, pointer }) =>
      window === null ? [] : checkWindow(window, `${pointer}/quiet_hours`),
    ),
  );
  await refuseMandatory(db, owner.organizationId, wishes);
  const writes = wishes.map(({ pointer: _pointer, window, ...wish }) => ({
    ...wish,
    ...{ id: deps.newId(), window: window === null ? null : toStoredWindow(window) },
  }));
  return upsertPreferences(db, owner, writes);
}

/** Throws NotFoundError, also for a preference of somebody else, and what `guard` throws. */
export async function removePreference(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  id: string,
  guard?: Guard<AllPreferences>,
): Promise<void> {
  await changePreferences(deps, { caller, reference, guard }, (db, owner) => deletePreference(db, owner, id));
}

/**
 * Throws NotFoundError, InvalidError for an unknown or mandatory template, ConflictError for too many, and what
 * `guard` throws.
 */
export async function setTemplatePreference(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: string,
  wish: TemplateWish,
  guard?: Guard<AllPreferences>,
): Promise<TemplatePreferenceRecord> {
  return changePreferences(deps, { caller, reference, guard }, (db, owner) =>
    writeTemplatePreference(deps, db, owner, wish),
  );
}

/** As `setTemplatePreference`, several at once: all of them or none. Answers all that the user has. */
export async function setTemplatePreferences(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: UserReference,
  wishes: readonly TemplateWish[],
): Promise<TemplatePreferenceRecord[]> {
  return changePreferences(deps, { caller, reference, guard: undefined }, async (db, owner) => {
    for (const wish of wishes) await writeTemplatePreference(deps, db, owner, wish);
    return listTemplatePreferences(db, owner);
  });
}

interface TemplateWish {
  /** Id or key. */
  template: string;
  kind: ChannelKind | '';
  enabled: boolean;
}

async function writeTemplatePreference(
  deps: Pick<ApiDeps, 'newId'>,
  db: Database,
  owner: Parameters<typeof listTemplatePreferences>[1],
  { template: reference, kind, enabled }: TemplateWish,
): Promise<TemplatePreferenceRecord> {
  const template = await getTemplate(db, owner.organizationId, reference, '/template');
  if (!enabled && (await isMandatory(db, owner.organizationId, template))) {
    throw mandatory([{ pointer: '/enabled', detail: 'must be true: the template is mandatory' }]);
  }
  return upsertTemplatePreference(db, owner, {
    ...{ id: deps.newId(), templateId: template.id, kind, enabled },
  });
}

/** Throws NotFoundError, also for a preference of somebody else, and what `guard` throws. */
export async function removeTemplatePreference(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  id: string,
  guard?: Guard<AllPreferences>,
): Promise<void> {
  await changePreferences(deps, { caller, reference, guard }, (db, owner) =>
    deleteTemplatePreference(db, owner, id),
  );
}

/** The template that a request names by id or key; throws InvalidError when there is none. */
export async function getTemplate(
  db: Database,
  organizationId: OrganizationId,
  reference: string,
  pointer: string,
): Promise<TemplateStanding> {
  const template = await loadTemplateStanding(db, organizationId, reference);
  if (template !== undefined) return template;
  const detail = 'must be the id or the key of a template of this organization';
  throw new InvalidError('preference.template_unknown', `${pointer}: ${detail}`, {
    errors: [{ pointer, detail }],
  });
}

async function isMandatory(
  db: Database,
  organizationId: OrganizationId,
  { mandatory: byItself, category }: TemplateStanding,
): Promise<boolean> {
  return byItself || (await listMandatory(db, organizationId, [category])).has(category);
}

function refuseInvalid(wishes: readonly PreferenceWish[]): void {
  const seen = new Set<string>();
  const errors = wishes.flatMap((wish): FieldError[] => {
    const { pointer, kind, enabled, window, mode } = wish;
    const part = partOf(wish);
    if (seen.has(part)) return [{ pointer, detail: 'stands for the same part as one before it' }];
    seen.add(part);
    if (enabled === null && window === null && mode === null) {
      return [
        { pointer, detail: 'must have `enabled`, `quiet_hours` or `quiet_mode`; to say nothing, delete it' },
      ];
    }
    if (kind !== 'inbox') return [];
    const detail = 'must be left out: the inbox is never quiet, its items arrive at once';
    return [
      ...(window === null ? [] : [{ pointer: `${pointer}/quiet_hours`, detail }]),
      ...(mode === null ? [] : [{ pointer: `${pointer}/quiet_mode`, detail }]),
    ];
  });
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError('preference.invalid', `${first.pointer}: ${first.detail}`, { errors });
}

/** A preference for all categories may be off: it says nothing of the mandatory ones. */
async function refuseMandatory(
  db: Database,
  organizationId: OrganizationId,
  wishes: readonly PreferenceWish[],
): Promise<void> {
  const off = wishes.filter(({ enabled, category }) => enabled === false && category !== '');
  if (off.length === 0) return;
  const keys = await listMandatory(
    db,
    organizationId,
    off.map(({ category }) => category),
  );
  const errors = off
    .filter(({ category }) => keys.has(category))
    .map(({ pointer }) => ({
      pointer: `${pointer}/enabled`,
      detail: 'must not be false: the category is mandatory',
    }));
  if (errors.length > 0) throw mandatory(errors);
}

function mandatory(errors: FieldError[]): InvalidError {
  return new InvalidError('preference.mandatory', `${errors[0]?.pointer}: ${errors[0]?.detail}`, { errors });
}
