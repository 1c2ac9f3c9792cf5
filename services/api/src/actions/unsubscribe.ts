import {
  effectivePreferences,
  externalKinds,
  TooManyError,
  type OrganizationId,
  type UserId,
} from '@carillon/core';
import {
  inOrganization,
  loadPolicies,
  loadSwitchState,
  lockOwner,
  switchBack,
  switchOff,
  switchOn,
  type Database,
  type SwitchPlace,
  type SwitchState,
} from '@carillon/db';
import type { ThrottleLimit } from '@carillon/queue';
import { hashToken } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';

/** What a link switches, and how it stands. */
export interface Unsubscribe extends SwitchState {
  category: string;
}

/** One person presses a button a few times; more is a program that went wrong. */
const byToken: ThrottleLimit = { name: 'unsubscribe', points: 20, windowSeconds: 60 };

/**
 * What the holder of this token may switch off; undefined for a token that is none, and when its user is gone. The
 * token is the whole credential, and good for nothing else.
 */
export async function loadUnsubscribe(
  deps: Pick<ApiDeps, 'db' | 'unsubscribeTokens'>,
  token: string,
): Promise<Unsubscribe | undefined> {
  const place = placeOf(deps, token);
  if (place === undefined) return undefined;
  return inOrganization(deps.db, place.organizationId, (db) => read(db, place));
}

/**
 * Switches it off or back on; what is mandatory stays as it is. A repeat changes nothing. Undefined as for
 * `loadUnsubscribe`. Throws TooManyError.
 */
export async function setUnsubscribed(
  deps: Pick<ApiDeps, 'db' | 'unsubscribeTokens' | 'throttle' | 'newId' | 'log'>,
  token: string,
  wish: 'off' | 'on',
): Promise<Unsubscribe | undefined> {
  const place = placeOf(deps, token);
  if (place === undefined) return undefined;
  const retryAfterMs = await deps.throttle.take(byToken, hashToken(token));
  if (retryAfterMs !== undefined) {
    throw new TooManyError('rate.limited', 'Too many changes by this link; wait a minute', { retryAfterMs });
  }
  const { organizationId, userId, kind } = place;
  const { before, after } = await inOrganization(deps.db, organizationId, async (db) => {
    if ((await read(db, place)) === undefined) return { before: undefined, after: undefined };
    // Of two clicks at once the second finds what the first has done, and so does not hide when that was.
    await lockOwner(db, place);
    const found = await read(db, place);
    if (found === undefined || found.isMandatory || found.isOff === (wish === 'off')) {
      return { before: found, after: found };
    }
    if (wish === 'off') await switchOff(db, place, deps.newId);
    else await bringBack(deps, db, place);
    return { before: found, after: await read(db, place) };
  });
  if (before !== after) {
    deps.log.info({ event: `unsubscribe.switched_${wish}`, organizationId, userId, kind });
  }
  return after;
}

function placeOf({ unsubscribeTokens }: Pick<ApiDeps, 'unsubscribeTokens'>, token: string) {
  const subject = unsubscribeTokens.read(token);
  const kind = externalKinds.find((one) => one === subject?.kind);
  if (subject === undefined || kind === undefined) return undefined;
  const { organizationId, userId, category } = subject;
  return {
    ...{ organizationId: organizationId as OrganizationId, userId: userId as UserId, category },
    kind,
  } satisfies SwitchPlace;
}

async function read(db: Database, place: SwitchPlace): Promise<Unsubscribe | undefined> {
  const state = await loadSwitchState(db, place);
  return state && { ...state, category: place.category };
}

/** Whoever asks to get a category again gets it, whatever its default is. */
async function bringBack(deps: Pick<ApiDeps, 'newId'>, db: Database, place: SwitchPlace): Promise<void> {
  await switchBack(db, place);
  if (place.category !== '' && !(await isOn(db, place))) await switchOn(db, place, deps.newId);
}

async function isOn(db: Database, { organizationId, userId, category, kind }: SwitchPlace): Promise<boolean> {
  const { users, categories } = await loadPolicies(db, [userId]);
  const policy = users.get(userId);
  if (policy === undefined) return false;
  const subject = {
    scope: { category, environment: '', project: '' },
    ...{ templateId: undefined, templateDefault: undefined, mandatory: false },
    categoryDefault: categories.get(organizationId)?.get(category)?.defaultEnabled,
  };
  return effectivePreferences(policy, [subject], [kind]).every((row) => row.enabled);
}
