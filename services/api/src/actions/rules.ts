import { kindsWithoutContactPoint } from '@carillon/channels/catalogue';
import {
  ForbiddenError,
  NotFoundError,
  type RuleId,
  type RulePlaceWish,
  type RuleSurroundings,
  type RuleType,
} from '@carillon/core';
import { lockOwner, readInOrganization, type Database, type UserRecord } from '@carillon/db';
import {
  deleteRule as remove,
  getRule as load,
  insertRule,
  listRules as list,
  listRulesOf,
  loadRuleRepeats,
  loadRuleSurroundings,
  lockRuleList,
  replaceRules,
  updateRule as update,
  type RuleListKey,
  type RuleRecord,
  type RuleRepeat,
  type RuleRepeats,
} from '@carillon/db/rules';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { findUser, needScope, type UserReference } from './find-user.ts';
import { once } from './once.ts';
import { change } from './quiet-hours.ts';
import { changedStep, refuseSteps, toStep, type StepWish } from './rule-steps.ts';

/** How an edge names a rule: by its short id alone, or by its id and whose it is. */
export type RuleReference = { shortId: string } | { id: RuleId; user: UserReference };

/** All rules of a user, and what is needed to tell which of them reach nobody. */
export interface RuleLists {
  rules: RuleRecord[];
  repeats: RuleRepeats;
  surroundings: RuleSurroundings;
}

/** A rule, and by what its user can be reached. */
export interface RuleShown {
  rule: RuleRecord;
  surroundings: RuleSurroundings;
}

/**
 * The user whose rules are meant; throws as `findUser` does. Short ids cannot be guessed, so who names somebody else by
 * one and is no admin is told that this is not allowed: ForbiddenError.
 */
async function findOwner(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: UserReference,
): Promise<UserRecord> {
  try {
    return await findUser(deps, caller, reference);
  } catch (cause) {
    const isRefused = cause instanceof NotFoundError && caller.user.role !== 'admin';
    if (isRefused && typeof reference !== 'string') throw notYours(cause);
    throw cause;
  }
}

/**
 * One page of rules, by (user, default list before important, position), and how many there are. Without a user those of
 * the whole organization for an admin, and the caller's own for everybody else. Throws NotFoundError for a user who
 * is not there and ForbiddenError for one who is not the caller's to see.
 */
export async function listRules(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  page: { user?: UserReference | undefined; important?: boolean | undefined; offset: number; limit: number },
): Promise<{ rules: RuleRecord[]; total: number }> {
  const { user: reference, ...rest } = page;
  const { organizationId, role } = caller.user;
  const isAll = reference === undefined && role === 'admin';
  if (isAll) needScope(caller, 'admin');
  const userId = isAll ? undefined : (await findOwner(deps, caller, reference ?? 'me')).id;
  return readInOrganization(deps.db, organizationId, (db) => list(db, organizationId, { ...rest, userId }));
}

/**
 * One rule. Throws NotFoundError for what is not there, and ForbiddenError for one of somebody else that the caller names
 * by its short id and may not see.
 */
export async function getRule(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: RuleReference,
): Promise<RuleRecord> {
  const { organizationId, id: ownId, role } = caller.user;
  const owner = 'user' in reference ? await findUser(deps, caller, reference.user) : undefined;
  const rule = await readInOrganization(deps.db, organizationId, (db) => load(db, organizationId, reference));
  if (owner !== undefined) {
    if (rule.user_id !== owner.id) throw new NotFoundError('rule.not_found', 'There is no such rule');
    return rule;
  }
  if (rule.user_id === ownId) return rule;
  if (role !== 'admin') throw notYours();
  needScope(caller, 'admin');
  return rule;
}

function notYours(cause?: unknown): ForbiddenError {
  const message = 'Only an admin may see or change the rules of others';
  return new ForbiddenError('auth.forbidden', message, cause === undefined ? {} : { cause });
}

/**
 * Adds a rule; a repeat with the same key gives the first answer again. Throws as `listRules` does, InvalidError for a
 * wait without a length, a length without a wait and a position beyond the greatest there is, ConflictError when
 * the list is full.
 */
