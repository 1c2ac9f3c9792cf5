import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { trackOpen } from '@carillon/testkit';

/** A load balancer in front of several servers: each new connection goes to the next one. */
export interface Balancer {
  url: string;
  /** Resets every connection that is open, in the middle of whatever is said on it. */
  cut(): void;
  /** Takes no connections until `admit`, and cuts what is open. */
  close(): void;
  admit(): void;
  /** WebSockets and event streams that were asked for so far. */
  streams(): number;
  stop(): Promise<void>;
}

export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  let streams = 0;
  let isClosed = false;
  const server = createServer((client) => {
    if (isClosed) return void client.resetAndDestroy();
    const { hostname, port } = new URL(targets[turn++ % targets.length] ?? '');
    const target = connect({ host: hostname, port: Number(port) });
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk.toString('latin1').startsWith('GET /v1/inbox/stream?')) streams += 1;
    });
    client.pipe(target).pipe(client);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => open.forEach((socket) => socket.resetAndDestroy());
  const stop = async (): Promise<void> => {
    forget();
    cut();
    await new Promise((resolve) => server.close(resolve));
  };
  const forget = trackOpen('balancer', stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close() {
      isClosed = true;
      cut();
    },
    admit() {
      isClosed = false;
    },
    streams: () => streams,
    stop,
  };
}
