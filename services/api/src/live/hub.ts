import { frameItemsMax } from '@carillon/contracts';
import {
  countPlaced,
  resumeFrom,
  TooManyError,
  type InboxCounts,
  type OrganizationId,
  type StreamPosition,
  type UserId,
} from '@carillon/core';
import {
  loadHeads,
  loadInboxDeltas,
  loadInboxSummary,
  listValidSessions,
  listValidTokens,
  type InboxDelta,
} from '@carillon/db';
import type { InboxSubscriber } from '@carillon/queue';
import { createBatcher, every } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { Connection, LiveCaller } from './connection.ts';
import { tellable, type StreamForm, type StreamMessage, type StreamState } from './form.ts';
import { countsOf } from './frames.ts';

/** Tells open streams what happens in their inboxes. */
export interface Hub {
  /**
   * Adds an open stream. `after` is the last position that the client saw; without it the stream
   * begins now. Resolves when `ready` was sent, or when the stream was closed before. Throws
   * TooManyError when others took the room meanwhile, and what the database throws.
   */
  join(connection: Connection, after: StreamPosition | undefined): Promise<void>;
  /** Removes a stream that was closed. */
  leave(connection: Connection): void;
  /** Answers a client's question with the position that it has. */
  ping(connection: Connection): void;
  /** Whether one more stream of this user may be opened; else why not. */
  room(userId: UserId): 'open' | 'user_full' | 'node_full';
  /** "User u is at n": a hint; what happened is read from PostgreSQL. */
  onHint(userId: UserId, head: number): void;
  /** Redis is back: hints may have been missed. */
  onReconnect(): void;
  stop(): Promise<void>;
}

const perUserMax = 10;
const perNodeMax = 5_000;
const heartbeatMs = 10_000;
/** A client that leaves so much unread is closed and may resume (its position is its own). */
const bufferedBytesMax = 1024 * 1024;
/** Inboxes read in one statement at most. */
const usersPerLoad = 200;
/** Where a stream stands that was let in and not told anything yet: nothing is ahead of it. */
const joining = Number.POSITIVE_INFINITY;

interface Feed {
  userId: UserId;
  organizationId: OrganizationId;
  members: Map<Connection, number>;
  subscribed: Promise<void>;
  /** Exact counts at a number, from which those of newly placed items follow. */
  counted: { at: number; counts: InboxCounts } | undefined;
}

/** What happened after `after`; says nothing to a stream that stands before it. */
type LoadedDelta = InboxDelta & { after: number };

export type HubDeps = Pick<ApiDeps, 'system' | 'log' | 'metrics' | 'clock' | 'epoch'>;

