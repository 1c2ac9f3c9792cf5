import { Queue } from 'bullmq';
import type { DeliveryId, ExternalKind, Log, NotificationId } from '@carillon/core';
import { jobIdsMax } from '@carillon/contracts/jobs';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix, deliverQueueName, dispatchQueueName, type QueueLane } from './names.ts';

/** Ids in a dispatch job: most of the gain of large jobs with a fifth of what one failure touches. */
const dispatchIdsPerJob = 100;

/**
 * Enqueues hints. Nothing here throws and nothing waits longer than half a second: a hint that could
 * not be left is found in PostgreSQL by the sweeps. The answer says whether all hints were left.
 */
export interface Producer {
  enqueueDispatch(lane: QueueLane, ids: readonly NotificationId[]): Promise<boolean>;
  enqueueDeliver(kind: ExternalKind, ids: readonly DeliveryId[]): Promise<boolean>;
  /**
   * How many worker processes take hints at this moment: each has one connection to this queue. Undefined while Redis
   * does not say.
   */
  countWorkers(): Promise<number | undefined>;
  /** Whether the last hint was left; true before the first. */
  healthy(): boolean;
  stop(): Promise<void>;
}

export interface ProducerOptions {
  redisUrl: string;
  log: Log;
  prefix?: string;
}

/** What a job may be tried and kept: once and never, because PostgreSQL knows what is due. */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export function createProducer(options: ProducerOptions): Producer {
  const connection = connectRedis({ url: options.redisUrl, use: 'producer', log: options.log });
  const queues = new Map<string, Queue>();
  const state = { healthy: true };

  function queueNamed(name: string): Queue {
    const existing = queues.get(name);
    if (existing !== undefined) return existing;
    const queue = new Queue(name, {
      connection,
      prefix: options.prefix ?? defaultPrefix,
      defaultJobOptions: jobOptions,
      streams: { events: { maxLen: 100 } },
      skipVersionCheck: true,
    });
    queue.on('error', () => undefined); // the connection's own listener has logged it
    queues.set(name, queue);
    return queue;
  }

  async function leave(name: string, jobs: { name: string; data: unknown }[]): Promise<boolean> {
    try {
      if (connection.status !== 'ready') throw new Error(`connection is ${connection.status}`);
      const queue = queueNamed(name);
      await (jobs.length === 1 && jobs[0] !== undefined
        ? queue.add(jobs[0].name, jobs[0].data)
        : queue.addBulk(jobs));
      state.healthy = true;
      return true;
    } catch (cause) {
      if (state.healthy) options.log.warn({ event: 'hint.not_left', queue: name, detail: String(cause) });
      state.healthy = false;
      return false;
    }
  }

  return {
    enqueueDispatch(lane, ids) {
      const jobs = chunks(ids, dispatchIdsPerJob).map((part) => ({ name: 'd', data: { v: 1, ids: part } }));
      return leave(dispatchQueueName(lane), jobs);
    },
    enqueueDeliver(kind, ids) {
      const jobs = chunks(ids, jobIdsMax).map((part) => ({ name: 'd', data: { v: 1, kind, ids: part } }));
      return leave(deliverQueueName(kind), jobs);
    },
    async countWorkers() {
      if (connection.status !== 'ready') return undefined;
      const workers = await queueNamed(dispatchQueueName('normal'))
        .getWorkers()
        .catch(() => undefined);
      return workers?.length;
    },
    healthy: () => state.healthy,
    async stop() {
      disconnectRedis(connection);
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
