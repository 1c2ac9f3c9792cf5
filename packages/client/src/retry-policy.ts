import type { Operation } from './operation.ts';

/** What came of one try that did not succeed. */
export interface Failure {
  /** Undefined when there was no answer at all. */
  status: number | undefined;
  /** What the server asked for by `Retry-After`. */
  retryAfterMs: number | undefined;
}

const firstDelayMs = 250;
const delayMsMax = 8_000;
/** Who is asked to stay away for longer is told instead of made to wait. */
const retryAfterMsMax = 60_000;

/** Whether the same call may succeed later, without anything being changed about it. */
export function isRetryable(status: number | undefined): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

/**
 * Whether making a call a second time does what once would have done: reads, replacements, removals; POSTs that
 * change nothing when repeated, or carry an idempotency key.
 */
export function isRepeatable({ method, key }: Pick<Operation, 'method' | 'key'>, hasKey: boolean): boolean {
  if (method === 'POST') return key === 'natural' || (key === 'stored' && hasKey);
  return method !== 'PATCH';
}

/**
 * How long to wait before the next try; undefined when there shall be none. A call that is not repeatable is
 * made again only when the server said that it had not begun (408, 429). Waiting is by "full jitter"
 * (exponential, uniformly random below), and never shorter than `Retry-After`.
 */
export function nextDelayMs(
  failure: Failure,
  given: { tries: number; triesMax: number; repeatable: boolean; random: number },
): number | undefined {
  const { status, retryAfterMs } = failure;
  if (given.tries >= given.triesMax || !isRetryable(status)) return undefined;
  const wasRefusedBefore = status === 408 || status === 429;
  if (!given.repeatable && !wasRefusedBefore) return undefined;
  if (retryAfterMs !== undefined && retryAfterMs > retryAfterMsMax) return undefined;
  const jitterMs = given.random * Math.min(delayMsMax, firstDelayMs * 2 ** given.tries);
  return (retryAfterMs ?? 0) + jitterMs;
}

/** `Retry-After` in milliseconds; only seconds are read, which is all that Carillon sends: dates need a right clock. */
export function readRetryAfterMs(header: string | null): number | undefined {
  const text = header?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : undefined;
}
