import { WebSocket } from 'ws';
import { quantile } from '../statistics.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 *
 * @typedef {object} Watches one notification to each of many users who each watch by several sockets
 * @property {number} sockets
 * @property {number} frames that arrived, and should have: one on each socket for each send
 * @property {number} expected
 * @property {{ p50: number, max: number }} latencySeconds from the send to each frame
 */

/** As many as a user may have. */
const socketsOfUser = 10;
/** The first of all warms up and counts for nothing. */
const sends = 3;
/** What has not come by then does not come. */
const patienceMs = 10_000;

/**
 * @param {Subject} subject
 * @param {{ userIds: readonly string[], userTokens: readonly string[] }} watchers at most 100: one batch
 * @returns {Promise<Watches>}
 */
export async function measureWatches(subject, { userIds, userTokens }) {
  const arrivals = createArrivals();
  const tokens = userTokens.flatMap((token) => Array.from({ length: socketsOfUser }, () => token));
  const sockets = await openWatches(subject.url, tokens, arrivals.take);
  /** @type {number[]} */
  const latencies = [];
  for (let send = 0; send <= sends; send += 1) {
    const title = `Watched ${crypto.randomUUID()}`;
    const startMs = performance.now();
    await postBatch(subject, userIds, title);
    const times = await arrivals.of(title, sockets.length);
    if (send > 0) latencies.push(...times.map((atMs) => (atMs - startMs) / 1000));
  }
  await Promise.all(sockets.map(close));
  const expected = sockets.length * sends;
  const latencySeconds = latencyOf(latencies, expected);
  return { sockets: sockets.length, frames: latencies.length, expected, latencySeconds };
}

/**
 * Middle and latest; a frame that never came is later than any.
 *
 * @param {readonly number[]} seconds
 * @param {number} expected how many should have come
 */
export function latencyOf(seconds, expected) {
  const missing = Array.from(
    { length: Math.max(0, expected - seconds.length) },
    () => Number.POSITIVE_INFINITY,
  );
  const all = [...seconds, ...missing];
  return { p50: quantile(all, 0.5), max: quantile(all, 1) };
}

/** When frames came, by the title that they tell. */
export function createArrivals() {
  /** @type {Map<string, number[]>} */
  const byTitle = new Map();
  const timesOf = (/** @type {string} */ title) => {
    const times = byTitle.get(title) ?? [];
    byTitle.set(title, times);
    return times;
  };
  return {
    /** @param {string} text a frame */
    take(text) {
      const nowMs = performance.now();
      timesOf(JSON.parse(text).notification.title).push(nowMs);
    },
    /**
     * Those of a title, when all have come or none comes any more.
     *
     * @param {string} title
     * @param {number} count
     */
    async of(title, count) {
      const deadlineMs = performance.now() + patienceMs;
      const times = timesOf(title);
      while (times.length < count && performance.now() < deadlineMs) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return times;
    },
  };
}

/**
 * @param {Subject} subject
 * @param {readonly string[]} userIds
 * @param {string} title
 */
async function postBatch({ url, seeded }, userIds, title) {
  const notifications = userIds.map((id) => ({
    to: [id],
    title,
    body: 'All **twelve** databases are safe.',
  }));
  const response = await fetch(`${url}/v1/notifications/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${seeded.senderToken}` },
    body: JSON.stringify({ notifications }),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`The batch was answered ${response.status}: ${text}`);
}

/**
 * @param {string} url of the API
 * @param {readonly string[]} tokens one for each socket
 * @param {(text: string) => void} take
 * @returns {Promise<WebSocket[]>}
 */
async function openWatches(url, tokens, take) {
  /** @type {WebSocket[]} */
  const sockets = [];
  const left = [...tokens];
  const openNext = async () => {
    for (let token = left.pop(); token !== undefined; token = left.pop()) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v2/notifications/inbox/watch`, {
        ...{ headers: { 'coder-session-token': token }, perMessageDeflate: false },
      });
      socket.on('message', (/** @type {Buffer} */ data) => take(data.toString('utf8')));
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      sockets.push(socket);
    }
  };
  await Promise.all(Array.from({ length: 32 }, openNext));
  return sockets;
}

/** @param {WebSocket} socket */
function close(socket) {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close();
  return closed;
}
