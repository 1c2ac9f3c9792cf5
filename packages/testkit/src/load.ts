import { randomUUID } from 'node:crypto';

/** What became of one create call, over all its tries. */
export interface LoadCall {
  /** Its Idempotency-Key, also in `data.call` of what it creates. */
  key: string;
  recipients: readonly string[];
  /** `unknown`: no answer that says whether it was accepted. */
  outcome: 'ok' | 'refused' | 'unknown';
  tries: { status: number | undefined; durationMs: number; retryAfter: string | null }[];
  /** Ids in the answer that was 2xx. */
  notificationIds: string[];
}

export interface LoadOptions {
  /** API instances; each try goes to the next one. Asked at each try, so that restarted ones are found. */
  apis: () => readonly string[];
  token: string;
  calls: number;
  /** Clients at once; 8 unless told. */
  clients?: number;
  /** Recipients of the nth call, and what it adds to the body. */
  recipients: (index: number) => readonly string[];
  body?: (index: number) => Record<string, unknown>;
  /** How long one call is tried again, with the same key. */
  deadlineMs: number;
  onAnswer?: (call: LoadCall) => void;
}

const tryTimeoutMs = 10_000;
const pauseMs = 50;

/** Makes a bounded number of create calls, each with a key of its own that stays through its retries. */
export async function runLoad(options: LoadOptions): Promise<LoadCall[]> {
  const calls: LoadCall[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < options.calls) {
      const index = next++;
      const call = await makeCall(options, index);
      calls.push(call);
      options.onAnswer?.(call);
    }
  };
  await Promise.all(Array.from({ length: options.clients ?? 8 }, client));
  return calls;
}

async function makeCall(options: LoadOptions, index: number): Promise<LoadCall> {
  const key = randomUUID();
  const recipients = options.recipients(index);
  const call: LoadCall = { key, recipients, outcome: 'unknown', tries: [], notificationIds: [] };
  const body = JSON.stringify({
    to: recipients,
    title: `Call ${index}`,
    ...options.body?.(index),
    data: { call: key },
  });
  const endMs = performance.now() + options.deadlineMs;
  for (let turn = index; performance.now() < endMs; turn += 1) {
    const apis = options.apis();
    const settled = await tryOnce(call, `${apis[turn % apis.length] ?? ''}/v1/notifications`, body, options);
    if (settled) return call;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return call;
}

/** True when the answer says what became of the call. */
async function tryOnce(
  call: LoadCall,
  url: string,
  body: string,
  { token }: Pick<LoadOptions, 'token'>,
): Promise<boolean> {
  const startedMs = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': call.key,
      },
      body,
      signal: AbortSignal.timeout(tryTimeoutMs),
    });
    const answer = (await response.json()) as { notifications?: { id: string }[] };
    call.tries.push({
      status: response.status,
      durationMs: performance.now() - startedMs,
      retryAfter: response.headers.get('retry-after'),
    });
    if (response.status < 300) {
      call.outcome = 'ok';
      call.notificationIds = (answer.notifications ?? []).map((one) => one.id);
      return true;
    }
    // 409: the first try of this key is still under way somewhere.
    if (response.status >= 500 || response.status === 409) return false;
    call.outcome = 'refused';
    return true;
  } catch {
    call.tries.push({ status: undefined, durationMs: performance.now() - startedMs, retryAfter: null });
    return false;
  }
}
