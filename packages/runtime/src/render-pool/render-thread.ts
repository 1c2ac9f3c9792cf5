import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Log } from '@carillon/core';
import { createStuckJudge, type Look } from './stuck.ts';
import { fromMessage, noJob, toMessage, type RenderAnswer, type RenderJob, type ThreadData } from './jobs.ts';

export interface RenderThreadOptions {
  log: Log;
  heapMegabytes: number;
  contentsMax: number;
}

/** `at` is the job that it hung in or died of; undefined when it had not begun one. */
export type RunOutcome =
  | { outcome: 'answered'; answers: RenderAnswer[] }
  | { outcome: 'died'; at: number | undefined; reason: 'timeout' | 'out_of_memory' };

/** One thread, and after its death the next one. Runs one batch at a time. */
export interface RenderThread {
  /** Batches wait for each other. Rejects when the thread cannot be started or is stopped. */
  run(jobs: readonly RenderJob[], messageMs: number): Promise<RunOutcome>;
  /** Ends the thread; what runs or waits is rejected. */
  stop(): Promise<void>;
}

/** For loading the code and for handing over a batch: nothing of it depends on what a template does. */
const handoverMs = 30_000;

/** Starts nothing until the first batch. */
export function createRenderThread(options: RenderThreadOptions): RenderThread {
  let worker: Worker | undefined;
  let isStopped = false;
  let last: Promise<unknown> = Promise.resolve();
  const progress = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const at = new Int32Array(progress);

  function start(): Worker {
    const { heapMegabytes, contentsMax } = options;
    // A third of the heap for what is kept, the rest for what is rendered.
    const contentBytesMax = (heapMegabytes * 1024 * 1024) / 3;
    const workerData: ThreadData = { progress, contentsMax, contentBytesMax };
    const started = new Worker(threadEntry(), {
      workerData,
      name: 'render',
      // Neither settings nor flags of the process: a template could not read them anyway.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    // While nothing is rendered the thread does not keep the process alive; should it end then, the next batch
    // starts another.
    started.unref();
    const forget = (): void => {
      if (worker === started) worker = undefined;
    };
    started.on('error', forget).on('exit', forget);
    return started;
  }

  async function runBatch(jobs: readonly RenderJob[], messageMs: number): Promise<RunOutcome> {
    if (isStopped) throw new Error('The render pool is stopped');
    Atomics.store(at, 0, noJob);
    const current = (worker ??= start());
    const outcome = await follow(current, at, jobs, messageMs);
    if (outcome.outcome === 'died') {
      worker = undefined;
      await current.terminate();
      options.log.warn({ event: 'render_thread.replaced', reason: outcome.reason, jobs: jobs.length });
    }
    return outcome;
  }

  return {
    run(jobs, messageMs) {
      const result = last.then(() => runBatch(jobs, messageMs));
      last = result.catch(() => undefined);
      return result;
    },
    async stop() {
      isStopped = true;
      await worker?.terminate();
      await last;
    },
  };
}

/** Hands a batch over and waits for the answers, for the death of the thread or for a job that takes too long. */
function follow(
  worker: Worker,
  at: Int32Array,
  jobs: readonly RenderJob[],
  messageMs: number,
): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    const watch = watchProgress(at, jobs.length, messageMs, () =>
      end(() => resolve({ outcome: 'died', at: begun(), reason: 'timeout' })),
    );
    const begun = (): number | undefined => {
      const index = Atomics.load(at, 0);
      return index >= 0 && index < jobs.length ? index : undefined;
    };
    const onMessage = (answers: readonly string[]): void =>
      end(() => resolve({ outcome: 'answered', answers: fromMessage(jobs, answers) }));
    const onError = (error: Error & { code?: string }): void => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      end(() =>
        isMemory ? resolve({ outcome: 'died', at: begun(), reason: 'out_of_memory' }) : reject(error),
      );
    };
    const onExit = (): void => end(() => reject(new Error('The render thread ended')));
    const end = (settle: () => void): void => {
      clearInterval(watch);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      settle();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    try {
      worker.postMessage(toMessage(jobs));
    } catch (error) {
      end(() => reject(error));
    }
  });
}

/**
 * Looks again and again which job the thread is at; calls `onStuck` when it hangs. A main thread that was busy itself
 * looks late, but then sees how far the other one has come meanwhile.
 */
function watchProgress(
  at: Int32Array,
  jobCount: number,
  messageMs: number,
  onStuck: () => void,
): NodeJS.Timeout {
  const isStuck = createStuckJudge({ jobCount, messageMs, handoverMs }, lookAt(at));
  return setInterval(() => {
    if (isStuck(lookAt(at))) onStuck();
  }, messageMs / 4);
}

function lookAt(at: Int32Array): Look {
  const { user, system } = process.cpuUsage();
  return { index: Atomics.load(at, 0), atMs: performance.now(), cpuMs: (user + system) / 1_000 };
}

/** Threads run what is built, since Node runs no TypeScript: beside this file, or in `dist` when this is the source. */
function threadEntry(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = isSource
    ? new URL('../../dist/render-pool/thread.js', import.meta.url)
    : new URL('./thread.js', import.meta.url);
  return fileURLToPath(entry);
}
