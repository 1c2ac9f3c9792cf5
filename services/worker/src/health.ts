import type { DeliveryMode } from '@carillon/core';
import { loadOldestDueSeconds, loadTokenHolder, ping } from '@carillon/db';
import {
  areHashesEqual,
  createHealth,
  hashToken,
  isTokenShaped,
  tokenLookup,
  version,
  type Health,
} from '@carillon/runtime';
import type { WorkerDeps } from './deps.ts';
import type { Sweeps } from './sweeps/table.ts';

/** A due-scan that has not ended for so long, while PostgreSQL answers, means that this worker hangs. */
const stuckAfterMs = 60_000;

/** What a worker says about itself: PostgreSQL is decisive, Redis only shows as degraded. */
export function createWorkerHealth(
  deps: Pick<WorkerDeps, 'db' | 'clock' | 'producer' | 'publisher'>,
  sweeps: Sweeps,
  deliveryMode: DeliveryMode,
): Health {
  const state = { postgresAnsweredMs: deps.clock.monotonicMs() };
  return createHealth({
    ...{ service: 'worker', version, clock: deps.clock, facts: { delivery_mode: deliveryMode } },
    checks: [
      {
        name: 'postgres',
        decisive: true,
        check: async () => {
          await ping(deps.db);
          state.postgresAnsweredMs = deps.clock.monotonicMs();
          return { oldest_due_seconds: await loadOldestDueSeconds(deps.db) };
        },
      },
      {
        name: 'redis',
        decisive: false,
        check: async () => {
          if (!deps.producer.healthy() || !deps.publisher.healthy()) throw new Error('Redis takes no hints');
        },
      },
    ],
    stuck: () => {
      const nowMs = deps.clock.monotonicMs();
      const postgresAnswers = nowMs - state.postgresAnsweredMs < stuckAfterMs / 2;
      if (!postgresAnswers || nowMs - sweeps.lastDueMs() < stuckAfterMs) return undefined;
      return `no due-scan has ended for ${Math.round((nowMs - sweeps.lastDueMs()) / 1000)} s although PostgreSQL answers`;
    },
  });
}

/** Details are for operators: they tell of all organizations. */
export async function isOperator(
  { db }: Pick<WorkerDeps, 'db'>,
  authorization: string | undefined,
): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined || !isTokenShaped(token)) return false;
  const holder = await loadTokenHolder(db, tokenLookup(token));
  return holder !== undefined && holder.operator && areHashesEqual(holder.hash, hashToken(token));
}
