import type { Call } from '../call.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TokenKeeper } from '../token.ts';
import type { ConnectionStatus, Feed, FeedEvents } from './feed.ts';
import {
  createLiveInbox,
  type FedInbox,
  type LiveInbox,
  type LiveOptions,
  type OwnChange,
} from './live-inbox.ts';
import { sseTransport } from './server-sent-events.ts';
import { createStreamFeed } from './stream-feed.ts';
import { createTabFeed, type TabShare } from './tab-feed.ts';
import type { StreamTransport } from './transport.ts';
import { onReturn } from './return.ts';
import { webSocketTransport, type WebSocketConstructor } from './websocket.ts';

export interface HubDeps {
  url: string;
  call: Call;
  token: TokenKeeper;
  surroundings: Surroundings;
  WebSocket: WebSocketConstructor | undefined;
  transports: readonly StreamTransport['name'][];
  pollMs: number;
  /** Undefined where tabs are not shared. */
  findShare: () => Promise<TabShare | undefined>;
}

/** The one feed of a client, for all live copies that are made of it. */
export interface Hub {
  live(options?: LiveOptions): LiveInbox;
  /** A call of this client has changed the inbox: the copies need not wait for the stream. */
  changed(change: OwnChange): void;
}

/** The feed begins with the first copy and ends with the last one. */
export function createHub(deps: HubDeps): Hub {
  const members = new Set<FedInbox>();
  let running: RunningFeed | undefined;

  const events: FeedEvents = {
    changes: (frame) => members.forEach((member) => member.events.changes(frame)),
    counts: (counts, position) => members.forEach((member) => member.events.counts(counts, position)),
    reload: () => members.forEach((member) => member.events.reload()),
    status: (status) => members.forEach((member) => member.events.status(status)),
  };

  return {
    live(options = {}) {
      const member: FedInbox = createLiveInbox(
        {
          ...{ call: deps.call, clock: deps.surroundings.clock, random: deps.surroundings.random },
          status: () => running?.status() ?? { state: 'connecting' },
          wake: () => running?.wake(),
          onStop() {
            members.delete(member);
            if (members.size > 0) return;
            running?.stop();
            running = undefined;
          },
        },
        options,
      );
      members.add(member);
      // A feed that has begun tells only what happens from now on; one that has not says itself when to read.
      if (running?.hasBegun() === true) member.events.reload();
      running ??= startFeed(deps, events);
      return member.inbox;
    },
    changed(change) {
      members.forEach((member) => member.changed(change));
      // Where changes are not streamed, what has become of several items is asked for at once.
      if (change.item === undefined && change.deleted === undefined) running?.wake();
    },
  };
}

interface RunningFeed {
  status(): ConnectionStatus;
  hasBegun(): boolean;
  wake(): void;
  stop(): void;
}

/** Whether tabs share is known only later; what is asked of the feed before is done then. */
function startFeed(deps: HubDeps, events: FeedEvents): RunningFeed {
  let feed: Feed | undefined;
  let isStopped = false;
  const connect = (told: FeedEvents, from?: string): Feed => connectFeed(deps, told, from);
  const start = (share: TabShare | undefined): void => {
    if (isStopped) return;
    const { clock } = deps.surroundings;
    feed = share === undefined ? connect(events) : createTabFeed({ clock, share, connect }, events);
  };
  // Without a name for what is shared nothing is shared.
  deps.findShare().then(start, () => start(undefined));
  const forget = onReturn(() => feed?.wake());
  return {
    status: () => feed?.status() ?? { state: 'connecting' },
    hasBegun: () => feed?.position() !== undefined,
    wake: () => feed?.wake(),
    stop() {
      isStopped = true;
      forget();
      feed?.stop();
    },
  };
}

function connectFeed(deps: HubDeps, events: FeedEvents, from?: string): Feed {
  const { url, call, token, surroundings, WebSocket } = deps;
  const { fetch, clock, random } = surroundings;
  const transports = deps.transports.flatMap((name) => {
    if (name === 'sse') return sseTransport({ url, token, fetch });
    return WebSocket === undefined ? [] : webSocketTransport({ url, call, WebSocket });
  });
  const onRevoked = (): void => token.forget();
  return createStreamFeed({ call, clock, random, transports, onRevoked, pollMs: deps.pollMs }, events, from);
}
