import { Worker } from 'bullmq';
import type { Log } from '@carillon/core';
import { withDeadline } from '@carillon/runtime';
import { connectRedis, disconnectRedis } from './connection.ts';
import { defaultPrefix } from './names.ts';

export interface ConsumerOptions {
  redisUrl: string;
  log: Log;
  queue: string;
  /** Jobs at once. */
  concurrency: number;
  /**
   * Takes the payload of one job as it stands in Redis, unchecked. What it throws is logged and
   * forgotten: the work is still due in PostgreSQL.
   */
  onJob(payload: unknown): Promise<void>;
  prefix?: string;
}

/** A living consumer of one queue. */
export interface Consumer {
  /** Takes no more jobs; waits up to `withinMs` for those at hand. Never waits for a Redis that is gone. */
  stop(withinMs: number): Promise<void>;
}

export function createConsumer(options: ConsumerOptions): Consumer {
  const connection = connectRedis({ url: options.redisUrl, use: 'consumer', log: options.log });
  const worker = new Worker(
    options.queue,
    async (job) => {
      try {
        await options.onJob(job.data);
      } catch (cause) {
        options.log.warn({ event: 'job.failed', queue: options.queue, detail: String(cause) });
      }
    },
    {
      connection,
      prefix: options.prefix ?? defaultPrefix,
      concurrency: options.concurrency,
      lockDuration: 15_000,
      // Leases in PostgreSQL bring back what a dead worker left; this only tidies up in Redis.
      stalledInterval: 30_000,
      // Seconds that one wait for a job takes; below the socket's timeout, else a quiet link looks dead.
      drainDelay: 10,
      maxStalledCount: 3,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      skipVersionCheck: true,
    },
  );
  // Bookkeeping that fails (a flushed queue has no lock to release) is noise: the claim was the guard.
  worker.on('error', (error) => {
    options.log.debug({ event: 'queue.error', queue: options.queue, detail: error.message });
  });
  return {
    async stop(withinMs) {
      // Only the first call counts, and without Redis the polite form never ends.
      const isReachable = connection.status === 'ready';
      const closed = worker.close(!isReachable).catch(() => undefined);
      await withDeadline(closed, isReachable ? withinMs : 500, () => undefined);
      if (connection.status !== 'end') disconnectRedis(connection);
    },
  };
}
