import { connect, createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import { silentLog, startWebhookReceiver, type WebhookReceiver } from '@carillon/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerBodyBytesMax } from './http-exchange.ts';
import { createHttpDoor, unreachableReason, type HttpDoor, type HttpDoorDeps } from './http.ts';

const unreachable = { reached: false, reason: unreachableReason };
/** Public by its number; no test ever lets a connection out to it. */
const publicAddress = '93.184.216.34';

let receiver: WebhookReceiver;
const doors: HttpDoor[] = [];

beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.stop()));
  await receiver.stop();
});

function openDoor(deps: Partial<HttpDoorDeps> = {}): HttpDoor {
  const door = createHttpDoor({ log: silentLog, egressAllow: [], ...deps });
  doors.push(door);
  return door;
}

function post(
  door: HttpDoor,
  url: string,
  signal = AbortSignal.timeout(10_000),
): ReturnType<HttpDoor['post']> {
  return door.post({ url, headers: { 'content-type': 'text/plain' }, body: 'hello', signal });
}

describe('the address guard, before a real listener on loopback', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '0',
    '①②⑦.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::7f00:1]',
    '[64:ff9b::7f00:1]',
    'localhost',
    'localhost.',
    'a.localhost',
  ])('never connects to %s, over https or http', async (host) => {
    const door = openDoor();
    expect(await post(door, `https://${host}:${receiver.port}/`)).toEqual(unreachable);
    expect(await post(door, `http://${host}:${receiver.port}/`)).toEqual(unreachable);
    expect(receiver.accepts).toBe(0);
  });

  it.each([
    { name: 'a name that resolves inside', answers: ['127.0.0.1'] },
    { name: 'a name with a public and an inner address', answers: [publicAddress, '127.0.0.1'] },
    { name: 'a name with an inner and a public address', answers: ['127.0.0.1', publicAddress] },
    { name: 'a name that resolves inside through a mapped address', answers: ['::ffff:127.0.0.1'] },
    { name: 'a name without addresses', answers: [] },
  ])('never connects to $name', async ({ answers }) => {
    const attempted: string[] = [];
    const door = openDoor({ resolve: async () => answers, openSocket: onlyLoopback(attempted) });
    expect(await post(door, `https://hooks.example.org:${receiver.port}/`)).toEqual(unreachable);
    expect(attempted).toEqual([]);
    expect(receiver.accepts).toBe(0);
  });

  it('tells when the body begins to go out, and tells nothing of a connection that never was', async () => {
    let sendings = 0;
    const onSending = () => void (sendings += 1);
    const open = openDoor({ egressAllow: ['127.0.0.0/8'] });
    const request = { headers: {}, body: 'grüße', signal: AbortSignal.timeout(10_000), onSending };
    expect(await open.post({ ...request, url: receiver.url })).toMatchObject({ reached: true });
    expect(receiver.arrivals[0]).toMatchObject({ body: 'grüße', headers: { 'content-length': '7' } });
    expect(sendings).toBe(1);
    expect(await openDoor().post({ ...request, url: receiver.url })).toEqual(unreachable);
    expect(await open.post({ ...request, url: receiver.url, signal: AbortSignal.abort() })).toEqual(
      unreachable,
    );
    expect(sendings).toBe(1);
  });

  it('is not fooled by a resolver that answers public first and loopback second', async () => {
    const answers = [[publicAddress], ['127.0.0.1']];
    const attempted: string[] = [];
    const door = openDoor({
      resolve: async () => answers.shift() ?? ['127.0.0.1'],
      openSocket: onlyLoopback(attempted),
    });
    const url = `https://hooks.example.org:${receiver.port}/`;
    expect(await post(door, url)).toEqual(unreachable);
    expect(await post(door, url)).toEqual(unreachable);
    expect(await post(door, url)).toEqual(unreachable);
    // The first connection went where the checked answer said, and the others were never begun.
    expect(attempted).toEqual([publicAddress]);
    expect(receiver.accepts).toBe(0);
  });

  it('does not relax after a lookup that failed', async () => {
    let lookups = 0;
    const door = openDoor({
      resolve: async () => {
        lookups += 1;
        if (lookups === 1) throw Object.assign(new Error('try again'), { code: 'EAI_AGAIN' });
        return ['127.0.0.1'];
      },
    });
    const url = `https://hooks.example.org:${receiver.port}/`;
    expect(await post(door, url)).toEqual(unreachable);
    expect(await post(door, url)).toEqual(unreachable);
    expect(lookups).toBe(2);
    expect(receiver.accepts).toBe(0);
  });

  it('says nothing over a connection that ended up inside although the lookup was public', async () => {
    const inner = await startByteCounter();
    // A network that redirects, as a transparent proxy or a forged route would.
    const door = openDoor({
      resolve: async () => [publicAddress],
      openSocket: () => connect({ host: '127.0.0.1', port: inner.port }),
    });
    expect(await post(door, `https://hooks.example.org:${inner.port}/`)).toEqual(unreachable);
    expect(await inner.bytesOfFirstConnection).toBe(0);
    await inner.stop();
  });

  it('demands of plain http that every address was opened', async () => {
    const resolve = async (): Promise<string[]> => [publicAddress];
    const attempted: string[] = [];
    const door = openDoor({ egressAllow: ['127.0.0.0/8'], resolve, openSocket: onlyLoopback(attempted) });
    expect(await post(door, `http://hooks.example.org:${receiver.port}/`)).toEqual(unreachable);
    expect(attempted).toEqual([]);
  });
});

