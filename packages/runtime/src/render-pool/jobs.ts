import type { ContentCheck, RenderContext, RenderResult, TemplateContent } from '@carillon/core';

/**
 * What the render thread is asked. `input` is JSON of a `RenderInput`: the thread reads one at a time, so that the
 * memory that a batch takes there is known, and nothing but plain data can cross.
 */
export type RenderJob =
  | { kind: 'render'; content: TemplateContent; input: string }
  | { kind: 'check'; content: TemplateContent };

/**
 * Jobs on their way to the thread, which answers with JSON of each `RenderResult` or `ContentCheck`. With objects
 * instead of texts a batch took half as much CPU again.
 */
export interface JobMessage {
  /** Each once. */
  contents: TemplateContent[];
  /** By job: the index of its content. */
  contentOf: number[];
  /** By job: its input; null for a check. */
  inputs: (string | null)[];
}

export interface RenderInput {
  data: Record<string, unknown>;
  context: RenderContext;
}

export type RenderAnswer = { kind: 'render'; result: RenderResult } | { kind: 'check'; check: ContentCheck };

/** What a thread is started with. */
export interface ThreadData {
  /** Int32: the index of the job it is at, `noJob` before the first. It tells which job a thread hung in or died of. */
  progress: SharedArrayBuffer;
  /** Compiled contents that it keeps. */
  contentsMax: number;
  contentBytesMax: number;
}

export const noJob = -1;

export function toMessage(jobs: readonly RenderJob[]): JobMessage {
  const indexes = new Map<TemplateContent, number>();
  const contentOf = jobs.map(({ content }) => {
    const index = indexes.get(content) ?? indexes.size;
    indexes.set(content, index);
    return index;
  });
  const inputs = jobs.map((job) => (job.kind === 'render' ? job.input : null));
  return { contents: [...indexes.keys()], contentOf, inputs };
}

/** `answers` is what the thread made of these jobs. */
export function fromMessage(jobs: readonly RenderJob[], answers: readonly string[]): RenderAnswer[] {
  return answers.map((json, index): RenderAnswer =>
    jobs[index]?.kind === 'check'
      ? { kind: 'check', check: JSON.parse(json) }
      : { kind: 'render', result: JSON.parse(json) },
  );
}
