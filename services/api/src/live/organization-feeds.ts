import type { OrganizationId } from '@carillon/core';
import { listOrganizationHeads } from '@carillon/db';
import type { InboxMove, InboxSubscriber } from '@carillon/queue';
import { every } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { createRowFeed, type RowFeed, type RowListener } from './row-feed.ts';

/** Tells what happens to all rows of an organization, to whoever may see all of them. */
export interface OrganizationFeeds {
  /** Resolves when everything that is written from now on will be told. Throws what the database throws. */
  watch(organizationId: OrganizationId, listener: RowListener): Promise<void>;
  /** Harmless for who does not watch. */
  leave(organizationId: OrganizationId, listener: RowListener): void;
  /** "These inboxes moved": a hint; what happened is read from PostgreSQL. */
  onMoves(moves: readonly InboxMove[]): void;
  /** Redis is back: hints may have been missed. */
  onReconnect(): void;
  stop(): Promise<void>;
}

/** How often inboxes are compared with what was told of them: a hint may be lost without anybody noticing. */
const compareMs = 30_000;
/** Of larger organizations it is not known where each inbox stood, so what no hint told of is not told later. */
const usersMax = 100_000;

interface Feed {
  listeners: Set<RowListener>;
  rows: RowFeed;
  begun: Promise<void>;
  /** Hints that came before it was known where the inboxes stand. */
  early: InboxMove[] | undefined;
  /** Whether it is known of every inbox where it stood when the feed began. */
  isComplete: boolean;
}

type FeedDeps = Pick<ApiDeps, 'system' | 'log'>;

export function createOrganizationFeeds(
  deps: FeedDeps,
  subscriber: Pick<InboxSubscriber, 'subscribeOrganization' | 'unsubscribeOrganization'>,
): OrganizationFeeds {
  const feeds = new Map<OrganizationId, Feed>();

  function open(organizationId: OrganizationId): Feed {
    const listeners = new Set<RowListener>();
    const feed: Feed = {
      ...{ listeners, isComplete: false, early: [] },
      rows: createRowFeed(deps, {
        told: (changes) => listeners.forEach((one) => one.told(changes)),
        lost: () => listeners.forEach((one) => one.lost()),
      }),
      begun: subscriber.subscribeOrganization(organizationId).then(() => begin(organizationId, feed)),
    };
    feeds.set(organizationId, feed);
    return feed;
  }

  /** After the channel is open, so that nothing falls between. */
  async function begin(organizationId: OrganizationId, feed: Feed): Promise<void> {
    const heads = await listOrganizationHeads(deps.system, organizationId, usersMax + 1);
    feed.isComplete = heads.length <= usersMax;
    if (!feed.isComplete) deps.log.warn({ event: 'organization_feed.too_large', organizationId });
    for (const { userId, head } of heads) feed.rows.begin(userId, head);
    const early = feed.early ?? [];
    feed.early = undefined;
    for (const move of early) hear(feed, move);
  }

  function hear({ rows, isComplete }: Feed, { userId, head, after = head - 1 }: InboxMove): void {
    // Who was not there when the feed began is new, and so is everything of theirs.
    rows.moved(userId, head, isComplete ? 0 : after);
  }

  /** Finds what no hint told of. */
  async function compare(): Promise<void> {
    for (const [organizationId, feed] of feeds) {
      await feed.begun;
      if (!feed.isComplete) continue;
      const heads = await listOrganizationHeads(deps.system, organizationId, usersMax);
      for (const { userId, head } of heads) hear(feed, { userId, organizationId, head });
    }
  }

  function close(organizationId: OrganizationId, { rows }: Feed): void {
    rows.stop();
    feeds.delete(organizationId);
    void subscriber.unsubscribeOrganization(organizationId);
  }

  const comparing = every(compareMs, compare, {
    onError: (error) => deps.log.warn({ event: 'organization_feed.compare_failed', error }),
  });

  return {
    async watch(organizationId, listener) {
      const feed = feeds.get(organizationId) ?? open(organizationId);
      feed.listeners.add(listener);
      try {
        await feed.begun;
      } catch (error) {
        if (feeds.get(organizationId) === feed) close(organizationId, feed);
        throw error;
      }
    },
    leave(organizationId, listener) {
      const feed = feeds.get(organizationId);
      if (feed?.listeners.delete(listener) === true && feed.listeners.size === 0) close(organizationId, feed);
    },
    onMoves(moves) {
      for (const move of moves) {
        const feed = feeds.get(move.organizationId);
        if (feed === undefined) continue;
        if (feed.early === undefined) hear(feed, move);
        else feed.early.push(move);
      }
    },
    onReconnect: () => comparing.wake(),
    async stop() {
      await comparing.stop();
      for (const [organizationId, feed] of feeds) close(organizationId, feed);
    },
  };
}