export function createHub(
  deps: HubDeps,
  subscriber: Pick<InboxSubscriber, 'subscribe' | 'unsubscribe'>,
): Hub {
  const feeds = new Map<UserId, Feed>();
  const waiting = new Set<UserId>();
  let open = 0;

  const loads = createBatcher<UserId, void>({
    inFlightMax: 2,
    weightMax: usersPerLoad,
    run: async (userIds) => {
      for (const userId of userIds) waiting.delete(userId);
      await catchUp(userIds.flatMap((userId) => feeds.get(userId) ?? []));
      return userIds.map(() => undefined);
    },
  });

  /** Reads what happened in an inbox and tells it; several calls before the read are one. */
  function wake(userId: UserId): void {
    if (waiting.has(userId) || !feeds.has(userId)) return;
    waiting.add(userId);
    loads.submit(userId).catch((error: unknown) => {
      // The heartbeat finds again what could not be read now.
      waiting.delete(userId);
      deps.log.warn({ event: 'inbox.load_failed', error });
    });
  }

  async function catchUp(behind: readonly Feed[]): Promise<void> {
    const deltas = await load(behind, false);
    const uncounted = behind.filter((feed) => {
      const delta = deltas.get(feed.userId);
      return delta !== undefined && !countFrom(feed, delta);
    });
    const recounted = await load(uncounted, true);
    for (const feed of behind) {
      const delta = recounted.get(feed.userId) ?? deltas.get(feed.userId);
      if (delta === undefined) continue;
      if (delta.counts !== undefined) setCounts(feed, delta.head, delta.counts);
      tell(feed, delta);
    }
  }

  async function load(which: readonly Feed[], counts: boolean): Promise<Map<UserId, LoadedDelta>> {
    if (which.length === 0) return new Map();
    const cursors = which.map((feed) => ({ userId: feed.userId, after: Math.min(...feed.members.values()) }));
    const deltas = await loadInboxDeltas(
      deps.system,
      cursors.filter((cursor) => Number.isFinite(cursor.after)),
      { limit: frameItemsMax + 1, counts },
    );
    const after = new Map(cursors.map((cursor) => [cursor.userId, cursor.after]));
    return new Map(
      deltas.map((delta) => [delta.userId, { ...delta, after: after.get(delta.userId) ?? joining }]),
    );
  }

  function tell(feed: Feed, delta: LoadedDelta): void {
    const { counted } = feed;
    if (counted === undefined) return;
    const state = { epoch: deps.epoch(), head: delta.head, counts: counted.counts };
    const written = new Map<StreamForm, Map<number, Next>>();
    for (const [connection, cursor] of feed.members) {
      // It joined while this was read, further behind than all who were there: it is told by the next load.
      if (cursor < delta.after) continue;
      const { form } = connection;
      const ofForm = written.get(form) ?? new Map<number, Next>();
      written.set(form, ofForm);
      const next = ofForm.get(cursor) ?? nextOf(form, state, delta, cursor);
      ofForm.set(cursor, next);
      send(connection, next.messages);
      // What just was sent may have closed and removed a slow one.
      if (feed.members.has(connection)) feed.members.set(connection, next.cursor);
    }
    if ([...feed.members.values()].some((cursor) => cursor < delta.head)) wake(feed.userId);
  }

  function send(connection: Connection, messages: readonly StreamMessage[]): void {
    for (const message of messages) {
      if (connection.bufferedBytes() <= bufferedBytesMax) {
        deps.metrics.framesSent.inc();
        connection.send(message);
        continue;
      }
      deps.log.info({ event: 'stream.too_slow', userId: connection.caller.userId });
      if (connection.form.slow === 'drop') continue;
      connection.close('slow');
      leave(connection);
      return;
    }
  }

  async function beat(): Promise<void> {
    if (feeds.size === 0) return;
    // Who joins while the database is asked was not asked about: the next beat looks at them.
    const asked = [...feeds.values()].flatMap((feed) => [...feed.members.keys()]);
    const heads = new Map<UserId, number>();
    const userIds = [...feeds.keys()];
    for (let start = 0; start < userIds.length; start += 1_000) {
      const part = await loadHeads(deps.system, userIds.slice(start, start + 1_000));
      for (const { userId, head } of part) heads.set(userId, head);
    }
    await closeRevoked(asked, (userId) => heads.has(userId));
    for (const feed of feeds.values()) {
      const head = heads.get(feed.userId);
      if (head === undefined) continue;
      for (const [connection, cursor] of feed.members) {
        if (cursor < head) wake(feed.userId);
        else if (cursor !== joining) sendHeartbeat(connection, cursor);
      }
    }
  }

  /** A stream ends within one beat of its credential: revoked, expired, or its user removed. */
  async function closeRevoked(
    connections: readonly Connection[],
    exists: (userId: UserId) => boolean,
  ): Promise<void> {
    const tokenIds = connections.flatMap(({ caller }) => caller.tokenId ?? []);
    const sessionIds = connections.flatMap(({ caller }) => caller.sessionId ?? []);
    const tokens = await listValidTokens(deps.system, [...new Set(tokenIds)]);
    const sessions = await listValidSessions(deps.system, [...new Set(sessionIds)]);
    const now = deps.clock.now();
    const isGood = ({ userId, tokenId, sessionId, expiresAt }: LiveCaller): boolean =>
      exists(userId) &&
      (tokenId === undefined || tokens.has(tokenId)) &&
      (sessionId === undefined || sessions.has(sessionId)) &&
      (expiresAt === undefined || expiresAt > now);
    for (const connection of connections.filter((one) => !isGood(one.caller))) {
      send(connection, connection.form.revoked());
      connection.close('revoked');
      leave(connection);
    }
  }

  function sendHeartbeat(connection: Connection, sequence: number): void {
    send(connection, connection.form.heartbeat({ epoch: deps.epoch(), sequence }));
  }

  function leave(connection: Connection): void {
    const { userId } = connection.caller;
    const feed = feeds.get(userId);
    if (feed?.members.delete(connection) !== true) return;
    open -= 1;
    deps.metrics.socketsOpen.dec({ transport: connection.transport });
    if (feed.members.size > 0) return;
    feeds.delete(userId);
    void subscriber.unsubscribe(userId);
  }

  /** At once, so that room is counted and hints are asked for before anything is waited for. */
  function enter(connection: Connection): Feed {
    const { userId, organizationId } = connection.caller;
    const feed = feeds.get(userId) ?? {
      ...{ userId, organizationId, members: new Map(), counted: undefined },
      subscribed: subscriber.subscribe(userId),
    };
    feeds.set(userId, feed);
    feed.members.set(connection, joining);
    open += 1;
    deps.metrics.socketsOpen.inc({ transport: connection.transport });
    return feed;
  }

  async function join(connection: Connection, after: StreamPosition | undefined): Promise<void> {
    const { userId } = connection.caller;
    // Streams that asked for room at the same moment were all told that there is some.
    if (roomFor(userId) !== 'open') throw new TooManyError('rate.limited', 'Too many streams are open');
    const feed = enter(connection);
    // Subscribed before anything is read, so that nothing falls between.
    await feed.subscribed;
    const summary = await loadInboxSummary(deps.system, userId);
    if (!feed.members.has(connection)) return;
    const counts = countsOf(summary);
    setCounts(feed, summary.head, counts);
    const resume = resumeFrom(after ?? { epoch: deps.epoch(), sequence: summary.head }, {
      ...{ epoch: deps.epoch(), head: summary.head, resyncBelow: summary.resyncBelow },
    });
    const state = { epoch: deps.epoch(), head: summary.head, counts };
    send(connection, connection.form.ready(state, 'from' in resume ? resume.from : undefined));
    if ('resync' in resume) send(connection, connection.form.resync(state, resume.resync));
    if (!feed.members.has(connection)) return;
    feed.members.set(connection, 'from' in resume ? resume.from : summary.head);
    wake(userId);
  }

  function roomFor(userId: UserId): 'open' | 'user_full' | 'node_full' {
    if (open >= perNodeMax) return 'node_full';
    return (feeds.get(userId)?.members.size ?? 0) >= perUserMax ? 'user_full' : 'open';
  }

  const beating = every(heartbeatMs, beat, {
    onError: (error) => deps.log.warn({ event: 'inbox.heartbeat_failed', error }),
  });

  return {
    join,
    leave,
    ping(connection) {
      const cursor = feeds.get(connection.caller.userId)?.members.get(connection);
      if (cursor !== undefined && cursor !== joining) sendHeartbeat(connection, cursor);
    },
    room: roomFor,
    onHint(userId, head) {
      const feed = feeds.get(userId);
      if (feed !== undefined && [...feed.members.values()].some((cursor) => cursor < head)) wake(userId);
    },
    onReconnect: () => beating.wake(),
    async stop() {
      await beating.stop();
      for (const feed of feeds.values())
        for (const connection of feed.members.keys()) connection.close('restart');
      await loads.idle();
    },
  };
}

