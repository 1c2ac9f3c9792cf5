import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { connectRedis } from '../servers.mjs';

const worker = fileURLToPath(new URL('no-op-worker.mjs', import.meta.url));
const prefix = '{bench}';

/**
 * What BullMQ does on this machine with jobs that do nothing: how many are added per second (64 at once), and
 * how many a worker process of concurrency 100 takes per second from a full queue. Nothing else happens
 * meanwhile and no finished job is kept, so that it is the best that BullMQ does here.
 *
 * @param {string} redisUrl
 * @param {number} jobs
 * @returns {Promise<{ addedPerSecond: number, donePerSecond: number }>}
 */
export async function runNoOpJobs(redisUrl, jobs) {
  const connection = connectRedis(redisUrl);
  const queue = new Queue('no-op', {
    ...{ connection, prefix, skipVersionCheck: true },
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: 100 } },
  });
  await queue.waitUntilReady();
  const startMs = performance.now();
  let added = 0;
  const loop = async () => {
    while (added < jobs) {
      added += 1;
      await queue.add('j', { n: added });
    }
  };
  await Promise.all(Array.from({ length: 64 }, loop));
  const addedPerSecond = (jobs / (performance.now() - startMs)) * 1000;
  await queue.close();
  connection.disconnect();
  return { addedPerSecond, donePerSecond: await drain(redisUrl, jobs) };
}

/**
 * @param {string} redisUrl
 * @param {number} jobs
 */
async function drain(redisUrl, jobs) {
  const child = fork(worker, [String(jobs), prefix], { env: { ...process.env, BENCH_REDIS_URL: redisUrl } });
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The no-op worker ended with ${code} before its queue was empty`);
    }),
  ]);
  await once(child, 'exit');
  return (jobs / Number(message)) * 1000;
}
