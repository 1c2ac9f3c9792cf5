import type { KeyObject } from 'node:crypto';
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { buildAdapterDeps, trackOpen } from '@carillon/testkit';
import { generate } from 'selfsigned';
import { readJwt } from './jwt.ts';

/** How the server treats a request, after it wrote it down. */
export type ApnsAnswer =
  /** As Apple's documentation says, of requests that have its shape. */
  | 'taken'
  | { status: number; reason?: string; retryAfter?: string; body?: string }
  | 'never'
  /** The stream, or the connection, ends without an answer. */
  | 'cancel'
  | 'goaway'
  /** A body of so many bytes, or of one that never ends. */
  | { status: number; bytes: number };

export interface ApnsArrival {
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface ApnsServer {
  baseUrl: string;
  /** Its certificate, PEM: whoever trusts it comes in. */
  ca: string;
  arrivals: readonly ApnsArrival[];
  /** TCP connections taken so far. */
  accepts: number;
  answerWith(answer: ApnsAnswer | ((arrival: ApnsArrival) => ApnsAnswer)): void;
  stop(): Promise<void>;
}

/** By whom a provider is known. */
export interface ApnsProvider {
  key: KeyObject;
  keyId: string;
  teamId: string;
  topic: string;
}

const { clock } = buildAdapterDeps();

const certificate = generate([{ name: 'commonName', value: 'push.example.org' }], {
  ...{ algorithm: 'sha256', days: 2, keySize: 2048 },
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
});

/** A server that speaks HTTP/2 over TLS and nothing else, as APNs does, on a free loopback port. */
export async function startApnsServer(provider: ApnsProvider): Promise<ApnsServer> {
  const arrivals: ApnsArrival[] = [];
  const sockets = new Set<Socket>();
  let choose: (arrival: ApnsArrival) => ApnsAnswer = () => 'taken';
  const listener = createSecureServer({
    key: certificate.private,
    cert: certificate.cert,
    allowHTTP1: false,
  });
  listener.on('connection', (socket: Socket) => {
    server.accepts += 1;
    sockets.add(socket);
  });
  listener.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // A client that leaves ends its stream with an error, which is its own affair.
    stream.on('error', () => undefined);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const arrival = { headers: textsOf(headers), body: Buffer.concat(chunks).toString('utf8') };
      arrivals.push(arrival);
      write(stream, arrival, choose(arrival), provider);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: ApnsServer = {
    ...{ baseUrl: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`, ca: certificate.cert },
    ...{ arrivals, accepts: 0 },
    answerWith: (answer) => void (choose = typeof answer === 'function' ? answer : () => answer),
    stop() {
      untrack();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
  const untrack = trackOpen('apns server', () => server.stop());
  return server;
}

function write(
  stream: ServerHttp2Stream,
  arrival: ApnsArrival,
  answer: ApnsAnswer,
  provider: ApnsProvider,
): void {
  if (answer === 'never') return;
  if (answer === 'cancel') return stream.close(8);
  if (answer === 'goaway') return stream.session?.destroy(undefined, 0);
  if (answer === 'taken') return write(stream, arrival, judge(arrival, provider), provider);
  const { status } = answer;
  if ('bytes' in answer) {
    stream.respond({ ':status': status });
    return flood(stream, answer.bytes);
  }
  const { reason, retryAfter, body } = answer;
  stream.respond({
    ...{ ':status': status, 'apns-id': arrival.headers['apns-id'] },
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  });
  stream.end(body ?? (reason === undefined ? undefined : JSON.stringify({ reason })));
}

function flood(stream: ServerHttp2Stream, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, 0x61);
  let written = 0;
  const more = (): void => {
    while (written < bytes && !stream.destroyed) {
      written += chunk.length;
      if (!stream.write(chunk)) return void stream.once('drain', more);
    }
    stream.end();
  };
  more();
}

/** "Sending notification requests to APNs" and "Handling notification responses from APNs". */
function judge({ headers, body }: ApnsArrival, provider: ApnsProvider): { status: number; reason?: string } {
  const [, device] = /^\/3\/device\/(.*)$/.exec(headers[':path'] ?? '') ?? [];
  const wrong = judgeToken(headers['authorization'] ?? '', provider);
  const rules: [isRight: boolean, status: number, reason: string][] = [
    [headers[':method'] === 'POST', 405, 'MethodNotAllowed'],
    [device !== undefined, 404, 'BadPath'],
    [/^[0-9a-fA-F]{64,}$/.test(device ?? ''), 400, 'BadDeviceToken'],
    [wrong === undefined, 403, wrong ?? ''],
    [headers['apns-topic'] === provider.topic, 400, 'BadTopic'],
    [headers['apns-push-type'] === 'alert', 400, 'InvalidPushType'],
    [['5', '10'].includes(headers['apns-priority'] ?? '10'), 400, 'BadPriority'],
    [/^\d+$/.test(headers['apns-expiration'] ?? '0'), 400, 'BadExpirationDate'],
    [Buffer.byteLength(headers['apns-collapse-id'] ?? '') <= 64, 400, 'BadCollapseId'],
    [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(headers['apns-id'] ?? ''), 400, 'BadMessageId'],
    [Buffer.byteLength(body) <= 4_096, 413, 'PayloadTooLarge'],
    [typeof JSON.parse(body).aps === 'object', 400, 'PayloadEmpty'],
  ];
  const broken = rules.find(([isRight]) => !isRight);
  return broken === undefined ? { status: 200 } : { status: broken[1], reason: broken[2] };
}

function judgeToken(authorization: string, { key, keyId, teamId }: ApnsProvider): string | undefined {
  const [, token] = /^bearer (\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return 'MissingProviderToken';
  const { header, claims } = readJwt(token, key) ?? {};
  if (header?.['alg'] !== 'ES256' || header['kid'] !== keyId || claims?.['iss'] !== teamId) {
    return 'InvalidProviderToken';
  }
  const ageSeconds = clock.now().getTime() / 1_000 - Number(claims['iat']);
  return ageSeconds >= -60 && ageSeconds < 3_600 ? undefined : 'ExpiredProviderToken';
}

function textsOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
