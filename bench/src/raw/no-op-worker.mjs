/** Takes jobs that do nothing until it has done as many as the first argument says; sends the milliseconds. */
import { Worker } from 'bullmq';
import { connectRedis } from '../servers.mjs';

const [jobs = '0', prefix = ''] = process.argv.slice(2);
const connection = connectRedis(process.env['BENCH_REDIS_URL'] ?? '');
let left = Number(jobs);
let startMs = 0;
const worker = new Worker('no-op', async () => undefined, {
  ...{ connection, prefix, concurrency: 100, skipVersionCheck: true, autorun: false },
  ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
});
worker.on('completed', () => {
  left -= 1;
  if (left === 0) void end();
});
await worker.waitUntilReady();
startMs = performance.now();
void worker.run();

async function end() {
  process.send?.(performance.now() - startMs);
  await worker.close();
  connection.disconnect();
  process.disconnect();
}
