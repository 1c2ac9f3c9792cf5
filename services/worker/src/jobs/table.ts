import { externalKinds, type DeliveryId, type ExternalKind, type NotificationId } from '@carillon/core';
import { parseDeliverJob, parseDispatchJob } from '@carillon/contracts/jobs';
import {
  createConsumer,
  deliverQueueName,
  dispatchQueueName,
  queueLanes,
  type Consumer,
} from '@carillon/queue';
import { createBatcher, type Batcher } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';
import { dispatchNotifications } from './dispatch.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** Jobs of one lane taken at once; their ids share batches. */
const jobsAtOnce = 16;
/** Notifications planned and placed together at most: beyond this a larger batch saves nothing more. */
const dispatchBatchMax = 300;
const dispatchBatchesInFlight = 2;

/** The consumers of all queues as one; they are built anew when they went deaf. */
export interface Consumers {
  watchdog: Watchdog;
  stop(withinMs: number): Promise<void>;
}

export function startConsumers(deps: WorkerDeps, redis: { redisUrl: string; prefix: string }): Consumers {
  const { clock, log } = deps;
  const watchdog = createWatchdog({ clock, log, redisHealthy: () => deps.producer.healthy() }, async () => {
    await stopAll(1_000);
    if (!isStopped) running = start();
  });
  const start = () => openConsumers(deps, redis, watchdog);
  const stopAll = async (withinMs: number) => {
    await Promise.all(running.map((consumer) => consumer.stop(withinMs)));
  };
  let isStopped = false;
  let running = start();
  return {
    watchdog,
    async stop(withinMs) {
      isStopped = true;
      await stopAll(withinMs);
    },
  };
}

/** One consumer per lane and one per channel kind: which queue, and what is done with its jobs. */
function openConsumers(
  deps: WorkerDeps,
  redis: { redisUrl: string; prefix: string },
  watchdog: Pick<Watchdog, 'jobTaken'>,
): Consumer[] {
  const common = { ...redis, log: deps.log, concurrency: jobsAtOnce };
  const lanes = queueLanes.map((lane) => {
    const batcher = createDispatchBatcher(deps);
    return createConsumer({
      ...common,
      queue: dispatchQueueName(lane),
      onJob: (payload) => {
        watchdog.jobTaken();
        return takeDispatchJob(deps, batcher, payload);
      },
    });
  });
  const kinds = externalKinds.map((kind) =>
    createConsumer({
      ...common,
      queue: deliverQueueName(kind),
      onJob: (payload) => {
        watchdog.jobTaken();
        return takeDeliverJob(deps, kind, payload);
      },
    }),
  );
  return [...lanes, ...kinds];
}

/** Jobs that wait for the same round trip are worked on as one batch. */
function createDispatchBatcher(deps: WorkerDeps): Batcher<readonly NotificationId[], void> {
  return createBatcher<readonly NotificationId[], void>({
    inFlightMax: dispatchBatchesInFlight,
    weightMax: dispatchBatchMax,
    weigh: (ids) => ids.length,
    run: async (lists) => {
      await dispatchNotifications(deps, lists.flat());
      return lists.map(() => undefined);
    },
  });
}

async function takeDispatchJob(
  deps: WorkerDeps,
  batcher: Batcher<readonly NotificationId[], void>,
  payload: unknown,
): Promise<void> {
  const job = parseDispatchJob(payload);
  if (job === undefined) return countForged(deps, 'dispatch');
  await batcher.submit(job.ids as NotificationId[]);
}

async function takeDeliverJob(deps: WorkerDeps, kind: ExternalKind, payload: unknown): Promise<void> {
  const job = parseDeliverJob(payload);
  if (job === undefined || job.kind !== kind) return countForged(deps, `deliver-${kind}`);
  await deps.runners[kind].offer(job.ids as DeliveryId[]);
}

function countForged(deps: WorkerDeps, job: string): void {
  deps.metrics.jobErrors.inc({ job });
  deps.log.warn({ event: 'job.ignored', job, detail: 'the payload is not one of this version' });
}
