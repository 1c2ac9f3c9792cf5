import { randomBytes } from 'node:crypto';
import type { Adapter } from '@carillon/channels';
import { perKind } from '@carillon/core';
import type { Database } from '@carillon/db';
import { createClock, createMetrics, createNewId, createSealer, type RenderPool } from '@carillon/runtime';
import { createLocalRateLimiter } from '@carillon/queue';
import { silentLog } from '@carillon/testkit';
import { createCircuits } from '../src/delivering/circuits.ts';
import type { WorkerDeps } from '../src/deps.ts';

/** What a worker's parts need besides Redis and runners, with one adapter for every kind. */
export function makeWorkerDeps(given: {
  db: Database;
  renderPool: RenderPool;
  adapter: Adapter;
}): Omit<WorkerDeps, 'runners' | 'producer' | 'publisher' | 'policies'> {
  const { db, renderPool, adapter } = given;
  const metrics = createMetrics({ service: 'worker', version: 'test' });
  return {
    ...{ db, renderPool, newId: createNewId(), log: silentLog, clock: createClock() },
    ...{ metrics, circuits: createCircuits({ db, log: silentLog, metrics }) },
    rateLimiter: createLocalRateLimiter(),
    ...{ fault: () => undefined, random: () => 0.5, sealer: createSealer({ key: randomBytes(32) }) },
    config: { leaseMs: 20_000, dispatchTimeoutMs: 15_000 },
    adapters: perKind(() => adapter),
  };
}
