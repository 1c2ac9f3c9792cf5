import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '@carillon/core';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface HealthServerOptions {
  health: Health;
  metrics: Pick<Metrics, 'scrape' | 'contentType'>;
  log: Log;
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Whether the holder of this Authorization header may see `/healthz`. */
  mayReadDetails: (authorization: string | undefined) => boolean | Promise<boolean>;
}

export interface HealthServer {
  /** The port that it really listens on. */
  port: number;
  /** Closes the port and every connection. */
  stop: () => Promise<void>;
}

interface Answer {
  statusCode: number;
  contentType: string;
  body: string;
}

/**
 * Serves `/livez`, `/readyz`, `/healthz` and `/metrics` for a process that has no HTTP server of its own.
 * Resolves when it listens.
 * @throws the system's error when the port is taken.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { log, host, port } = options;
  const limits = { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000, maxHeaderSize: 8192 };
  const server = createServer(limits, (request, response) => {
    answer(options, request).then(
      (given) => write(request, response, given),
      (error: unknown) => {
        log.error({ event: 'health.failed', error });
        write(request, response, problem(500, 'Internal error'));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server
    .removeAllListeners('error')
    .on('error', (error) => log.error({ event: 'health.server_failed', error }));
  const address = server.address();
  const realPort = typeof address === 'object' && address !== null ? address.port : port;
  log.info({ event: 'health.listening', host, port: realPort });
  return {
    port: realPort,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: HealthServerOptions, request: IncomingMessage): Promise<Answer> {
  const { health, metrics, mayReadDetails } = options;
  if (request.method !== 'GET' && request.method !== 'HEAD') return problem(405, 'Only GET is served here');
  switch (request.url?.split('?')[0]) {
    case '/livez':
      return json(health.live());
    case '/readyz':
      return json(await health.ready());
    case '/healthz':
      if (!(await mayReadDetails(request.headers.authorization)))
        return problem(401, 'A valid token is needed');
      return json(await health.details());
    case '/metrics':
      return { statusCode: 200, contentType: metrics.contentType, body: await metrics.scrape() };
    default:
      return problem(404, 'Served here: /livez, /readyz, /healthz, /metrics');
  }
}

function json({ statusCode, body }: { statusCode: number; body: unknown }): Answer {
  return { statusCode, contentType: 'application/json', body: JSON.stringify(body) };
}

function problem(statusCode: number, title: string): Answer {
  return {
    statusCode,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: statusCode, title }),
  };
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { statusCode, contentType, body }: Answer,
): void {
  const headers: Record<string, string | number> = {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  };
  if (statusCode === 401) headers['www-authenticate'] = 'Bearer';
  if (statusCode === 405) headers['allow'] = 'GET, HEAD';
  response.writeHead(statusCode, headers).end(request.method === 'HEAD' ? undefined : body);
}