describe('what the installation opened', () => {
  it.each([
    { name: 'an address range', allow: () => '127.0.0.0/8' },
    { name: 'a host and port', allow: () => `127.0.0.1:${receiver.port}` },
  ])('can be reached by $name', async ({ allow }) => {
    const answer = await post(openDoor({ egressAllow: [allow()] }), receiver.url);
    expect(answer).toMatchObject({ reached: true, statusCode: 204, complete: true });
    expect(receiver.arrivals[0]).toMatchObject({ method: 'POST', path: '/hook', body: 'hello' });
  });

  it('can be reached by a name that resolves into an opened range', async () => {
    const door = openDoor({ egressAllow: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] });
    expect(await post(door, `http://hooks.internal:${receiver.port}/`)).toMatchObject({ statusCode: 204 });
  });
});

describe('hostile answers', () => {
  const allowed = { egressAllow: ['127.0.0.0/8'] };

  it.each([301, 302, 303, 307, 308])('does not follow a redirect of status %i', async (status) => {
    const inner = await startWebhookReceiver();
    receiver.answerWith({ type: 'redirect', status, location: inner.url });
    expect(await post(openDoor(allowed), receiver.url)).toMatchObject({ reached: true, statusCode: status });
    expect(receiver.arrivals).toHaveLength(1);
    expect(inner.accepts).toBe(0);
    await inner.stop();
  });

  it('reads at most 64 KiB of a body of 1 GB', async () => {
    receiver.answerWith({ type: 'huge_body', status: 200, bytes: 1024 ** 3 });
    const answer = await post(openDoor(allowed), receiver.url);
    expect(answer).toMatchObject({ reached: true, statusCode: 200, complete: false });
    expect(answer.reached && answer.body.length).toBe(answerBodyBytesMax);
  });

  it('does not unpack a gzip bomb', async () => {
    receiver.answerWith({ type: 'gzip_bomb', status: 200, bytes: 50 * 1024 * 1024 });
    const answer = await post(openDoor(allowed), receiver.url);
    expect(answer.reached && answer.body.length).toBeLessThanOrEqual(answerBodyBytesMax);
  });

  it('keeps the status of an answer whose body breaks off', async () => {
    receiver.answerWith({ type: 'reset', afterStatus: 500 });
    expect(await post(openDoor(allowed), receiver.url)).toMatchObject({ statusCode: 500, complete: false });
  });

  it('keeps the status of a body that drips until the time is over', async () => {
    receiver.answerWith({ type: 'slow_drip', status: 202, everyMs: 20 });
    const answer = await post(openDoor(allowed), receiver.url, AbortSignal.timeout(500));
    expect(answer).toMatchObject({ statusCode: 202, complete: false });
  });

  it.each([
    { name: 'a reset before the status', answer: { type: 'reset' } as const },
    { name: 'headers without end', answer: { type: 'endless_headers' } as const },
    { name: 'silence', answer: { type: 'never' } as const },
  ])('gives the one reason for $name', async ({ answer }) => {
    receiver.answerWith(answer);
    expect(await post(openDoor(allowed), receiver.url, AbortSignal.timeout(500))).toEqual(unreachable);
  });
});