/** What a stream is told next, and where it stands then. */
interface Next {
  messages: StreamMessage[];
  cursor: number;
}

function nextOf(form: StreamForm, state: StreamState, delta: InboxDelta, cursor: number): Next {
  const told = tellable(delta, cursor);
  if (told === undefined) return { messages: [], cursor };
  if (told === 'many_changes') return { messages: form.resync(state, told), cursor: delta.head };
  return { messages: form.changes(state, told, cursor), cursor: told.until };
}

/** Answers may overtake each other; counts only go forward. */
function setCounts(feed: Feed, at: number, counts: InboxCounts): void {
  if (feed.counted === undefined || feed.counted.at <= at) feed.counted = { at, counts: countsOf(counts) };
}

/**
 * Counts up to the delta's head without asking again, if everything since the last count was newly
 * placed. False when something else changed, or too much: then they must be read.
 */
function countFrom(feed: Feed, delta: LoadedDelta): boolean {
  const { counted } = feed;
  if (counted === undefined || counted.at < delta.after || delta.rows.length > frameItemsMax) return false;
  if (delta.head <= counted.at) return true;
  const since = delta.rows.filter((row) => row.changed_sequence > counted.at);
  if (since.some((row) => row.placed_sequence <= counted.at || row.deleted_at !== null)) return false;
  const states = since.map((row) => ({
    ...{
      readAt: row.read_at,
      seenAt: row.seen_at,
      archivedAt: row.archived_at,
      dismissedAt: row.dismissed_at,
    },
    ...{ snoozedUntil: row.snoozed_until, expiredAt: row.expired_at, deletedAt: row.deleted_at },
  }));
  feed.counted = { at: delta.head, counts: countPlaced(counted.counts, states) };
  return true;
}
