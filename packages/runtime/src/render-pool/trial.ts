import { renderFailure, type TemplateContent } from '@carillon/core';
import type { RenderAnswer, RenderJob } from './jobs.ts';
import type { RenderThread } from './render-thread.ts';

/** A suspect is tried again alone, with this many times the limit: the first time the machine may have been busy. */
const secondChanceFactor = 3;
/** After so many verdicts on one content in one batch its other requests are not tried: each costs a thread. */
const verdictsMax = 3;
/** Characters of input that cross in one message, so that unpacking it stays far below the heap of a thread. */
const messageLengthMax = 1024 * 1024;

export interface TrialLimits {
  messageMs: number;
  heapMegabytes: number;
}

interface Numbered {
  index: number;
  job: RenderJob;
}

/** Gets every job of a batch answered, in its place, whatever the thread dies of on the way. */
export async function answerAll(
  thread: RenderThread,
  { messageMs, heapMegabytes }: TrialLimits,
  jobs: readonly RenderJob[],
): Promise<RenderAnswer[]> {
  const answers: RenderAnswer[] = [];
  const verdicts = new Map<TemplateContent, { count: number; detail: string }>();

  async function tryTogether(items: readonly Numbered[]): Promise<void> {
    if (items.length === 0) return;
    const isAlone = items.length === 1;
    const outcome = await thread.run(
      items.map(({ job }) => job),
      isAlone ? messageMs * secondChanceFactor : messageMs,
    );
    if (outcome.outcome === 'answered') {
      items.forEach(({ index }, position) => {
        const one = outcome.answers[position];
        if (one !== undefined) answers[index] = one;
      });
      return;
    }
    const suspect = outcome.at === undefined ? undefined : items[outcome.at];
    const [only] = items;
    if (isAlone && only !== undefined) return condemn(only, outcome.reason);
    if (suspect === undefined) return tryOneByOne(items);
    await tryOneByOne([suspect]);
    await tryTogether(withoutHopeless(items.filter((item) => item !== suspect)));
  }

  async function tryOneByOne(items: readonly Numbered[]): Promise<void> {
    for (const item of items) await tryTogether(withoutHopeless([item]));
  }

  function condemn({ index, job }: Numbered, reason: 'timeout' | 'out_of_memory'): void {
    const detail =
      reason === 'timeout'
        ? `Rendering took longer than ${messageMs} ms.`
        : `Rendering needed more than ${heapMegabytes} MB of memory.`;
    verdicts.set(job.content, { count: (verdicts.get(job.content)?.count ?? 0) + 1, detail });
    answers[index] = failed(job, detail);
  }

  function withoutHopeless(items: readonly Numbered[]): Numbered[] {
    return items.filter(({ index, job }) => {
      const verdict = verdicts.get(job.content);
      if (verdict === undefined || verdict.count < verdictsMax) return true;
      answers[index] = failed(job, verdict.detail);
      return false;
    });
  }

  for (const items of inMessages(jobs)) await tryTogether(withoutHopeless(items));
  return answers;
}

/** Splits a batch by the length of what crosses; most batches are one message. */
function inMessages(jobs: readonly RenderJob[]): Numbered[][] {
  const messages: Numbered[][] = [];
  const known = new Set<TemplateContent>();
  let length = Number.POSITIVE_INFINITY;
  jobs.forEach((job, index) => {
    const added =
      (job.kind === 'render' ? job.input.length : 0) + (known.has(job.content) ? 0 : lengthOf(job.content));
    known.add(job.content);
    length += added;
    if (length > messageLengthMax) {
      messages.push([]);
      length = added;
    }
    messages.at(-1)?.push({ index, job });
  });
  return messages;
}

function lengthOf({ title, body, layout = '', partials = {} }: TemplateContent): number {
  return [title, body, layout, ...Object.values(partials)].reduce((sum, { length }) => sum + length, 0);
}

function failed(job: RenderJob, detail: string): RenderAnswer {
  if (job.kind === 'render') return { kind: 'render', result: renderFailure(detail) };
  const problem = { code: 'template.too_complex', detail, source: 'body', line: 1, column: 1 } as const;
  return { kind: 'check', check: { problems: [problem], variables: [] } };
}
