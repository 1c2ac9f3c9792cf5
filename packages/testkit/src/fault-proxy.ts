import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { trackOpen } from './leaks.ts';

/** Which way bytes go through the proxy. */
export type Direction = 'to_server' | 'to_client';

const bothWays: readonly Direction[] = ['to_server', 'to_client'];

/** A TCP proxy between a process of ours and a server, with faults. Each fault ends the one before it. */
export interface FaultProxy {
  port: number;
  /** The same URL by way of this proxy. */
  through(url: string): string;
  /** Connections open right now. */
  connections(): number;
  /** Connections taken so far. */
  accepts(): number;
  /** Resets what is open and refuses what comes, until `heal` or for `forMs`. */
  cut(forMs?: number): void;
  /** Takes connections and bytes and passes nothing on; what was held back flows when it is over. */
  blackHole(options?: { directions?: readonly Direction[]; forMs?: number }): void;
  /** What is open goes half-open for ever: nothing arrives and nothing ends. New connections are well. */
  freeze(): void;
  /** Each chunk waits `delayMs` ± `jitterMs`; the order stays. */
  delay(delayMs: number, options?: { jitterMs?: number; forMs?: number }): void;
  /** Resets (RST) what is open at this moment; new connections are well. */
  reset(): void;
  /** Ends the fault; frozen connections stay frozen. */
  heal(): void;
  stop(): Promise<void>;
}

type Fault =
  | { type: 'none' }
  | { type: 'cut' }
  | { type: 'black_hole'; directions: readonly Direction[] }
  | { type: 'delay'; delayMs: number; jitterMs: number };

interface Link {
  client: Socket;
  server: Socket;
  frozen: boolean;
  /** Per direction: the end of what is being passed on, so that delays keep the order. */
  tails: Record<Direction, Promise<void>>;
}

/**
 * Starts a proxy to a loopback port. It works on TCP streams: it cannot lose single packets, and the
 * kernel's keep-alives are answered by the proxy's own sockets. It keeps no bytes but one chunk per
 * direction: what is not passed on is not read.
 */
export async function startFaultProxy(target: { port: number }): Promise<FaultProxy> {
  const links = new Set<Link>();
  let fault: Fault = { type: 'none' };
  let healing: NodeJS.Timeout | undefined;
  let accepts = 0;

  const begin = (next: Fault, forMs?: number): void => {
    clearTimeout(healing);
    fault = next;
    if (next.type === 'cut') resetAll();
    if (forMs !== undefined) healing = setTimeout(() => begin({ type: 'none' }), forMs);
    for (const link of links) flowAgain(link, fault);
  };
  const resetAll = (): void => {
    for (const { client, server } of links) for (const socket of [client, server]) socket.resetAndDestroy();
  };

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    accepts += 1;
    if (fault.type === 'cut') return void client.on('error', () => undefined).resetAndDestroy();
    const server = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    const tails = { to_server: Promise.resolve(), to_client: Promise.resolve() };
    const link: Link = { client: client.setNoDelay(true), server, frozen: false, tails };
    links.add(link);
    join(link, () => fault);
    const end = (): void => {
      // What one side ends, the other learns, unless the link is one that says nothing any more.
      if (link.frozen && !(client.destroyed && server.destroyed)) return;
      links.delete(link);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', end);
    flowAgain(link, fault);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;

  const proxy: FaultProxy = {
    port,
    through(url) {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    connections: () => links.size,
    accepts: () => accepts,
    cut: (forMs) => begin({ type: 'cut' }, forMs),
    blackHole: ({ directions = bothWays, forMs } = {}) => begin({ type: 'black_hole', directions }, forMs),
    freeze() {
      for (const link of links) {
        link.frozen = true;
        for (const socket of [link.client, link.server]) socket.pause();
      }
    },
    delay: (delayMs, { jitterMs = 0, forMs } = {}) => begin({ type: 'delay', delayMs, jitterMs }, forMs),
    reset: resetAll,
    heal: () => begin({ type: 'none' }),
    stop() {
      untrack();
      clearTimeout(healing);
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const link of links) for (const socket of [link.client, link.server]) socket.destroy();
      return closed;
    },
  };
  const untrack = trackOpen(`fault proxy to port ${target.port}`, () => proxy.stop());
  return proxy;
}

function isHeld(link: Link, direction: Direction, fault: Fault): boolean {
  return link.frozen || (fault.type === 'black_hole' && fault.directions.includes(direction));
}

/** Reads on where nothing holds; a paused socket is how nothing passes without being kept. */
function flowAgain(link: Link, fault: Fault): void {
  for (const direction of bothWays) {
    const from = direction === 'to_server' ? link.client : link.server;
    if (isHeld(link, direction, fault)) from.pause();
    else from.resume();
  }
}

function join(link: Link, fault: () => Fault): void {
  for (const direction of bothWays) {
    const [from, to] = direction === 'to_server' ? [link.client, link.server] : [link.server, link.client];
    from.on('data', (chunk: Buffer) => {
      from.pause();
      link.tails[direction] = link.tails[direction]
        .then(() => waitAs(fault()))
        .then(() => pass(chunk, to))
        .then(() => {
          if (!isHeld(link, direction, fault())) from.resume();
        });
    });
    from.on('end', () => {
      void link.tails[direction].then(() => (link.frozen ? undefined : to.end()));
    });
  }
}

async function waitAs(fault: Fault): Promise<void> {
  if (fault.type !== 'delay') return;
  const delayMs = Math.max(0, fault.delayMs + (Math.random() * 2 - 1) * fault.jitterMs);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
}

function pass(chunk: Buffer, to: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed) return resolve();
    to.once('close', resolve);
    to.write(chunk, () => {
      to.off('close', resolve);
      resolve();
    });
  });
}
