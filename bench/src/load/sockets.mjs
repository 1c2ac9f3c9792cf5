import { WebSocket } from 'ws';
import { itemNumber } from './requests.mjs';

/**
 * Open inbox sockets, and what arrived on them.
 *
 * @typedef {object} Sockets
 * @property {number} open
 * @property {() => number} placed items that frames have announced as placed
 * @property {() => number} doubled items announced more than once
 * @property {() => string[]} faults frames and ends that must not happen under this load
 * @property {(number: number, sentAtMs: number) => void} expect notes when an item was sent
 * @property {(count: number, withinMs: number) => Promise<void>} arrived resolves when so many items were placed
 * @property {() => number[]} takeLatenciesMs from sending to frame, of the items since the last call
 * @property {() => Promise<void>} close
 */

/**
 * Opens one socket for each token, with the token as its credential.
 *
 * @param {string} url of the API
 * @param {readonly string[]} tokens
 * @param {{ untilFull?: boolean }} [options] with `untilFull` a server that has no room for more is no error
 * @returns {Promise<Sockets>}
 */
export async function openSockets(url, tokens, { untilFull = false } = {}) {
  const state = createArrivals();
  /** @type {WebSocket[]} */
  const sockets = [];
  const left = [...tokens];
  const openNext = async () => {
    for (let token = left.pop(); token !== undefined; token = left.pop()) {
      try {
        sockets.push(await openSocket(url, token, state));
      } catch (error) {
        const isFull = error instanceof Error && error.message.endsWith('response: 429');
        if (!untilFull || !isFull) throw error;
        left.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: 32 }, openNext));
  return {
    open: sockets.length,
    ...state.figures,
    async close() {
      state.isClosing = true;
      await Promise.all(
        sockets.map((socket) => {
          const closed = new Promise((resolve) => socket.once('close', resolve));
          socket.close();
          return closed;
        }),
      );
    },
  };
}

/** @typedef {ReturnType<typeof createArrivals>} Arrivals */

function createArrivals() {
  /** @type {number[]} */
  const sentAtMs = [];
  const seen = new Set();
  /** @type {number[]} */
  let latenciesMs = [];
  /** @type {string[]} */
  const faults = [];
  let doubled = 0;
  const figures = {
    placed: () => seen.size,
    doubled: () => doubled,
    faults: () => faults,
    expect: (/** @type {number} */ number, /** @type {number} */ atMs) => void (sentAtMs[number] = atMs),
    takeLatenciesMs() {
      const taken = latenciesMs;
      latenciesMs = [];
      return taken;
    },
    async arrived(/** @type {number} */ count, /** @type {number} */ withinMs) {
      const deadlineMs = performance.now() + withinMs;
      while (seen.size < count && performance.now() < deadlineMs) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
  return {
    figures,
    isClosing: false,
    /** @param {string} text */
    take(text) {
      const nowMs = performance.now();
      const frame = JSON.parse(text);
      if (frame.type === 'resync' || frame.type === 'error') faults.push(text);
      if (frame.type !== 'changes') return;
      for (const item of frame.placed) {
        const number = itemNumber(item.title);
        if (seen.has(number)) doubled += 1;
        seen.add(number);
        latenciesMs.push(nowMs - (sentAtMs[number] ?? Number.NaN));
      }
    },
    /** @param {string} text */
    fault: (text) => void faults.push(text),
  };
}

/**
 * @param {string} url
 * @param {string} token
 * @param {Arrivals} state
 * @returns {Promise<WebSocket>}
 */
function openSocket(url, token, state) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/inbox/stream`, {
    ...{ headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false },
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    // The first frame is `ready`: from then on everything is told.
    socket.once('message', () => {
      socket.on('message', (/** @type {Buffer} */ data) => state.take(data.toString('utf8')));
      resolve(socket);
    });
    socket.once('close', (code) => {
      if (!state.isClosing) state.fault(`a socket was closed with ${code}`);
    });
  });
}
