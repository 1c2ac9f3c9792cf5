import {
  renderFailure,
  type ContentCheck,
  type Log,
  type RenderRequest,
  type RenderResult,
  type TemplateContent,
} from '@carillon/core';
import type { RenderAnswer, RenderInput, RenderJob } from './jobs.ts';
import { createPlainRenderer } from './plain.ts';
import { createRenderThread } from './render-thread.ts';
import { answerAll } from './trial.ts';

export interface RenderPoolOptions {
  log: Log;
  /** 1 unless given: more than what one worker process dispatches. */
  threads?: number;
  /** Longest time for one notification, in milliseconds; 100 unless given. */
  messageMs?: number;
  /** Heap of a thread, in MiB; 64 unless given. */
  heapMegabytes?: number;
  /** Compiled contents that a thread keeps; 500 unless given. */
  contentsMax?: number;
}

/** Compiles and renders templates beside the main thread, which none of them can hold up or bring down. */
export interface RenderPool {
  /**
   * One result per request, in their order. A request that takes too long or too much memory fails alone, with
   * `template_error`. Requests that share a content should share the object: it crosses once.
   */
  render(requests: readonly RenderRequest[]): Promise<RenderResult[]>;
  /** What publish and preview ask of a content: its problems with line and column, and the variables it reads. */
  check(content: TemplateContent): Promise<ContentCheck>;
  /** Ends the threads; what is under way is rejected. May be called more than once. */
  stop(): Promise<void>;
}

/** Longest JSON of the data and the context of one request: four times what a create call may bring. */
const inputLengthMax = 256 * 1024;

/** Makes a pool that uses neither threads nor memory before the first request. */
export function createRenderPool(options: RenderPoolOptions): RenderPool {
  const { log, threads: threadCount = 1, messageMs = 100, heapMegabytes = 64, contentsMax = 500 } = options;
  const threads = Array.from({ length: threadCount }, () => ({
    thread: createRenderThread({ log, heapMegabytes, contentsMax }),
    batches: 0,
  }));
  const beginPlain = createPlainRenderer({ contentsMax });
  let isStopped = false;

  async function answer(jobs: readonly RenderJob[]): Promise<RenderAnswer[]> {
    if (jobs.length === 0) return [];
    const slot = threads.reduce((least, one) => (one.batches < least.batches ? one : least));
    slot.batches += 1;
    try {
      return await answerAll(slot.thread, { messageMs, heapMegabytes }, jobs);
    } finally {
      slot.batches -= 1;
    }
  }

  return {
    async render(requests) {
      if (isStopped) throw new Error('The render pool is stopped');
      const renderPlain = beginPlain();
      const results = new Map<number, RenderResult>();
      const jobs: RenderJob[] = [];
      const indexes: number[] = [];
      requests.forEach((request, index) => {
        const { content, data, context } = request;
        const result = renderPlain(request);
        if (result !== undefined) return void results.set(index, result);
        const input = jsonOf({ data, context });
        if (typeof input !== 'string') return void results.set(index, input);
        jobs.push({ kind: 'render', content, input });
        indexes.push(index);
      });
      const answers = await answer(jobs);
      answers.forEach((one, position) => {
        const index = indexes[position];
        if (one.kind === 'render' && index !== undefined) results.set(index, one.result);
      });
      return requests.map((_request, index) => results.get(index) ?? renderFailure('There was no answer.'));
    },
    async check(content) {
      const [one] = await answer([{ kind: 'check', content }]);
      if (one?.kind !== 'check') throw new TypeError('The render thread answered something else');
      return one.check;
    },
    async stop() {
      isStopped = true;
      await Promise.all(threads.map(({ thread }) => thread.stop()));
    },
  };
}

/** JSON of what a template reads, or why it cannot be rendered. */
function jsonOf(input: RenderInput): string | RenderResult {
  let json: string;
  try {
    json = JSON.stringify(input);
  } catch {
    return renderFailure('The data is no JSON.');
  }
  if (json.length <= inputLengthMax) return json;
  return renderFailure(`The data is longer than ${inputLengthMax} characters as JSON.`);
}
