import type { ThrottleLimit } from '@carillon/queue';
import type { ApiDeps } from '../../deps.ts';
import type { UserCaller } from '../../http/caller.ts';
import type { Pace } from '../dialect.ts';

/**
 * OnCall's documents say 300 in five minutes, its code 300 in one. The latter: clients wait for as long as they are told,
 * and somebody sits before a `terraform apply` of many rules.
 */
const calls: ThrottleLimit = { name: 'oncall-calls', points: 300, windowSeconds: 60 };

/** Counts the calls of a token; those of a JWT or a session by its user. */
export async function pace(
  { throttle }: Pick<ApiDeps, 'throttle'>,
  { tokenId, id }: Pick<UserCaller, 'tokenId' | 'id'>,
): Promise<Pace> {
  const { remaining, resetMs, retryAfterMs } = await throttle.count(calls, tokenId ?? id);
  return {
    headers: {
      'RateLimit-Limit': String(calls.points),
      'RateLimit-Remaining': String(remaining),
      'RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
    },
    retryAfterMs,
  };
}
