import type { Clock, ExternalKind, Log, NewId } from '@carillon/core';
import type { Database } from '@carillon/db';
import type { InboxPublisher, Producer, RateLimiter } from '@carillon/queue';
import type { Config, FaultPoint, Metrics, Random, RenderPool, Sealer } from '@carillon/runtime';
import type { Circuits } from './delivering/circuits.ts';
import type { PolicyCache } from './delivering/policy-cache.ts';
import type { DeliveryRunner } from './delivering/runner.ts';
import type { Sender } from './staging/sender.ts';

/** Everything the worker's parts may use; each takes what it needs as a picked type. */
export interface WorkerDeps {
  config: Pick<Config, 'leaseMs' | 'dispatchTimeoutMs'>;
  log: Log;
  clock: Clock;
  newId: NewId;
  random: Random;
  metrics: Metrics;
  /** Kill points for crash tests; does nothing outside them. */
  fault: FaultPoint;
  /** As `carillon_system`: rows of every organization. */
  db: Database;
  producer: Producer;
  publisher: InboxPublisher;
  sealer: Sealer;
  /** Renders templates beside the main thread. */
  renderPool: RenderPool;
  policies: PolicyCache;
  adapters: Readonly<Record<ExternalKind, Sender>>;
  /** Which targets do not answer. */
  circuits: Circuits;
  /** Spaces out what goes through channels with a rate. */
  rateLimiter: RateLimiter;
  runners: Readonly<Record<ExternalKind, DeliveryRunner>>;
}