describe('what a target can learn', () => {
  it('is the same for an inner address, a closed port, a failed lookup and a timeout', async () => {
    const closedPort = await portOfClosedServer();
    const failing = async (): Promise<never> => {
      throw new Error('ENOTFOUND');
    };
    receiver.answerWith({ type: 'never' });
    const answers = [
      await post(openDoor(), `https://10.0.0.1:${receiver.port}/`),
      await post(openDoor({ egressAllow: ['127.0.0.0/8'] }), `http://127.0.0.1:${closedPort}/`),
      await post(openDoor({ resolve: failing }), 'https://hooks.example.org/'),
      await post(openDoor({ egressAllow: ['127.0.0.0/8'] }), receiver.url, AbortSignal.timeout(300)),
      await post(openDoor({ egressAllow: ['127.0.0.0/8'] }), receiver.url, AbortSignal.abort()),
    ];
    for (const answer of answers) expect(answer).toEqual(unreachable);
  });
});

/** Sockets that reach loopback for real and fail at once for every other address; what they were given is written down. */
function onlyLoopback(attempted: string[]): NonNullable<HttpDoorDeps['openSocket']> {
  return (options) =>
    connect({
      ...options,
      lookup(name, lookupOptions, callback) {
        options.lookup?.(name, { ...lookupOptions, all: true }, (error, found) => {
          const addresses = Array.isArray(found) ? found : [];
          attempted.push(...addresses.map(({ address }) => address));
          const loopback = addresses.filter(({ address }) => address.startsWith('127.'));
          if (loopback.length > 0) callback(error, loopback);
          else callback(Object.assign(new Error('no route'), { code: 'ENETUNREACH' }), []);
        });
      },
    });
}

/** A listener that says how many bytes its first connection brought before it closed; it hangs up on the first of them. */
async function startByteCounter(): Promise<{
  port: number;
  bytesOfFirstConnection: Promise<number>;
  stop: () => Promise<void>;
}> {
  const server = createServer();
  const bytesOfFirstConnection = new Promise<number>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        resolve(bytes.length);
        socket.destroy();
      });
      socket.once('close', () => resolve(socket.bytesRead));
    });
  });
  const port = await listen(server);
  return { port, bytesOfFirstConnection, stop: () => close(server) };
}

async function portOfClosedServer(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the listener has no port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('a process that stood still past the time of a send', () => {
  it('counts the answer that came meanwhile', async () => {
    // In a thread of its own, because it answers while this one stands still.
    const peer = new Worker(
      `const { createServer } = require('node:http'); const { parentPort } = require('node:worker_threads');
       const server = createServer((request, response) => {
         parentPort.postMessage(request.url);
         setTimeout(() => response.writeHead(204).end(), 50);
       });
       server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    try {
      const port = await new Promise<number>((resolve) => peer.once('message', resolve));
      const url = `http://127.0.0.1:${port}/`;
      const door = openDoor({ egressAllow: ['127.0.0.1/32'] });
      await post(door, url);
      const asked = new Promise<void>((resolve) => {
        peer.on('message', (path) => path === '/late' && resolve());
      });
      const late = post(door, `${url}late`, AbortSignal.timeout(200));
      await asked;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      expect(await late).toMatchObject({ reached: true, statusCode: 204 });
    } finally {
      await peer.terminate();
    }
  });
});
