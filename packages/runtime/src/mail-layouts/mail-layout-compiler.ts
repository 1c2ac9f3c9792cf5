import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TemplateProblem } from '@carillon/core';
import type { CompiledMailLayout } from '@carillon/core/mail-layouts';

export interface MailLayoutCompilerOptions {
  /** Longest time for one layout with the start of the thread, in milliseconds; 20,000 unless given. */
  layoutMs?: number;
  /** Heap of the thread, in MiB; 192 unless given. */
  heapMegabytes?: number;
}

/**
 * Compiles layouts for mails (MJML) beside the main thread, in one of its own that ends when nobody has asked for a
 * while: layouts are written rarely, and the library for them is large. A process that only sends never loads it.
 */
export interface MailLayoutCompiler {
  /**
   * HTML with tags, or what is wrong and where. Layouts wait for each other. What takes too long or too much memory is
   * refused; rejects only when no thread can be started, or when it is stopped.
   */
  compile(source: string): Promise<CompiledMailLayout>;
  /** Ends what is under way. May be called more than once. */
  stop(): Promise<void>;
}

/** Who writes a layout tries several times. */
const idleMs = 30_000;

export function createMailLayoutCompiler(options: MailLayoutCompilerOptions = {}): MailLayoutCompiler {
  const { layoutMs = 20_000, heapMegabytes = 192 } = options;
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isStopped = false;
  let last: Promise<unknown> = Promise.resolve();

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  function start(): Worker {
    const started = new Worker(threadEntry(), {
      ...{ name: 'mail-layout', env: {}, execArgv: [] },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    started.on('error', () => undefined);
    return started;
  }

  async function compileOne(source: string): Promise<CompiledMailLayout> {
    if (isStopped) throw new Error('The compiler of layouts is stopped');
    clearTimeout(idle);
    worker ??= start();
    try {
      const outcome = await answerOf(worker, source, layoutMs);
      if (typeof outcome === 'object') {
        idle = setTimeout(() => void end(), idleMs).unref();
        return outcome;
      }
      await end();
      return refused(
        outcome === 'late'
          ? `Compiling took longer than ${layoutMs} ms.`
          : `Compiling needed more than ${heapMegabytes} MB of memory.`,
      );
    } catch (error) {
      await end();
      throw error;
    }
  }

  return {
    compile(source) {
      const result = last.then(() => compileOne(source));
      last = result.catch(() => undefined);
      return result;
    },
    async stop() {
      isStopped = true;
      await end();
      await last;
    },
  };
}

type Answer = CompiledMailLayout | 'late' | 'out_of_memory';

/** Rejects with what the thread died of. The thread keeps the process alive for no longer than it has work. */
function answerOf(worker: Worker, source: string, layoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => resolve('late')), layoutMs);
    const onMessage = (answer: CompiledMailLayout): void => end(() => resolve(answer));
    const onError = (error: Error & { code?: string }): void =>
      end(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve('out_of_memory') : reject(error)));
    const onExit = (): void => end(() => reject(new Error('The thread ended without an answer')));
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      settle();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    worker.postMessage(source);
  });
}

function refused(detail: string): CompiledMailLayout {
  const problem: TemplateProblem = {
    ...{ code: 'template.too_complex', source: 'mail_layout', line: 1, column: 1, detail },
  };
  return { outcome: 'refused', problems: [problem] };
}

/** Threads run what is built, since Node runs no TypeScript: beside this file, or in `dist` when this is the source. */
function threadEntry(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = isSource
    ? new URL('../../dist/mail-layouts/mail-layout-thread.js', import.meta.url)
    : new URL('./mail-layout-thread.js', import.meta.url);
  return fileURLToPath(entry);
}
