import { createHash } from 'node:crypto';
import { callbackify } from 'node:util';
import { createTransport, type Transporter } from 'nodemailer';
import type { SMTPTransportGetSocket, SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';
import { dial, type DialDeps } from '../dial.ts';
import type { Destination } from '../outgoing-url.ts';
import { BodyProgress } from './body-progress.ts';
import { Signing } from './signing.ts';
import type { SmtpServer } from './smtp-url.ts';

export interface SmtpTimeouts {
  connectMs: number;
  greetingMs: number;
  silenceMs: number;
}

/** A server, and where to dial it under guard; without `destination` it is the operator's own and not judged. */
export interface SmtpRoute {
  server: SmtpServer;
  destination: Destination | undefined;
}

/** Connection pools, one for each distinct server and credentials. */
export interface Transports {
  get(route: SmtpRoute): Transporter;
  stop(): void;
}

/** All shorter than the 15 s that a dispatch may take, so that a stall is told from an abort. */
export const smtpTimeouts: SmtpTimeouts = { connectMs: 8_000, greetingMs: 8_000, silenceMs: 12_000 };

const poolsMax = 64;
const connectionsMax = 10;
const mailsPerConnectionMax = 100;
const idleMs = 60_000;

export function createTransports(deps: DialDeps, timeouts: SmtpTimeouts): Transports {
  const pools = new Map<string, Transporter>();
  return {
    get(route) {
      const key = keyOf(route);
      const pool = pools.get(key) ?? createPool(deps, route, timeouts);
      // Taken out and put back: the first key of the map is the one not used for longest.
      pools.delete(key);
      pools.set(key, pool);
      closeOldest(pools);
      return pool;
    },
    stop() {
      for (const pool of pools.values()) pool.close();
      pools.clear();
    },
  };
}

/** What nodemailer is told of a server, whatever is done there. */
export function connectionTo(
  { urlHost, port, isImplicitTls, startTls, credentials }: SmtpServer,
  timeouts: SmtpTimeouts,
): SMTPTransportOptions {
  return {
    host: urlHost.replace(/^\[(.*)\]$/, '$1'),
    port,
    secure: isImplicitTls,
    requireTLS: startTls === 'required',
    ignoreTLS: startTls === 'off',
    ...(credentials !== undefined && { auth: { user: credentials.user, pass: credentials.password } }),
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
  };
}

function createPool(deps: DialDeps, { server, destination }: SmtpRoute, timeouts: SmtpTimeouts): Transporter {
  const pool = createTransport({
    pool: true,
    ...connectionTo(server, timeouts),
    maxConnections: connectionsMax,
    maxMessages: mailsPerConnectionMax,
    // One more connection when a kept one turns out dead before the mail began; all else is the schedule's.
    maxRequeues: 1,
    idleTimeout: idleMs,
    dnsTimeout: timeouts.connectMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(destination === undefined ? {} : { getSocket: guardedSocket(deps, destination, timeouts.connectMs) }),
  });
  pool.use('stream', (mail, done) => {
    // Signed first: what was handed over is what the signer gave, which it does after it has read the whole mail.
    const signing = 'signing' in mail.data ? mail.data.signing : undefined;
    if (signing instanceof Signing) mail.message?.processFunc(signing.sign);
    const progress = 'progress' in mail.data ? mail.data.progress : undefined;
    if (progress instanceof BodyProgress) mail.message?.processFunc(progress.follow);
    done();
  });
  return pool;
}

function guardedSocket(deps: DialDeps, destination: Destination, timeoutMs: number): SMTPTransportGetSocket {
  return (_options, callback) => {
    callbackify(() => dial(deps, destination, timeoutMs))((error, connection) =>
      error === null ? callback(null, { connection }) : callback(error),
    );
  };
}

function closeOldest(pools: Map<string, Transporter>): void {
  if (pools.size <= poolsMax) return;
  const oldest = pools.entries().next();
  if (oldest.done === true) return;
  const [key, pool] = oldest.value;
  pools.delete(key);
  pool.close();
}

/** Hashed, so that no password lives on as a key. */
function keyOf(route: SmtpRoute): string {
  return createHash('sha256').update(JSON.stringify(route)).digest('base64');
}
