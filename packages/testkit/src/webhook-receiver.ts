import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { trackOpen } from './leaks.ts';
import { createWaitList } from './wait-list.ts';
import { writeAnswer, type WebhookAnswer } from './webhook-answers.ts';

/** A request that came in whole, written down before anything was answered. */
export interface WebhookArrival {
  /** The `webhook-id` header. */
  id: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** As text; what is no text is in `bytes`. */
  body: string;
  bytes: Buffer;
  /** Whether the public Standard Webhooks library accepts the signature; undefined without a secret. */
  verified: boolean | undefined;
}

export interface WebhookReceiver {
  url: string;
  port: number;
  arrivals: readonly WebhookArrival[];
  /** TCP connections taken so far: what a guard that works keeps at zero. */
  accepts: number;
  /** One answer for all requests to come, or a choice for each. */
  answerWith(answer: WebhookAnswer | ((arrival: WebhookArrival) => WebhookAnswer)): void;
  waitFor(predicate: (receiver: WebhookReceiver) => boolean, deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real HTTP server on a free loopback port, told how to answer; 204 at first. */
export async function startWebhookReceiver(options: { secret?: string } = {}): Promise<WebhookReceiver> {
  const arrivals: WebhookArrival[] = [];
  const waiting = createWaitList(() => `${arrivals.length} requests over ${receiver.accepts} connections`);
  let choose: (arrival: WebhookArrival) => WebhookAnswer = () => ({ type: 'status', status: 204 });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = await readArrival(request, options.secret);
    arrivals.push(arrival);
    waiting.wake();
    await writeAnswer(response, choose(arrival));
  };
  const server = createServer((request, response) => {
    // A client that leaves while it sends has arrived nowhere: there is nothing to write down.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', () => {
    receiver.accepts += 1;
    waiting.wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    arrivals,
    accepts: 0,
    answerWith(answer) {
      choose = typeof answer === 'function' ? answer : () => answer;
    },
    waitFor: (predicate, deadlineMs) => waiting.waitFor(() => predicate(receiver), deadlineMs),
    stop() {
      untrack();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  const untrack = trackOpen('webhook receiver', () => receiver.stop());
  return receiver;
}

async function readArrival(request: IncomingMessage, secret: string | undefined): Promise<WebhookArrival> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const body = bytes.toString('utf8');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return {
    id: headers['webhook-id'] ?? '',
    method: request.method ?? '',
    path: request.url ?? '',
    headers,
    body,
    bytes,
    verified: secret === undefined ? undefined : isSignedWith(secret, body, headers),
  };
}

/** The judgement of the public library, as any receiver would make it. */
function isSignedWith(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
