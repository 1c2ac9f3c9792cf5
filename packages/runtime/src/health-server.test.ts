import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClock } from './clock.ts';
import { createHealth, type Health } from './health.ts';
import { startHealthServer, type HealthServer } from './health-server.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';

describe('the health port of a worker', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ service: 'worker', version: '1', level: 'info', destination });
  const metrics = createMetrics({ service: 'worker', version: '1' });
  const checks = [{ name: 'postgres', decisive: true, check: () => Promise.resolve() }];
  const start = (health: Health, port = 0) =>
    startHealthServer({
      health,
      metrics,
      log,
      host: '127.0.0.1',
      port,
      mayReadDetails: (authorization) => {
        if (authorization === 'Bearer broken') throw new Error('token store is away');
        return authorization === 'Bearer operator';
      },
    });
  const health = createHealth({ service: 'worker', version: '1', clock: createClock(), checks });
  let server: HealthServer;
  beforeAll(async () => {
    server = await start(health);
  });
  afterAll(() => server.stop());

  const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const as = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

  it.each([
    { path: '/livez', init: {}, statusCode: 200, type: 'application/json', contains: '"status":"live"' },
    {
      path: '/readyz?verbose',
      init: {},
      statusCode: 200,
      type: 'application/json',
      contains: '"status":"ready"',
    },
    { path: '/healthz', init: {}, statusCode: 401, type: 'application/problem+json', contains: 'token' },
    {
      path: '/healthz',
      init: as('member'),
      statusCode: 401,
      type: 'application/problem+json',
      contains: 'token',
    },
    {
      path: '/healthz',
      init: as('operator'),
      statusCode: 200,
      type: 'application/json',
      contains: 'uptime_seconds',
    },
    {
      path: '/healthz',
      init: as('broken'),
      statusCode: 500,
      type: 'application/problem+json',
      contains: 'Internal',
    },
    { path: '/metrics', init: {}, statusCode: 200, type: 'text/plain', contains: 'carillon_build_info{' },
    { path: '/', init: {}, statusCode: 404, type: 'application/problem+json', contains: '/metrics' },
    {
      path: '/livez',
      init: { method: 'POST' },
      statusCode: 405,
      type: 'application/problem+json',
      contains: 'GET',
    },
  ])('answers $statusCode to $path', async ({ path, init, statusCode, type, contains }) => {
    const response = await get(path, init);
    expect(response.status).toBe(statusCode);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain(contains);
  });

  it('answers HEAD without a body', async () => {
    const response = await get('/livez', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('keeps the reason of a failure out of the answer and in the log', async () => {
    expect(await (await get('/healthz', as('broken'))).text()).not.toContain('token store');
    expect(lines.join('')).toContain('token store is away');
  });

  it('turns not ready while the process drains, and lets go of its port at stop', async () => {
    const draining = createHealth({ service: 'worker', version: '1', clock: createClock(), checks });
    const own = await start(draining);
    draining.drain();
    expect((await fetch(`http://127.0.0.1:${own.port}/readyz`)).status).toBe(503);
    await own.stop();
    const again = await start(draining, own.port);
    await again.stop();
  });

  it('refuses to start on a port that is taken', async () => {
    await expect(start(health, server.port)).rejects.toThrow('EADDRINUSE');
  });
});
