import type { SendResult } from './adapter.ts';
import type { HttpAnswer } from './http.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/** Request Timeout, Too Early, Too Many Requests: the same request may succeed later. */
const laterStatuses = new Set([408, 425, 429]);

/**
 * What an HTTP answer means for a delivery. 2xx is sent. 408, 425, 429, 5xx and no answer at all are
 * tried again, after `Retry-After` when it is given. Everything else is final: redirects, because
 * following one would let a receiver choose the target, and 4xx with 410, because repeating a
 * request that was refused does not make it right.
 */
export function outcomeOfAnswer(answer: HttpAnswer, now: Date): SendResult {
  if (!answer.reached) return { outcome: 'retry', reason: answer.reason };
  const { statusCode } = answer;
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'sent', statusCode };
  const isLater = laterStatuses.has(statusCode) || (statusCode >= 500 && statusCode < 600);
  if (!isLater) return { outcome: 'reject', reason: refusal(statusCode), statusCode };
  const afterMs = parseRetryAfterMs(answer.retryAfter, now);
  const reason = `endpoint answered ${statusCode}`;
  return { outcome: 'retry', reason, statusCode, ...(afterMs === undefined ? {} : { afterMs }) };
}

function refusal(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400) {
    return `endpoint answered ${statusCode}; redirects are not followed`;
  }
  if (statusCode === 410) return 'endpoint answered 410: it wants no more of these';
  return `endpoint answered ${statusCode}`;
}
