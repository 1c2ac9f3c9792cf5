import type { Agent, Dispatcher } from 'undici';

/**
 * What came back. `body` is at most 64 KiB, and `complete` says whether that was all of it; a status
 * that arrived counts even when the rest of the answer did not.
 */
export interface HttpReply {
  statusCode: number;
  retryAfter: string | undefined;
  body: string;
  complete: boolean;
}

export const answerBodyBytesMax = 64 * 1024;

/** One request of the pool. */
export type Exchange = Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>;

/**
 * Sends one request and reads its answer. By `dispatch`, because a stream that is read chunk by chunk costs as much
 * again as the exchange itself, and an answer here is short or not wanted. Rejects when no status arrived: then
 * nothing is known of the answer.
 */
export function exchange(agent: Agent, request: Exchange, signal: AbortSignal): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const reading = createReading();
    let controller: Dispatcher.DispatchController | undefined;
    let isOver = false;

    // Not at once: an answer may have come while the process stood still, and is read before what is put off so.
    const abort = (): void => void setImmediate(abortNow);
    const abortNow = (): void => {
      if (isOver) return;
      controller?.abort(asError(signal.reason));
      fail(signal.reason);
    };
    const end = (complete: boolean): void => {
      isOver = true;
      signal.removeEventListener('abort', abort);
      const reply = reading.reply(complete);
      if (reply === undefined) reject(new Error('The answer ended before it began'));
      else resolve(reply);
    };
    const fail = (reason: unknown): void => {
      if (reading.hasBegun()) return end(false);
      isOver = true;
      signal.removeEventListener('abort', abort);
      reject(asError(reason));
    };

    signal.addEventListener('abort', abort, { once: true });
    agent.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It may have waited for a connection until its time was over.
        if (signal.aborted) started.abort(asError(signal.reason));
      },
      onResponseStart: (_controller, statusCode, headers) => reading.begin(statusCode, headers),
      onResponseData(running, chunk) {
        if (reading.isFullWith(chunk)) {
          end(false);
          running.abort(new Error('The answer is longer than what is read of it'));
        }
      },
      onResponseEnd: () => end(true),
      onResponseError: (_controller, error) => fail(error),
    });
  });
}

interface Reading {
  hasBegun(): boolean;
  begin(statusCode: number, headers: Record<string, string | string[] | undefined>): void;
  /** Keeps what there is room for, and says whether that was all. */
  isFullWith(chunk: Buffer): boolean;
  reply(complete: boolean): HttpReply | undefined;
}

function createReading(): Reading {
  let head: Pick<HttpReply, 'statusCode' | 'retryAfter'> | undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    hasBegun: () => head !== undefined,
    begin(statusCode, headers) {
      // 1xx announce the answer and are none.
      if (statusCode < 200) return;
      const retryAfter = headers['retry-after'];
      head = { statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
    },
    isFullWith(chunk) {
      const part = chunk.subarray(0, answerBodyBytesMax - bytes);
      chunks.push(part);
      bytes += part.length;
      return bytes >= answerBodyBytesMax;
    },
    reply(complete) {
      return head && { ...head, body: Buffer.concat(chunks).toString('utf8'), complete };
    },
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
