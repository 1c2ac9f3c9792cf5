import type { UserId } from '@carillon/core';
import { loadPolicies, type Database, type Policies, type UserPolicy } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

/** Policies of the users told last, each good for the version it was read with. */
export interface PolicyCache {
  /**
   * The policies of a batch's recipients: kept ones where nothing changed since, all others in one statement, by
   * `db` where that is given.
   */
  ofBatch(batch: PolicyBatch, userIds: readonly UserId[], db?: Database): Promise<Policies>;
}

/** What a batch knows of policies. */
export interface PolicyBatch {
  /** Whose policies are wanted, with their versions as they are now. */
  notifications: readonly { recipientId: UserId; policyVersion: number; organizationZone: string }[];
  categories: Policies['categories'];
}

const usersMax = 5_000;
/** A policy with more rows is loaded each time: some tools make a row per project. */
const rowsMax = 100;
/** Nothing should change without raising a version; what does anyhow, a restored backup say, is seen after this. */
const keptMs = 60_000;

/**
 * A policy is kept in the worker and used again as long as the recipient's version is the one it was read with.
 * The batch tells the version, and placing compares it once more under the lock of whoever changes it: so what is
 * kept can never decide against a change that was answered (docs/decisions/0017).
 */
export function createPolicyCache(deps: Pick<WorkerDeps, 'db' | 'clock'>): PolicyCache {
  const kept = new Map<UserId, { policy: UserPolicy; untilMs: number }>();

  function keep(userId: UserId, policy: UserPolicy, untilMs: number): void {
    kept.delete(userId);
    if (policy.rows.length + policy.templateRows.length > rowsMax) return;
    kept.set(userId, { policy, untilMs });
    const oldest = kept.keys().next();
    if (kept.size > usersMax && oldest.done !== true) kept.delete(oldest.value);
  }

  return {
    async ofBatch({ notifications, categories }, userIds, db = deps.db) {
      const nowMs = deps.clock.monotonicMs();
      const users = new Map<UserId, UserPolicy>();
      for (const { recipientId, policyVersion, organizationZone } of notifications) {
        const known = kept.get(recipientId);
        if (known === undefined || known.untilMs < nowMs) continue;
        const { policy } = known;
        if (policy.version !== policyVersion || policy.organizationZone !== organizationZone) continue;
        users.set(recipientId, policy);
      }
      const unknown = userIds.filter((userId) => !users.has(userId));
      const loaded = await loadPolicies(db, unknown);
      for (const [userId, policy] of loaded.users) {
        users.set(userId, policy);
        keep(userId, policy, nowMs + keptMs);
      }
      return { users, categories };
    },
  };
}