export async function createRule(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  wish: StepWish & { user: UserReference; important: boolean; place: RulePlaceWish },
  key?: RequestKey,
): Promise<{ result: RuleShown; replayed: boolean }> {
  const { id: userId } = await findOwner(deps, caller, wish.user);
  refuseSteps([{ ...wish, pointer: '' }]);
  const { organizationId } = caller.user;
  const owner = { organizationId, userId };
  const show = async (db: Database, rule: RuleRecord): Promise<RuleShown> => {
    return { rule, surroundings: await surroundingsOf(db, owner) };
  };
  const added = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      await lockOwner(db, owner);
      const { important, place } = wish;
      const id = deps.newId() as RuleId;
      const rule = await insertRule(db, { ...owner, important }, { id, place, ...toStep(wish) });
      return { result: await show(db, rule), ids: [id] };
    },
    again: async (db, { ids }) => show(db, await load(db, organizationId, { id: ids[0] as RuleId })),
  });
  if (added.replayed) return added;
  const { id: ruleId } = added.result.rule;
  deps.log.info({ event: 'rule.added', ruleId, organizationId, userId, callerId: caller.id });
  return added;
}

/**
 * Changes a rule; what is not named stays, but a wait that becomes something else loses its length. Throws as `getRule` and
 * `createRule` do, and what `guard` throws.
 */
export async function updateRule(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: RuleReference,
  fields: {
    type?: RuleType | undefined;
    waitSeconds?: number | undefined;
    place?: RulePlaceWish | undefined;
  },
  guard?: Guard<RuleLists>,
): Promise<RuleShown> {
  const { type, waitSeconds, place } = fields;
  return changeRule(deps, caller, { reference, event: 'rule.changed', guard }, async (db, key, { id }) => {
    const now = await load(db, key.organizationId, { id });
    const step = changedStep(now, { type, waitSeconds });
    const rule = await update(db, key, id, { step, place });
    return { rule, surroundings: await surroundingsOf(db, key) };
  });
}

/** Removes a rule; the others keep their positions. Throws as `getRule` does, and what `guard` throws. */
export async function deleteRule(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: RuleReference,
  guard?: Guard<RuleLists>,
): Promise<void> {
  await changeRule(deps, caller, { reference, event: 'rule.removed', guard }, (db, key, { id }) =>
    remove(db, key, id),
  );
}

/** Runs a write with the list of a rule locked, after the guard, if there is one. */
async function changeRule<T>(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  {
    reference,
    event,
    guard,
  }: { reference: RuleReference; event: string; guard: Guard<RuleLists> | undefined },
  write: (db: Database, key: RuleListKey, rule: RuleRecord) => Promise<T>,
): Promise<T> {
  const rule = await getRule(deps, caller, reference);
  return change(deps, caller, { id: rule.user_id }, event, async (db, owner) => {
    const key = { ...owner, important: rule.important };
    await lockRuleList(db, key);
    guard?.(await readLists(db, owner));
    return write(db, key, rule);
  });
}

/** Both lists of a user. Throws NotFoundError. */
export async function getRuleLists(
  deps: Pick<ApiDeps, 'db'>,
  caller: UserCaller,
  reference: UserReference,
): Promise<RuleLists> {
  const { id: userId } = await findOwner(deps, caller, reference);
  const { organizationId } = caller.user;
  return readInOrganization(deps.db, organizationId, (db) => readLists(db, { organizationId, userId }));
}

/**
 * Makes a list what it should be, all of it or nothing, and answers both lists as they are then. Throws as `createRule` does,
 * and what `guard` throws.
 */
export async function setRules(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'log'>,
  caller: UserCaller,
  reference: UserReference,
  wish: { important: boolean; steps: readonly StepWish[]; repeat: RuleRepeat | null },
  guard?: Guard<RuleLists>,
): Promise<RuleLists> {
  const { important, repeat } = wish;
  const { id } = await findOwner(deps, caller, reference);
  refuseSteps(wish.steps.map((step, index) => ({ ...step, pointer: `/steps/${index}` })));
  return change(deps, caller, { id }, 'rules.replaced', async (db, owner) => {
    const key = { ...owner, important };
    await lockRuleList(db, key);
    guard?.(await readLists(db, owner));
    const steps = wish.steps.map((step) => ({ ...toStep(step), id: deps.newId() as RuleId }));
    await replaceRules(db, key, { steps, repeat });
    return readLists(db, owner);
  });
}

async function readLists(db: Database, owner: Omit<RuleListKey, 'important'>): Promise<RuleLists> {
  return {
    rules: await listRulesOf(db, owner),
    repeats: await loadRuleRepeats(db, owner),
    surroundings: await surroundingsOf(db, owner),
  };
}

/** Of a kind whose channel is the whole target everybody has an address: a step by it needs none. */
async function surroundingsOf(
  db: Database,
  owner: Parameters<typeof loadRuleSurroundings>[1],
): Promise<RuleSurroundings> {
  const { channels, addresses } = await loadRuleSurroundings(db, owner);
  return { channels, addresses: new Set([...addresses, ...kindsWithoutContactPoint]) };
}
