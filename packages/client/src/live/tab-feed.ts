import type { ClientClock } from '../surroundings.ts';
import type { ChangesFrame, InboxCounts } from '../wire.ts';
import type { ConnectionStatus, Feed, FeedEvents } from './feed.ts';
import { hasSeen } from './position.ts';

/** What of a BroadcastChannel is used: messages of one sender arrive in order at all others of the same name. */
export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** What of the Web Locks API is used. */
export interface Locks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    whileHeld: () => Promise<void>,
  ): Promise<unknown>;
}

/** What tabs of one origin share. */
export interface TabShare {
  locks: Locks;
  openChannel: (name: string) => Channel;
  /** Names the API and the user: tabs of the same name tell each other what is in an inbox. */
  name: string;
}

/** `before`: the position of the tab with the connection before it told this. */
type Message =
  | { type: 'hello' }
  | { type: 'wake' }
  | { type: 'status'; status: ConnectionStatus; position: string | undefined }
  | { type: 'changes'; before: string | undefined; frame: ChangesFrame }
  | { type: 'counts'; counts: InboxCounts; position: string }
  | { type: 'reload'; position: string | undefined };

/** The tab with the connection says so often that it is there; after three times nothing it is taken for dead. */
const signMs = 10_000;
const silenceMs = 30_000;

/**
 * A feed that all tabs of one user share: the tab that holds the lock has the connection and tells the others. When
 * it goes, or says nothing any more, another one goes on from the position that it has seen.
 */
export function createTabFeed(
  deps: { clock: ClientClock; share: TabShare; connect: (events: FeedEvents, from?: string) => Feed },
  events: FeedEvents,
): Feed {
  const { clock, share } = deps;
  let queued = new AbortController();
  const channel = share.openChannel(share.name);
  let own: Feed | undefined;
  let position: string | undefined;
  let status: ConnectionStatus = { state: 'connecting' };
  let isStopped = false;
  let release: (() => void) | undefined;
  let cancelTimer = (): void => undefined;

  const post = (message: Message): void => {
    if (!isStopped) channel.postMessage(message);
  };
  const setStatus = (next: ConnectionStatus): void => {
    status = next;
    events.status(next);
  };

  /** What this tab's connection tells, told here and to the others. */
  const leading: FeedEvents = {
    changes(frame) {
      post({ type: 'changes', before: position, frame });
      position = frame.position;
      events.changes(frame);
    },
    counts(counts, at) {
      post({ type: 'counts', counts, position: at });
      events.counts(counts, at);
    },
    reload() {
      position = own?.position();
      post({ type: 'reload', position });
      events.reload();
    },
    status(next) {
      if (next.state === 'stopped') return;
      setStatus(next);
      sayStatus();
    },
  };

  function sayStatus(): void {
    post({ type: 'status', status, position });
  }

  function onMessage(message: Message): void {
    if (isStopped) return;
    if (message.type === 'hello') return own === undefined ? undefined : sayStatus();
    if (message.type === 'wake') return own?.wake();
    // Two tabs with a connection for a moment, while the lock goes over: each believes its own.
    if (own !== undefined) return;
    listenForSigns();
    follow(message);
  }

  function follow(message: Exclude<Message, { type: 'hello' | 'wake' }>): void {
    switch (message.type) {
      case 'changes':
        if (!reaches(message.before)) return startAfresh(message.frame.position);
        if (reaches(message.frame.position)) return;
        position = message.frame.position;
        return events.changes(message.frame);
      case 'counts':
        return events.counts(message.counts, message.position);
      case 'reload':
        return startAfresh(message.position);
      case 'status':
        if (message.position !== undefined && !reaches(message.position)) startAfresh(message.position);
        return setStatus(sharedOf(message.status));
      default:
        // A tab with a newer version of this client says more than this one knows.
        return undefined;
    }
  }

  /** Whether everything up to there was told in this tab. */
  function reaches(other: string | undefined): boolean {
    return position !== undefined && other !== undefined && hasSeen(position, other) === true;
  }

  function startAfresh(at: string | undefined): void {
    position = at;
    events.reload();
  }

  /** Holds the lock for as long as this tab has the connection. */
  function lead(): Promise<void> {
    if (isStopped) return Promise.resolve();
    cancelTimer();
    own = deps.connect(leading, position);
    saySigns();
    return new Promise((resolve) => {
      release = resolve;
    });
  }

  /** Another tab has taken the lock away, because nothing was heard of this one. */
  function onLost(): void {
    own?.stop();
    own = undefined;
    if (isStopped) return;
    cancelTimer();
    setStatus({ state: 'connecting' });
    queueForLock();
  }

  function queueForLock(): void {
    const waiting = new AbortController();
    queued = waiting;
    // Rejects when it is given up in the queue, or when the lock is taken away later.
    share.locks.request(share.name, { signal: waiting.signal }, lead).catch(() => {
      if (!waiting.signal.aborted) onLost();
    });
    listenForSigns();
  }

  function steal(): void {
    queued.abort();
    share.locks.request(share.name, { steal: true }, lead).catch(onLost);
  }

  function saySigns(): void {
    cancelTimer = clock.after(signMs, () => {
      sayStatus();
      saySigns();
    });
  }

  function listenForSigns(): void {
    cancelTimer();
    cancelTimer = clock.after(silenceMs, steal);
  }

  channel.addEventListener('message', ({ data }) => {
    if (isMessage(data)) onMessage(data);
  });
  queueForLock();
  post({ type: 'hello' });

  return {
    status: () => status,
    position: () => position,
    wake() {
      if (own === undefined) post({ type: 'wake' });
      else own.wake();
    },
    stop() {
      own?.stop();
      isStopped = true;
      cancelTimer();
      status = { state: 'stopped' };
      events.status(status);
      queued.abort();
      release?.();
      channel.close();
    },
  };
}

function sharedOf(status: ConnectionStatus): ConnectionStatus {
  return status.state === 'open' ? { ...status, shared: true } : status;
}

/** A border: what tabs say of another version of this client may have other forms, and is left alone. */
function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}
