import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { pollUntil } from './processes.ts';

describe('the fault proxy', () => {
  let echo: Server;
  let proxy: FaultProxy;
  const clients: Client[] = [];
  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => socket.write(chunk));
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await startFaultProxy({ port: (echo.address() as AddressInfo).port });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await proxy.stop();
    await new Promise<void>((resolve) => echo.close(() => resolve()));
  });

  it('passes everything in order, a megabyte too', async () => {
    const client = await open();
    const sent = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(1_000, '.')).join('');
    client.socket.write(sent);
    await pollUntil(() => client.received.length === sent.length);
    expect(client.received === sent).toBe(true);
  });

  it('cuts what is open, refuses what comes, and heals by itself', async () => {
    const before = await open();
    proxy.cut(100);
    await pollUntil(() => before.closed);
    const during = await open();
    await pollUntil(() => during.closed);
    const after = await pollUntil(async () => {
      const client = await open();
      client.socket.write('hello');
      await pollUntil(() => client.received === 'hello' || client.closed);
      return client.closed ? undefined : client;
    });
    expect(after.received).toBe('hello');
  });

  it('holds everything back in a black hole and loses none of it', async () => {
    const client = await open();
    proxy.blackHole();
    client.socket.write('held');
    const witness = await startFaultProxy({ port: proxy.port });
    await witness.stop();
    expect(client.received).toBe('');
    proxy.heal();
    await pollUntil(() => client.received === 'held');
  });

  it('freezes what is open for ever and lets new connections through', async () => {
    const frozen = await open();
    frozen.socket.write('first');
    await pollUntil(() => frozen.received === 'first');
    proxy.freeze();
    frozen.socket.write('second');
    const fresh = await open();
    fresh.socket.write('well');
    await pollUntil(() => fresh.received === 'well');
    proxy.heal();
    fresh.socket.write('!');
    await pollUntil(() => fresh.received === 'well!');
    expect({ received: frozen.received, closed: frozen.closed }).toEqual({
      received: 'first',
      closed: false,
    });
  });

  it('delays without changing the order', async () => {
    const client = await open();
    proxy.delay(30, { jitterMs: 25 });
    const startedMs = performance.now();
    for (const part of ['a', 'b', 'c', 'd']) {
      client.socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await pollUntil(() => client.received.length === 4);
    expect(client.received).toBe('abcd');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(9);
  });

  it('resets what is open and takes new connections at once', async () => {
    const client = await open();
    client.socket.write('x');
    await pollUntil(() => client.received === 'x');
    proxy.reset();
    await pollUntil(() => client.closed);
    expect(client.errorCode).toBe('ECONNRESET');
    const next = await open();
    next.socket.write('y');
    await pollUntil(() => next.received === 'y');
    expect(proxy.accepts()).toBe(2);
  });

  interface Client {
    socket: Socket;
    received: string;
    closed: boolean;
    errorCode: string | undefined;
  }

  async function open(): Promise<Client> {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    const client: Client = { socket, received: '', closed: false, errorCode: undefined };
    clients.push(client);
    socket.on('data', (chunk: Buffer) => {
      client.received += chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      client.errorCode = error.code;
    });
    socket.on('close', () => {
      client.closed = true;
    });
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
      socket.once('close', () => resolve());
    });
    return client;
  }
});
