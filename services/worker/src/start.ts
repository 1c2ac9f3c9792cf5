import { adapters, type Adapter, type AdapterDeps } from '@carillon/channels';
import { catalogue } from '@carillon/channels/catalogue';
import { externalKinds, perKind, type ExternalKind, type Log } from '@carillon/core';
import {
  connectAs,
  countOpenCircuits,
  loadOldestDueSeconds,
  migrate,
  pauseAll,
  type ConnectedDatabase,
  type Database,
} from '@carillon/db';
import { createInboxPublisher, createProducer, createRateLimiter, defaultPrefix } from '@carillon/queue';
import {
  createClock,
  createFaults,
  createMetrics,
  createNewId,
  createRandom,
  createRenderPool,
  createSealer,
  createUnsubscribeTokens,
  requireStores,
  sleep,
  startHealthServer,
  version,
  type Config,
  type Environment,
  type RunningProcess,
} from '@carillon/runtime';
import { createCircuits } from './delivering/circuits.ts';
import { createGate } from './delivering/gate.ts';
import { createPolicyCache } from './delivering/policy-cache.ts';
import { createRecorder } from './delivering/recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './delivering/runner.ts';
import type { WorkerDeps } from './deps.ts';
import { createWorkerHealth, isOperator } from './health.ts';
import { startConsumers } from './jobs/table.ts';
import { createSenders } from './staging/senders.ts';
import { startSweeps } from './sweeps/table.ts';

/** Milliseconds kept of the stop for what follows the last send: records, connections, queues. */
const afterSendsMs = 3_000;

/** Starts a worker: migrates if needed, then consumes, delivers and sweeps until it is stopped. */
export async function startWorker(
  config: Config,
  log: Log,
  environment: Environment,
): Promise<RunningProcess> {
  const stores = requireStores(config);
  await migrate({ url: stores.databaseUrl, log });
  const database = await connectAs({
    url: stores.databaseUrl,
    log,
    name: 'worker',
    role: 'carillon_system',
    prepares: true,
  });
  if (config.startPaused) await pauseEverything(database.db, log);
  const deps = createDeps(config, { ...stores, log, environment, database });
  const consumers = startConsumers(deps, { redisUrl: stores.redisUrl, prefix: defaultPrefix });
  const sweeps = startSweeps(deps, consumers.watchdog);
  const health = createWorkerHealth(deps, sweeps, config.delivery.mode);
  deps.metrics.beforeScrape(async () => {
    deps.metrics.redisUp.set(deps.producer.healthy() ? 1 : 0);
    deps.metrics.poolWaiting.set(database.waiting());
    deps.metrics.oldestDueSeconds.set(await loadOldestDueSeconds(deps.db));
    await countCircuits(deps);
  });
  const healthServer = await startHealthServer({
    ...{ health, metrics: deps.metrics, log, host: config.host, port: config.metricsPort },
    mayReadDetails: (authorization) => isOperator(deps, authorization),
  });
  return {
    async stop({ reason, withinMs }) {
      health.drain();
      const sendsMs = reason === 'crash' ? 1 : Math.min(config.drainMs, withinMs - afterSendsMs);
      const stopped = Object.values(deps.runners).map((runner) => runner.stop(sendsMs));
      await Promise.all([consumers.stop(1_000), sweeps.stop(), ...stopped]);
      await Promise.all([
        deps.producer.stop(),
        deps.publisher.stop(),
        deps.rateLimiter.stop(),
        healthServer.stop(),
        deps.renderPool.stop(),
      ]);
      await database.stop();
    },
  };
}

/** Kinds of which no channel is open any more show none. */
async function countCircuits({ db, metrics }: Pick<WorkerDeps, 'db' | 'metrics'>): Promise<void> {
  const open = new Map((await countOpenCircuits(db)).map(({ kind, count }) => [kind, count]));
  for (const kind of externalKinds) metrics.circuitsOpen.set({ kind }, open.get(kind) ?? 0);
}

/** After a restore nothing may go out again before a person has looked (CARILLON_START_PAUSED). */
async function pauseEverything(db: Database, log: Log): Promise<void> {
  await pauseAll(db);
  log.warn({
    event: 'organizations.paused',
    detail: 'CARILLON_START_PAUSED is on; resume with PUT /v1/paused',
  });
}

function createDeps(
  config: Config,
  given: {
    log: Log;
    environment: Environment;
    database: ConnectedDatabase;
    redisUrl: string;
    secretKey: Uint8Array;
  },
): WorkerDeps {
  const { log, redisUrl } = given;
  const { db } = given.database;
  const metrics = createMetrics({ service: 'worker', version });
  const base: Omit<WorkerDeps, 'runners' | 'policies'> = {
    ...{ config, log, clock: createClock(), newId: createNewId(), random: createRandom(), metrics },
    circuits: createCircuits({ db, log, metrics }),
    rateLimiter: createRateLimiter({ redisUrl, log }),
    fault: createFaults(given.environment),
    db,
    producer: createProducer({ redisUrl, log }),
    publisher: createInboxPublisher({ redisUrl, log }),
    sealer: createSealer({ key: given.secretKey, previous: config.previousSecretKeys }),
    adapters: createSenders({ db, log }, config.delivery, adapterMaker(config, log, given.secretKey)),
    renderPool: createRenderPool({ log }),
  };
  return { ...base, policies: createPolicyCache(base), runners: createRunners(base) };
}

/** As adapters want it: an abort is an error. */
async function sleepOrThrow(durationMs: number, signal: AbortSignal): Promise<void> {
  if (!(await sleep(durationMs, signal))) throw signal.reason;
}

function adapterMaker(config: Config, log: Log, secretKey: Uint8Array): (kind: ExternalKind) => Adapter {
  const deps: AdapterDeps = {
    ...{ log, version, clock: createClock(), egressAllow: config.egressAllow, smtpUrl: config.smtpUrl },
    ...{ mailFrom: config.mailFrom, publicUrl: config.publicUrl, sleep: sleepOrThrow },
    unsubscribeToken: createUnsubscribeTokens({ key: secretKey, previous: config.previousSecretKeys }).write,
  };
  return (kind) => adapters[kind](deps);
}

function createRunners(base: Omit<WorkerDeps, 'runners' | 'policies'>): Record<ExternalKind, DeliveryRunner> {
  const shared = { gate: createGate(), recorder: createRecorder(base) };
  return perKind((kind) => createDeliveryRunner(base, catalogue[kind], shared));
}
