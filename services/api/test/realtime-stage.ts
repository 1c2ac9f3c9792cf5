import { WebSocket, type ClientOptions } from 'ws';
import { createDirectus, realtime, rest, staticToken } from '@directus/sdk';
import { pollUntil, trackOpen } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from './inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** Tests look into messages freely. */
type Json = ReturnType<typeof JSON.parse>;

/** A socket without the SDK. */
export interface RawSocket {
  /** What it was told so far, pings left out. */
  messages: Json[];
  /** A text is sent as it is, anything else as JSON. */
  send(message: unknown): void;
  /** Resolves with the first `count` messages; throws when they do not come. */
  told(count: number): Promise<Json[]>;
  closed: Promise<{ code: number; reason: string }>;
  /** Reads nothing any more. */
  pause(): void;
  resume(): void;
  drop(): void;
}

/** A real API with two organizations, as clients of Directus' realtime meet it. */
export interface RealtimeStage {
  api: TestApi;
  writer: InboxWriter;
  admin: Actor;
  member: Actor;
  /** Another member of the same organization. */
  other: Actor;
  /** As mighty as the admin, in another organization. */
  stranger: Actor;
  /** Creates rows as the admin and puts them into their inboxes; their ids. */
  create(to: Actor, subjects: readonly string[]): Promise<number[]>;
  /** Accepts a row as the admin, which then waits for its inbox; its id. */
  accept(to: Actor, subject: string): Promise<number>;
  /** Puts what waits into its inbox. */
  placeWaiting(to: Actor, id: number): Promise<void>;
  /** Calls the REST of Directus; throws for a refusal. */
  call(as: Actor, method: string, path: string, body?: unknown): Promise<Json>;
  open(path?: string, options?: ClientOptions & { url?: string }): Promise<RawSocket>;
  /** As `open`, and says who it is. */
  enter(as: Actor, url?: string): Promise<RawSocket>;
  stop(): Promise<void>;
}

const livenessMs = 20_000;

export async function setRealtimeStage(environment: Record<string, string> = {}): Promise<RealtimeStage> {
  const api = await startTestApi(environment);
  const writer = createInboxWriter(api);
  const [home, elsewhere] = [await api.makeOrganization(), await api.makeOrganization()];
  const admin = await api.makeUser(home, 'admin');
  const call: RealtimeStage['call'] = (as, method, path, body) =>
    callDirectus(api.url, as, method, path, body);
  const placeWaiting = async (to: Actor, number: number): Promise<void> => {
    const found = await api.database.db
      .selectFrom('notifications')
      .select('id')
      .where('number', '=', number)
      .where('recipient_id', '=', to.id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    await writer.placeAccepted(to, found.id);
  };
  const accept = async (to: Actor, subject: string): Promise<number> =>
    (await call(admin, 'POST', '/notifications', { recipient: to.id, subject })).data.id;
  const open: RealtimeStage['open'] = (path = '/websocket', options = {}) =>
    openSocket(`${(options.url ?? api.url).replace('http', 'ws')}${path}`, options);
  return {
    ...{ api, writer, admin, call, accept, placeWaiting, open },
    member: await api.makeUser(home, 'member'),
    other: await api.makeUser(home, 'member'),
    stranger: await api.makeUser(elsewhere, 'admin'),
    async create(to, subjects) {
      const ids: number[] = [];
      for (const subject of subjects) {
        const id = await accept(to, subject);
        ids.push(id);
        await placeWaiting(to, id);
      }
      return ids;
    },
    async enter({ token }, url) {
      const socket = await open(undefined, url === undefined ? {} : { url });
      socket.send({ type: 'auth', access_token: token });
      await socket.told(1);
      socket.messages.length = 0;
      return socket;
    },
    async stop() {
      await writer.stop();
      await api.stop();
    },
  };
}

async function callDirectus(
  url: string,
  { token }: Actor,
  method: string,
  path: string,
  body: unknown,
): Promise<Json> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(livenessMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function openSocket(url: string, options: ClientOptions): Promise<RawSocket> {
  const socket = new WebSocket(url, options);
  const untrack = trackOpen('realtime socket', async () => socket.terminate());
  const messages: Json[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      untrack();
      resolve({ code, reason: reason.toString() });
    });
  });
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString('utf8'));
    if (message.type !== 'ping') messages.push(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return {
    ...{ messages, closed },
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async told(count) {
      await pollUntil(
        () => messages.length >= count,
        livenessMs,
        `${count} messages, there were ${JSON.stringify(messages).slice(0, 2_000)}`,
      );
      return messages.slice(0, count);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    drop: () => socket.terminate(),
  };
}

/**
 * Events as browsers have them: promises go on between one and the next. The SDK listens anew after each message, so of
 * several at once it misses the later ones; and it tries no further when an attempt to come back closes at once with
 * its error.
 */
class BrowserLikeSocket extends WebSocket {
  constructor(url: string) {
    super(url, { allowSynchronousEvents: false });
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'close') return super.emit(event, ...values);
    setImmediate(() => super.emit(event, ...values));
    return true;
  }
}

/** The real SDK, which comes back soon when it is cut off. Its timer for an attempt would outlive one that fails. */
export function connectSdk(url: string, { token }: Actor) {
  return createDirectus(url, { globals: { WebSocket: BrowserLikeSocket as never } })
    .with(staticToken(token))
    .with(rest())
    .with(realtime({ authMode: 'handshake', connect: false, reconnect: { delay: 200, retries: 100 } }));
}
