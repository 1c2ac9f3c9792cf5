import { createServer } from 'node:net';
import { findFreePort } from './wait.ts';

/**
 * The port that a service is to listen on: the wanted one, or a free one for 0. Throws with the setting's
 * name when somebody listens there, or when this user may not.
 */
export async function requireFreePort(setting: string, host: string, port: number): Promise<number> {
  if (port === 0) return findFreePort();
  const code = await tryListen(host, port);
  if (code === undefined) return port;
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is taken by another program; stop that one or let ${setting} name another port`,
    EACCES: `this user may not listen on port ${port}; let ${setting} name one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine; let HOST name one`,
    ENOTFOUND: `${host} cannot be found; let HOST name an address of this machine`,
  };
  throw new Error(`${setting}=${port}: ${reasons[code] ?? `cannot listen on ${host} (${code})`}`);
}

/** Whether nobody listens there at this moment. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await tryListen(host, port)) === undefined;
}

/** The system's error code, or undefined when listening works. */
function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
