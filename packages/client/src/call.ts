import { CarillonError } from './errors.ts';
import { exchange, type AnswerFacts, type Exchange, type ReadAnswer } from './exchange.ts';
import type { Operation } from './operation.ts';
import type { VerbName } from './operations.ts';
import { isRepeatable, nextDelayMs } from './retry-policy.ts';
import { wait, type Surroundings } from './surroundings.ts';
import type { TokenKeeper } from './token.ts';
import type { Answer, Body, Query } from './wire.ts';

/** What every call takes beside its own content. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** For the whole call with all its tries and waits; 30,000 unless told. */
  timeoutMs?: number;
  /**
   * Of calls that make something: with the same key and content nothing is made twice within 24 hours. One is
   * made for each call unless told; give your own to repeat a call after a restart.
   */
  idempotencyKey?: string;
  /** An ETag: change nothing if the thing is another by now (412). */
  ifMatch?: string;
  /** Told of each answer that is a success, before the call resolves. */
  onAnswer?: (facts: AnswerFacts) => void;
}

export interface CallRequest<Name extends VerbName> {
  params?: Readonly<Record<string, string | number>>;
  query?: Query<Name> | undefined;
  body?: Body<Name> | undefined;
}

/** Makes a call by its name. Rejects with a CarillonError, or with the reason of the caller's signal. */
export type Call = <Name extends VerbName>(
  name: Name,
  request: CallRequest<Name>,
  options?: CallOptions,
) => Promise<Answer<Name>>;

export interface CallDeps {
  /** Base of the API, without a slash at its end. */
  url: string;
  token: TokenKeeper;
  surroundings: Surroundings;
  /** The calls that can be made, by their names. */
  operations: Readonly<Record<string, Operation>>;
  timeoutMs: number;
  /** Tries of one call at most. */
  triesMax: number;
}

/** One call on its way. */
interface Going {
  operation: Operation;
  exchange: Omit<Exchange, 'signal'>;
  hasKey: boolean;
  signal: AbortSignal;
}

export function createCall(deps: CallDeps): Call {
  return async (name, { params, query, body }, options = {}) => {
    const operation = deps.operations[name];
    if (operation === undefined) throw new TypeError(`This client has no call ${name}`);
    const headers = headersOf(deps, operation, options);
    const going = {
      operation,
      hasKey: headers['idempotency-key'] !== undefined,
      exchange: {
        url: `${deps.url}${pathOf(operation.path, params)}${queryOf(query)}`,
        method: operation.method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      },
    };
    const answer = await withinTime(deps, options, (signal) => tryAndTry(deps, { ...going, signal }));
    options.onAnswer?.(answer.facts);
    // The server checks its answers against the contract that the type comes from.
    return answer.body as Answer<typeof name>;
  };
}

async function tryAndTry(deps: CallDeps, going: Going): Promise<ReadAnswer> {
  const { random, clock } = deps.surroundings;
  const repeatable = isRepeatable(going.operation, going.hasKey);
  let mayHaveBeenDone = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryOnce(deps, going);
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      if (mayHaveBeenDone && isGone(going.operation, error)) return doneBefore(error);
      const delayMs = nextDelayMs(error, { tries, triesMax: deps.triesMax, repeatable, random: random() });
      if (delayMs === undefined) throw error;
      mayHaveBeenDone ||= error.status === undefined || error.status >= 500;
      await wait(clock, delayMs, going.signal);
    }
  }
}

/** With a credential that is asked for anew, once, where it was refused: then nothing had been done. */
async function tryOnce(deps: CallDeps, { operation, exchange: request, signal }: Going): Promise<ReadAnswer> {
  const reads = { alsoAnswers: operation.alsoAnswers ?? [], text: operation.answersText === true };
  const send = (token: string | undefined): Promise<ReadAnswer> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...request.headers, ...authorization };
    return exchange(deps.surroundings.fetch, { ...request, headers, signal }, reads);
  };
  const token = await orAborted(deps.token.get(), signal);
  try {
    return await send(token);
  } catch (error) {
    const isRefused = error instanceof CarillonError && error.status === 401;
    if (!isRefused || !deps.token.refused(token)) throw error;
    return send(await orAborted(deps.token.get(), signal));
  }
}

/** A removal that was repeated and finds nothing has removed it the first time. Its answer would have been empty. */
function isGone({ method, path }: Operation, { status }: CarillonError): boolean {
  return method === 'DELETE' && status === 404 && !path.startsWith('/v1/inbox/');
}

function doneBefore({ requestId }: CarillonError): ReadAnswer {
  return {
    facts: { status: 204, requestId, etag: undefined, location: undefined, date: undefined, replayed: true },
    body: undefined,
  };
}

/** Gives work a signal that aborts with the caller's, or when the time is over. */
async function withinTime<T>(
  deps: CallDeps,
  options: CallOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal: outer, timeoutMs = deps.timeoutMs } = options;
  outer?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(outer?.reason);
  outer?.addEventListener('abort', onAbort, { once: true });
  const cancel = deps.surroundings.clock.after(timeoutMs, () => {
    const message = `No answer within ${timeoutMs} ms`;
    ending.abort(new CarillonError(message, { code: 'client.timeout', retryable: true }));
  });
  try {
    return await work(ending.signal);
  } finally {
    cancel();
    outer?.removeEventListener('abort', onAbort);
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    return undefined;
  });
}

function headersOf(deps: CallDeps, { key }: Operation, options: CallOptions): Record<string, string> {
  const idempotencyKey =
    options.idempotencyKey ?? (key === 'stored' ? deps.surroundings.newKey() : undefined);
  return {
    accept: 'application/json',
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
  };
}

/** Throws a TypeError for a parameter that would make another path of it. */
function pathOf(path: string, params: CallRequest<VerbName>['params'] = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '');
    if (value === '' || value === '.' || value === '..') {
      throw new TypeError(`\`${name}\` of ${path} must be an id or a name, not ${JSON.stringify(value)}`);
    }
    return encodeURIComponent(value);
  });
}

function queryOf(query: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      pairs.set(name, String(value));
    } else if (Array.isArray(value)) pairs.set(name, value.join(','));
  }
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}
