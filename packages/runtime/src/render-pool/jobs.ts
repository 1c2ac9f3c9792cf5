import type { ContentCheck, RenderContext, RenderResult, TemplateContent } from '@carillon/core';

/**
 * What crosses to the render thread. `input` is JSON of a `RenderInput`: the thread reads one at a time, so that the
 * memory that a batch takes there is known, and nothing but plain data can cross.
 */
export type RenderJob =
  | { kind: 'render'; content: TemplateContent; input: string }
  | { kind: 'check'; content: TemplateContent };

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
