import { parentPort, workerData } from 'node:worker_threads';
import {
  checkContent,
  createContentCache,
  renderNotification,
  type ContentCheck,
  type RenderResult,
  type TemplateContent,
} from '@carillon/core';
import type { JobMessage, RenderInput, ThreadData } from './jobs.ts';

// The entry of the render thread. It knows templates and data, and has no way to anything else of the process.
const { progress, contentsMax, contentBytesMax }: ThreadData = workerData;
const at = new Int32Array(progress);
const cache = createContentCache({ countMax: contentsMax, bytesMax: contentBytesMax });

function answer(content: TemplateContent, json: string | null): RenderResult | ContentCheck {
  if (json === null) return checkContent(content);
  const input: RenderInput = JSON.parse(json);
  return renderNotification(cache, { content, ...input });
}

parentPort?.on('message', ({ contents, contentOf, inputs }: JobMessage) => {
  const answers = inputs.map((input, index) => {
    Atomics.store(at, 0, index);
    const content = contents[contentOf[index] ?? -1];
    if (content === undefined) throw new TypeError('A job came without its content');
    return JSON.stringify(answer(content, input));
  });
  Atomics.store(at, 0, inputs.length);
  parentPort?.postMessage(answers);
});
