import { Client } from 'undici';

/**
 * @typedef {import('./requests.mjs').RequestKind} RequestKind
 * @typedef {ReturnType<RequestKind['next']>} NextRequest
 *
 * @typedef {object} LoadOptions
 * @property {string} [token]
 * @property {number} connections
 * @property {number} durationMs
 * @property {(request: NextRequest, sentAtMs: number) => void} [onSend]
 *
 * @typedef {object} LoadResult
 * @property {number} answered requests answered as they should be
 * @property {number} sendingMs until the last answer
 * @property {number[]} ackMs
 */

/** Requests that fail like that say that the figures would mean nothing. */
class BadAnswer extends Error {}

/**
 * Keeps `connections` requests under way for `durationMs`: the highest rate that the server takes.
 * Throws on any other answer than the one that is meant to come.
 *
 * @param {string} url
 * @param {LoadOptions & RequestKind} options
 * @returns {Promise<LoadResult>}
 */
export async function closedLoop(url, options) {
  const clients = Array.from({ length: options.connections }, () => new Client(url, { pipelining: 1 }));
  /** @type {number[]} */
  const ackMs = [];
  const startMs = performance.now();
  const endMs = startMs + options.durationMs;
  const loop = async (/** @type {Client} */ client) => {
    for (let sentAtMs = performance.now(); sentAtMs < endMs; sentAtMs = performance.now()) {
      const request = options.next();
      options.onSend?.(request, sentAtMs);
      await send(client, options, request);
      ackMs.push(performance.now() - sentAtMs);
    }
  };
  await Promise.all(clients.map(loop));
  const sendingMs = performance.now() - startMs;
  await Promise.all(clients.map((client) => client.close()));
  return { answered: ackMs.length, sendingMs, ackMs };
}

/**
 * Sends `perSecond` requests at even distances whatever the answers do. A request's time counts from when it
 * was due, so that a server that stalls cannot hide the requests that came meanwhile.
 *
 * @param {string} url
 * @param {LoadOptions & RequestKind & { perSecond: number }} options
 * @returns {Promise<LoadResult>}
 */
export async function openLoop(url, options) {
  const clients = Array.from({ length: options.connections }, () => new Client(url, { pipelining: 1 }));
  /** @type {Client[]} */
  const idle = [...clients];
  /** @type {((client: Client) => void)[]} */
  const waiting = [];
  const take = () => {
    const client = idle.pop();
    return client ?? new Promise((/** @type {(client: Client) => void} */ resolve) => waiting.push(resolve));
  };
  const give = (/** @type {Client} */ client) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(client);
    else next(client);
  };
  /** @type {number[]} */
  const ackMs = [];
  const sendDue = async (/** @type {number} */ dueMs) => {
    const request = options.next();
    options.onSend?.(request, dueMs);
    const client = await take();
    await send(client, options, request);
    give(client);
    ackMs.push(performance.now() - dueMs);
  };
  const startMs = performance.now();
  const total = Math.floor((options.perSecond * options.durationMs) / 1000);
  const distanceMs = 1000 / options.perSecond;
  /** @type {Promise<void>[]} */
  const sends = [];
  while (sends.length < total) {
    const dueCount = Math.min(total, Math.floor((performance.now() - startMs) / distanceMs) + 1);
    while (sends.length < dueCount) sends.push(sendDue(startMs + sends.length * distanceMs));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sends);
  const sendingMs = performance.now() - startMs;
  await Promise.all(clients.map((client) => client.close()));
  return { answered: ackMs.length, sendingMs, ackMs };
}

/**
 * @param {Client} client
 * @param {Pick<RequestKind, 'path' | 'method' | 'answer'> & { token?: string }} options
 * @param {NextRequest} request
 * @returns {Promise<void>}
 */
function send(
  client,
  { token, method = 'POST', answer = 202, ...options },
  { body, key, path = options.path },
) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== '') headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return new Promise((resolve, reject) => {
    let status = 0;
    /** @type {Buffer[]} */
    const refusal = [];
    client.dispatch(
      { path, method, headers, body: body === '' ? null : body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => void (status = statusCode),
        onResponseData: (_controller, chunk) => void (status === answer || refusal.push(chunk)),
        onResponseEnd: () =>
          status === answer
            ? resolve()
            : reject(
                new BadAnswer(`${method} ${path} answered ${status}: ${Buffer.concat(refusal).toString()}`),
              ),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
