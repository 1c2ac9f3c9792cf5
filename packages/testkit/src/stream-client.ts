import type { ServerFrame } from '@carillon/contracts';
import { trackOpen } from './leaks.ts';
import { createInboxCopy, type InboxCopy } from './inbox-copy.ts';
import { openSse, openWebSocket, type OpenStream, type StreamEnd } from './stream-transports.ts';
import { createWaitList } from './wait-list.ts';

export interface StreamClientOptions {
  /** API instances, tried in turn: the client moves on when one ends its stream. */
  apis: readonly string[];
  token: string;
  transport: 'websocket' | 'sse';
}

/** A client of one inbox that keeps its copy by the documented rules, and notes where they were broken. */
export interface StreamClient {
  copy: InboxCopy;
  /** Every frame of every connection, in order. */
  frames: readonly ServerFrame[];
  /** How each connection ended. */
  ends: readonly StreamEnd[];
  /** Whether a stream is open and its `ready` has come. */
  isOpen(): boolean;
  /** Drops the connection without a word; the client comes back by itself. */
  cut(): void;
  waitFor(predicate: (client: StreamClient) => boolean, deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** How long a client waits before it opens the next stream. */
const pauseMs = 20;

/**
 * Reads the list, opens the stream after the list's position, and goes on for ever: a lost stream is
 * opened again after the last position seen, `resync` means to read the list anew.
 */
export async function startStreamClient(options: StreamClientOptions): Promise<StreamClient> {
  const copy = createInboxCopy();
  const frames: ServerFrame[] = [];
  const ends: StreamEnd[] = [];
  const waiting = createWaitList(
    () => `${frames.length} frames, ${copy.items.size} items, position ${copy.position}`,
  );
  const stopping = new AbortController();
  let stream: OpenStream | undefined;
  let isReady = false;
  let turn = 0;

  const readList = async (): Promise<void> => {
    const list = await fetchInbox(nextApi(), options.token, stopping.signal);
    copy.replace(list.items, list.position);
    waiting.wake();
  };
  const nextApi = (): string => options.apis[turn++ % options.apis.length] ?? '';

  async function follow(): Promise<void> {
    const open = options.transport === 'sse' ? openSse : openWebSocket;
    let reading = Promise.resolve();
    stream = open({ api: nextApi(), token: options.token, after: copy.position }, (frame) => {
      frames.push(frame);
      if (frame.type === 'ready') isReady = true;
      // While the list is read anew, what arrives waits behind it.
      reading = reading.then(() => copy.apply(frame));
      if (frame.type === 'resync') reading = reading.then(readList).catch(() => stream?.drop());
      void reading.then(() => waiting.wake());
    });
    const end = await stream.ended;
    isReady = false;
    await reading;
    ends.push(end);
    waiting.wake();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (copy.position === undefined) await readList();
        await follow();
      } catch (error) {
        ends.push({ code: undefined, reason: String(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  const running = run();
  const client: StreamClient = {
    ...{ copy, frames, ends },
    isOpen: () => isReady,
    cut: () => stream?.drop(),
    waitFor: (predicate, deadlineMs) => waiting.waitFor(() => predicate(client), deadlineMs),
    async stop() {
      untrack();
      stopping.abort();
      stream?.drop();
      await running;
    },
  };
  const untrack = trackOpen(`stream client (${options.transport})`, () => client.stop());
  await client.waitFor(() => isReady, 30_000);
  return client;
}

/** The whole visible inbox, page by page, with the position of the first page: what changes meanwhile comes by stream. */
export async function fetchInbox(
  api: string,
  token: string,
  signal?: AbortSignal,
): Promise<{ items: InboxWireItem[]; position: string }> {
  const items: InboxWireItem[] = [];
  let position: string | undefined;
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${api}/v1/inbox?limit=100${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([AbortSignal.timeout(15_000), ...(signal === undefined ? [] : [signal])]),
    });
    if (response.status !== 200) throw new Error(`the inbox answered ${response.status}`);
    const page = (await response.json()) as InboxWirePage;
    items.push(...page.data);
    position ??= page.position;
    cursor = page.next_cursor;
  }
  return { items, position: position ?? '' };
}

type InboxWireItem = Extract<ServerFrame, { type: 'changes' }>['placed'][number];
interface InboxWirePage {
  data: InboxWireItem[];
  next_cursor: string | null;
  position: string;
}
