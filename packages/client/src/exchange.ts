import {
  CarillonError,
  type CarillonErrorCode,
  type CarillonErrorFields,
  type FieldProblem,
} from './errors.ts';
import { isRetryable, readRetryAfterMs } from './retry-policy.ts';

/** One HTTP request. */
export interface Exchange {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal;
}

/** Facts of an answer beside its body. */
export interface AnswerFacts {
  status: number;
  requestId: string | undefined;
  /** Names the state that was shown or made: give it as `ifMatch` with the next change. */
  etag: string | undefined;
  location: string | undefined;
  /** When the server made it, by its own clock; undefined where a browser does not show it. */
  date: string | undefined;
  /** Whether it is the answer of an earlier call with the same idempotency key. */
  replayed: boolean;
}

export interface ReadAnswer {
  facts: AnswerFacts;
  body: unknown;
}

/**
 * Makes one request and reads its answer. Throws a CarillonError for what is no success, and whatever the signal
 * says when it aborts. `reads` says which statuses are answers and whether their body is text.
 */
export async function exchange(
  fetch: typeof globalThis.fetch,
  request: Exchange,
  reads: { alsoAnswers: readonly number[]; text: boolean },
): Promise<ReadAnswer> {
  const { url, method, headers, body, signal } = request;
  let response: Response;
  let text: string;
  try {
    // Our credentials are headers; a page's cookies are none of the server's business.
    const init = { method, headers, signal, credentials: 'omit', redirect: 'error' } as const;
    response = await fetch(url, body === undefined ? init : { ...init, body });
    text = await response.text();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new CarillonError('No answer from the server', { code: 'client.network', retryable: true, cause });
  }
  const facts = factsOf(response);
  if (!response.ok && !reads.alsoAnswers.includes(facts.status)) throw refusalOf(response, text);
  if (reads.text) return { facts, body: text };
  return { facts, body: text === '' ? undefined : readJson(text, facts) };
}

function factsOf({ status, headers }: Response): AnswerFacts {
  return {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    etag: headers.get('etag') ?? undefined,
    location: headers.get('location') ?? undefined,
    date: headers.get('date') ?? undefined,
    replayed: headers.get('idempotency-replayed') === 'true',
  };
}

function readJson(text: string, { status, requestId }: AnswerFacts): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw unreadable({ status, requestId, cause });
  }
}

function unreadable(fields: { status: number } & Partial<CarillonErrorFields>): CarillonError {
  const message = `The answer (${fields.status}) is not one of Carillon's: is \`url\` that of its API?`;
  // A proxy says 502 and 503 in words of its own.
  const retryable = isRetryable(fields.status);
  return new CarillonError(message, { ...fields, code: 'client.answer_unreadable', retryable });
}

interface ProblemBody {
  code: CarillonErrorCode;
  detail: string;
  errors: FieldProblem[] | undefined;
}

/** The error that an answer of a refused request means; `text` is its body. */
export function refusalOf(response: Response, text: string): CarillonError {
  const { status, requestId } = factsOf(response);
  const retryAfterMs = readRetryAfterMs(response.headers.get('retry-after'));
  const problem = parseProblem(text);
  if (problem === undefined) return unreadable({ status, requestId, retryAfterMs });
  return new CarillonError(problem.detail, {
    ...{ code: problem.code, status, requestId, errors: problem.errors, retryAfterMs },
    retryable: isRetryable(status),
  });
}

/** A border: a body with `code` and `detail` is taken for the problem that the contract promises. */
function parseProblem(text: string): ProblemBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const { code, detail } = value as Partial<ProblemBody>;
    return typeof code === 'string' && typeof detail === 'string' ? (value as ProblemBody) : undefined;
  } catch {
    return undefined;
  }
}
