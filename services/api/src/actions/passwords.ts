import { InvalidError, type UserId } from '@carillon/core';
import { changePassword, getPasswordHash, inOrganization } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { findUser } from './find-user.ts';
import { countWrong } from './wrong-passwords.ts';

/** The password that a user is to have, and the one that they have. */
export interface PasswordWish {
  password: string;
  current: string | undefined;
}

type PasswordDeps = Pick<ApiDeps, 'db' | 'log' | 'passwords' | 'throttle'>;

/**
 * Gives a user a password and ends all their sessions. Admins do so for anybody of their organization; others for
 * themselves, and name the current one where there is one.
 * Throws NotFoundError, InvalidError for a wrong current one, TooManyError after five of them in a minute.
 */
export async function setPassword(
  deps: PasswordDeps,
  caller: UserCaller,
  reference: string,
  { password, current }: PasswordWish,
): Promise<void> {
  const { id: userId } = await findUser(deps, caller, reference);
  if (caller.user.role !== 'admin') await checkCurrent(deps, caller, userId, current);
  await change(deps, caller, userId, await deps.passwords.hash(password));
}

/** Takes a user's password away and ends all their sessions: tokens still work. Throws NotFoundError. */
export async function removePassword(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  reference: string,
): Promise<void> {
  const { id: userId } = await findUser(deps, caller, reference);
  await change(deps, caller, userId, null);
}

async function checkCurrent(
  deps: PasswordDeps,
  { user: { organizationId } }: UserCaller,
  userId: UserId,
  current: string | undefined,
): Promise<void> {
  const stored = await inOrganization(deps.db, organizationId, (db) =>
    getPasswordHash(db, organizationId, userId),
  );
  if (stored === undefined) return;
  if (current === undefined) throw wrongCurrent('is missing: there is a password already');
  const isRight = await countWrong(deps, { accounts: [userId], clientIp: undefined }, async () =>
    (await deps.passwords.verify(current, stored)) ? true : undefined,
  );
  if (isRight !== true) throw wrongCurrent('is not the current password');
}

async function change(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  userId: UserId,
  hash: string | null,
): Promise<void> {
  const { organizationId } = caller.user;
  const sessionsEnded = await inOrganization(deps.db, organizationId, (db) =>
    changePassword(db, organizationId, userId, hash),
  );
  deps.log.info({
    event: hash === null ? 'password.removed' : 'password.changed',
    ...{ organizationId, userId, callerId: caller.id, sessionsEnded },
  });
}

function wrongCurrent(detail: string): InvalidError {
  return new InvalidError('password.current_wrong', 'The current password is needed to change it', {
    errors: [{ pointer: '/current_password', detail }],
  });
}
