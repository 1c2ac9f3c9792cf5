import type { Server } from 'node:http';
import type { Log } from '@carillon/core';
import { withDeadline, type Config } from '@carillon/runtime';

/** Resolves when the server listens. Throws the system's error when the port is taken. */
export async function listen(server: Server, config: Pick<Config, 'host' | 'port'>, log: Log): Promise<void> {
  // Node's own limits are generous; slow or greedy clients must not hold connections.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000; // longer than common proxies keep theirs
  server.maxHeadersCount = 100;
  server.maxRequestsPerSocket = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  log.info({ event: 'api.listening', host: config.host, port });
}

/** Takes no new connection, lets requests under way end, and cuts what is left after `withinMs`. */
export async function stopListening(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await withDeadline(closed, Math.max(1, withinMs), () => server.closeAllConnections());
}
