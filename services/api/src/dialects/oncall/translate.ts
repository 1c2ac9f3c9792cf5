import type { Role, RuleType } from '@carillon/core';
import type { PersonRecord, RuleRecord } from '@carillon/db/rules';

/** A rule as OnCall's clients read it: `duration` is there for `wait` and for nothing else. */
export interface OncallRule {
  id: string;
  user_id: string;
  position: number;
  /** In seconds; `/v1` sets others than OnCall's five. */
  duration?: number;
  important: boolean;
  type: RuleType;
}

export function toRule(rule: RuleRecord): OncallRule {
  const { short_id: id, user_short_id: userId, position, important, type } = rule;
  return {
    ...{ id, user_id: userId, position },
    ...(rule.wait_seconds !== null && { duration: rule.wait_seconds }),
    ...{ important, type },
  };
}

/** As much of a user as OnCall's clients read. */
export interface OncallUser {
  id: string;
  email: string;
  username: string;
  role: string;
}

/** OnCall has no members, but people who may change their own things; and programs, which may not. */
const roles: Readonly<Record<Role, string>> = { admin: 'admin', member: 'editor', system: 'viewer' };

export function toUser({
  short_id: id,
  email,
  username,
  external_id: externalId,
  role,
}: PersonRecord): OncallUser {
  return { id, email: email ?? '', username: username ?? externalId ?? '', role: roles[role] };
}
