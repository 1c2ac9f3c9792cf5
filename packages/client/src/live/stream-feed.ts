import type { Call } from '../call.ts';
import { CarillonError } from '../errors.ts';
import type { ClientClock } from '../surroundings.ts';
import type { ServerFrame } from '../wire.ts';
import { createBackoff } from './backoff.ts';
import type { ConnectionStatus, Feed, FeedEvents, TransportName } from './feed.ts';
import { createLadder } from './ladder.ts';
import { createPause } from './pause.ts';
import type { StreamTransport } from './transport.ts';

export interface StreamFeedDeps {
  call: Call;
  clock: ClientClock;
  random: () => number;
  /** The best one first. */
  transports: readonly StreamTransport[];
  /** The server has said that the credential is no longer good. */
  onRevoked: () => void;
  pollMs: number;
}

/** A stream says something every 10 seconds; after three times nothing it is taken for dead. */
const silenceMs = 30_000;
const openMs = 10_000;
/** So long polling goes on before better transports are tried again. */
const pollingMs = 60_000;

/**
 * A feed by a connection of its own: the best transport that can be had, opened again after the last position
 * when it is lost. It goes on from `from`, or begins with the moment of its start.
 */
export function createStreamFeed(deps: StreamFeedDeps, events: FeedEvents, from?: string): Feed {
  const { clock, call } = deps;
  const stopping = new AbortController();
  const pause = createPause(clock, stopping.signal);
  const backoff = createBackoff(deps.random);
  const ladder = createLadder(deps.transports.map(({ name }) => name));
  let position = from;
  let status: ConnectionStatus = { state: 'connecting' };
  let pollingSinceMs: number | undefined;
  /** Whether better transports are tried while polling works: then their failure is no loss. */
  let isProbing = false;

  function setStatus(next: ConnectionStatus): void {
    if (stopping.signal.aborted && next.state !== 'stopped') return;
    status = next;
    events.status(next);
  }

  function isOpened(transport: TransportName): void {
    ladder.opened();
    isProbing = false;
    setStatus({ state: 'open', transport, shared: false });
  }

  /** What the server calls everything up to now; without it a stream would begin anywhere. */
  async function askPosition(): Promise<void> {
    const { position: head, ...counts } = await call('getInboxCounts', {}, { signal: stopping.signal });
    events.counts(counts, head);
    if (head === position) return;
    position = head;
    events.reload();
  }

  function onFrame(frame: ServerFrame, transport: StreamTransport): void {
    switch (frame.type) {
      case 'ready':
        isOpened(transport.name);
        return events.counts(frame.counts, frame.position);
      case 'changes':
        position = frame.position;
        backoff.reset();
        return events.changes(frame);
      case 'resync':
        startAfresh(frame.position);
        return events.counts(frame.counts, frame.position);
      case 'heartbeat':
        backoff.reset();
        // It names the position of a client that missed nothing. That is checked, not believed.
        return frame.position === position ? undefined : startAfresh(frame.position);
      case 'error':
        return frame.code === 'auth.revoked' ? deps.onRevoked() : undefined;
      default:
        // Frames of a newer server that this client does not know say nothing that it must know.
        return undefined;
    }
  }

  function startAfresh(at: string): void {
    position = at;
    events.reload();
  }

  /** One stream from its opening to its end. Throws what it was refused with. */
  async function follow(transport: StreamTransport, after: string): Promise<void> {
    const ending = new AbortController();
    const end = (): void => ending.abort(lost(`nothing was heard on the ${transport.name} stream`));
    const onStop = (): void => ending.abort(stopping.signal.reason);
    stopping.signal.addEventListener('abort', onStop, { once: true });
    let cancel = clock.after(openMs, end);
    let isReady = false;
    try {
      await transport.open(after, ending.signal, (frame) => {
        cancel();
        cancel = clock.after(silenceMs, end);
        isReady ||= frame.type === 'ready';
        onFrame(frame, transport);
      });
      if (!isReady) throw lost(`the ${transport.name} stream ended before it began`);
    } catch (error) {
      if (!isReady && (isProbing || isFaultOf(transport, error))) ladder.failed();
      throw error;
    } finally {
      cancel();
      stopping.signal.removeEventListener('abort', onStop);
    }
  }

  async function poll(): Promise<void> {
    pollingSinceMs ??= clock.nowMs();
    try {
      await askPosition();
    } catch (error) {
      pollingSinceMs = undefined;
      ladder.climb();
      throw error;
    }
    backoff.reset();
    isOpened('polling');
    await pause.wait(deps.pollMs * (0.8 + 0.4 * deps.random()));
    if (clock.nowMs() - pollingSinceMs < pollingMs) return;
    pollingSinceMs = undefined;
    isProbing = true;
    ladder.climb();
  }

  async function step(): Promise<void> {
    if (position === undefined) await askPosition();
    const transport = deps.transports.find(({ name }) => name === ladder.current());
    if (transport === undefined) return poll();
    await follow(transport, position ?? '');
    throw lost('the stream has ended');
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step();
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (isProbing) continue;
        const retryInMs = Math.max(backoff.nextMs(), askedMs(error));
        setStatus(statusOf(error, retryInMs));
        await pause.wait(retryInMs);
        if (status.state === 'waiting') setStatus({ state: 'connecting' });
      }
    }
  }

  void run();
  return {
    status: () => status,
    position: () => position,
    wake: () => pause.end(),
    stop() {
      setStatus({ state: 'stopped' });
      stopping.abort(lost('it was stopped'));
    },
  };
}

function lost(message: string): CarillonError {
  return new CarillonError(message, { code: 'client.network', retryable: true });
}

/** Whether another transport might do better: not where the server itself is away, or refuses the caller. */
function isFaultOf(transport: StreamTransport, error: unknown): boolean {
  if (!(error instanceof CarillonError)) return true;
  const { status, code, cause } = error;
  if (status !== undefined) return status < 500 && status !== 401 && status !== 403;
  // What breaks before a WebSocket is opened is the ordinary call that gets its ticket.
  const isOfTicket = transport.name === 'websocket' && (cause !== undefined || code === 'client.timeout');
  return !isOfTicket;
}

/** Who is asked to stay away stays away, for a minute at most. */
function askedMs(error: unknown): number {
  return Math.min(60_000, error instanceof CarillonError ? (error.retryAfterMs ?? 0) : 0);
}

function statusOf(error: unknown, retryInMs: number): ConnectionStatus {
  const known = error instanceof CarillonError ? error : undefined;
  if (known?.status === 401 || known?.status === 403) return { state: 'refused', error: known };
  return { state: 'waiting', error: known, retryInMs };
}
