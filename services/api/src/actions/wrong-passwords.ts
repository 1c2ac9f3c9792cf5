import { TooManyError } from '@carillon/core';
import type { ThrottleLimit } from '@carillon/queue';
import { clientNetwork } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';

/** Wrong passwords that one account takes in a minute, whoever sends them. */
const byAccount: ThrottleLimit = { name: 'password-account', points: 5, windowSeconds: 60 };
/** Wrong passwords that one address may send in a minute; a whole office may stand behind it. */
const byClient: ThrottleLimit = { name: 'password-client', points: 30, windowSeconds: 60 };

/** What a password is tried on: an account's id, or a mask of an address that is nobody's. */
export interface PasswordTry {
  accounts: readonly string[];
  clientIp: string | undefined;
}

/**
 * Runs `attempt` if not too many wrong passwords were tried before; it answers undefined for a wrong one. Each try
 * is counted before it is made, so that many at once do not slip through, and given back when it was right.
 * Throws TooManyError.
 */
export async function countWrong<T>(
  deps: Pick<ApiDeps, 'throttle'>,
  { accounts, clientIp }: PasswordTry,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const counted = [
    ...(clientIp === undefined ? [] : [{ limit: byClient, key: clientNetwork(clientIp) }]),
    ...accounts.map((key) => ({ limit: byAccount, key })),
  ];
  for (const { limit, key } of counted) {
    const retryAfterMs = await deps.throttle.take(limit, key);
    if (retryAfterMs === undefined) continue;
    throw new TooManyError('rate.limited', 'Too many wrong passwords; wait before the next one', {
      retryAfterMs,
    });
  }
  const result = await attempt();
  if (result === undefined) return undefined;
  for (const { limit, key } of counted) await deps.throttle.giveBack(limit, key);
  return result;
}
