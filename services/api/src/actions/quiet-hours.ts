import { checkQuietWindow, InvalidError, type FieldError } from '@carillon/core';
import {
  clearMute,
  clearQuietHours,
  inOrganization,
  loadQuietHours,
  lockOwner,
  readInOrganization,
  setMute,
  setQuietHours,
  type Database,
  type QuietHoursRecord,
  type StoredWindow,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import { findUser, type UserReference } from './find-user.ts';

/** A window as a request brings it; without a zone it is meant in the user's. */
export interface WindowWish {
  start: string;
  end: string;
  zone?: string | null | undefined;
  days?: readonly number[] | null | undefined;
}

/** What is wrong with a window, each with what would be right. `pointer` is that of the window. */
export function checkWindow({ start, end, zone, days }: WindowWish, pointer: string): FieldError[] {
  // Which zone an absent one becomes is decided later; every zone that it may become was checked.
  return checkQuietWindow({ start, end, zone: zone ?? 'UTC', days }, pointer);
}

/** Throws InvalidError with all that is wrong with windows, where anything is. */
export function refuseWindows(errors: FieldError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError('quiet_hours.invalid', `${first.pointer}: ${first.detail}`, { errors });
}

/** As it is stored: kept as it was sent. */
export function toStoredWindow({ start, end, zone, days }: WindowWish): StoredWindow {
  return { start, end, zone: zone ?? null, days: days ?? null };
}

/** Undefined when the user never set any. Throws NotFoundError for who may not be seen. */
export async function getQuietHours(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: string,
): Promise<QuietHoursRecord | undefined> {
  const { id: userId } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  return readInOrganization(deps.db, organizationId, (db) => loadQuietHours(db, { organizationId, userId }));
}

/**
 * Replaces a user's quiet hours; throws NotFoundError, InvalidError for a window that cannot be understood, and what
 * `guard` throws.
 */
export async function changeQuietHours(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  wish: WindowWish & { urgentPasses: boolean },
  guard?: Guard<QuietHoursRecord | undefined>,
): Promise<QuietHoursRecord> {
  return change(deps, caller, reference, 'quiet_hours.changed', async (db, owner) => {
    guard?.(await loadQuietHours(db, owner));
    refuseWindows(checkWindow(wish, ''));
    return setQuietHours(db, owner, { ...toStoredWindow(wish), urgentPasses: wish.urgentPasses });
  });
}

/** Removes a user's quiet hours; a repeat changes nothing. Throws NotFoundError, and what `guard` throws. */
export async function removeQuietHours(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  guard?: Guard<QuietHoursRecord | undefined>,
): Promise<void> {
  await change(deps, caller, reference, 'quiet_hours.removed', async (db, owner) => {
    guard?.(await loadQuietHours(db, owner));
    await clearQuietHours(db, owner);
  });
}

/** Holds everything until an instant; throws NotFoundError, and InvalidError for one that is past. */
export async function mute(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
  until: Date,
): Promise<QuietHoursRecord> {
  return change(deps, caller, reference, 'user.muted', async (db, owner) => {
    const row = await setMute(db, owner, until);
    if (row !== undefined) return row;
    const detail = 'must be in the future; DELETE on the same path ends a mute';
    throw new InvalidError('mute.past', `/until: ${detail}`, { errors: [{ pointer: '/until', detail }] });
  });
}

/** Ends a mute; a repeat changes nothing. Throws NotFoundError. */
export async function unmute(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
): Promise<void> {
  await change(deps, caller, reference, 'user.unmuted', clearMute);
}

/** Runs a write of what a user wants in one transaction, with the user locked, and logs that it happened. */
export async function change<T>(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: UserReference,
  event: string,
  write: (db: Database, owner: Parameters<typeof lockOwner>[1]) => Promise<T>,
): Promise<T> {
  const { id: userId } = await findUser(deps, caller, reference);
  const { organizationId } = caller.user;
  const result = await inOrganization(deps.db, organizationId, async (db) => {
    await lockOwner(db, { organizationId, userId });
    return write(db, { organizationId, userId });
  });
  deps.log.info({ event, organizationId, userId, callerId: caller.id });
  return result;
}
