import { CarillonError } from '../errors.ts';
import { refusalOf } from '../exchange.ts';
import type { TokenKeeper } from '../token.ts';
import { parseFrame, type StreamTransport } from './transport.ts';

/** Server-Sent Events by `fetch`, which can send the credential as a header and works outside of browsers too. */
export function sseTransport(deps: {
  url: string;
  token: TokenKeeper;
  fetch: typeof globalThis.fetch;
}): StreamTransport {
  return {
    name: 'sse',
    async open(after, signal, onFrame) {
      const token = await deps.token.get();
      const response = await request(deps, token, after, signal);
      if (!response.ok) {
        if (response.status === 401) deps.token.refused(token);
        throw refusalOf(response, await response.text());
      }
      try {
        for await (const event of eventsOf(response)) {
          signal.throwIfAborted();
          const frame = parseFrame(event);
          if (frame !== undefined) onFrame(frame);
        }
      } catch (error) {
        // A stream that breaks off is an end like any other; what the caller ended is the caller's reason.
        if (signal.aborted) throw signal.reason;
        if (error instanceof CarillonError) throw error;
      }
    },
  };
}

async function request(
  deps: { url: string; fetch: typeof globalThis.fetch },
  token: string | undefined,
  after: string,
  signal: AbortSignal,
): Promise<Response> {
  const query = new URLSearchParams({ after }).toString();
  try {
    return await deps.fetch(`${deps.url}/v1/inbox/stream?${query}`, {
      headers: {
        accept: 'text/event-stream',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...{ signal, credentials: 'omit', redirect: 'error', cache: 'no-store' },
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new CarillonError('No answer from the server', { code: 'client.network', retryable: true, cause });
  }
}

/** The data of each event (HTML standard, section 9.2.6); ids and names stand in the data too. */
async function* eventsOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop() ?? '';
      for (const event of events) {
        const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
        if (lines.length > 0) yield lines.map((line) => line.replace(/^data: ?/, '')).join('\n');
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
