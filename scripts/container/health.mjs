/**
 * Health check of the container image: exits with 0 when the service in this container answers /livez with 200.
 * Asks the API's port and the port of a worker's metrics, since one image serves both; `health.mjs api` and
 * `health.mjs worker` ask only one. Liveness, not readiness: a database that is away is no reason to be killed.
 */
const timeoutMs = 2500;
const portOf = { api: process.env['PORT'] || '8080', worker: process.env['METRICS_PORT'] || '9465' };
const [name] = process.argv.slice(2);
const ports = name === 'api' || name === 'worker' ? [portOf[name]] : [portOf.api, portOf.worker];

const alive = ports.map(async (port) => {
  const answer = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`port ${port} answers ${answer.status}`);
});
await Promise.any(alive).catch((error) => {
  for (const cause of error.errors) console.error(String(cause));
  process.exit(1);
});
