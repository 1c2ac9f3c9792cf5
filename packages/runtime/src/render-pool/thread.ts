import { parentPort, workerData } from 'node:worker_threads';
import { checkContent, createContentCache, renderNotification } from '@carillon/core';
import type { RenderAnswer, RenderInput, RenderJob, ThreadData } from './jobs.ts';

// The entry of the render thread. It knows templates and data, and has no way to anything else of the process.
const { progress, contentsMax, contentBytesMax }: ThreadData = workerData;
const at = new Int32Array(progress);
const cache = createContentCache({ countMax: contentsMax, bytesMax: contentBytesMax });

function answer(job: RenderJob): RenderAnswer {
  if (job.kind === 'check') return { kind: 'check', check: checkContent(job.content) };
  const input: RenderInput = JSON.parse(job.input);
  return { kind: 'render', result: renderNotification(cache, { content: job.content, ...input }) };
}

parentPort?.on('message', (jobs: RenderJob[]) => {
  const answers = jobs.map((job, index) => {
    Atomics.store(at, 0, index);
    return answer(job);
  });
  Atomics.store(at, 0, jobs.length);
  parentPort?.postMessage(answers);
});
