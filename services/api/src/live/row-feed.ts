import type { UserId } from '@carillon/core';
import { loadRowDeltas, type LiveCursor, type RowDelta } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';

/** What became of a row, by the number that it has in its organization. */
export interface RowChange {
  number: number;
  kind: 'deleted' | 'placed' | 'changed';
}

/** Who is told by a feed. */
export interface RowListener {
  /** What was written at once, or so soon after each other that it was read at once. Each row is placed once. */
  told(changes: readonly RowChange[]): void;
  /** Something was not told and will not be: what the listener has is to be read again. */
  lost(): void;
}

/** Reads what happened to the rows of inboxes, in order, and tells it. Says what is new only by the numbers. */
export interface RowFeed {
  /** The inbox stands at `head` and everything up to there is known. */
  begin(userId: UserId, head: number): void;
  /** "This inbox reached `head`"; where nothing was known of it, it is read from `after` on. */
  moved(userId: UserId, head: number, after: number): void;
  /** Tells nothing more. */
  stop(): void;
}

/** More rows of one inbox at once are not told: it takes minutes without a word to gather them. */
const rowsMax = 10_000;
/** Inboxes read in one statement at most. */
const usersPerLoad = 500;

export function createRowFeed(
  { system, log }: Pick<ApiDeps, 'system' | 'log'>,
  listener: RowListener,
): RowFeed {
  const cursors = new Map<UserId, number>();
  const behind = new Set<UserId>();
  let isReading = false;
  let stopped = false;

  /** One after the other, so that nothing is told before what came before it. */
  async function read(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      while (behind.size > 0 && !stopped) await readSome([...behind].slice(0, usersPerLoad));
    } catch (error) {
      log.warn({ event: 'row_feed.load_failed', error });
      behind.clear();
      listener.lost();
    } finally {
      isReading = false;
    }
  }

  async function readSome(userIds: readonly UserId[]): Promise<void> {
    for (const userId of userIds) behind.delete(userId);
    const asked = userIds.map((userId): LiveCursor => ({ userId, after: cursors.get(userId) ?? 0 }));
    const deltas = await loadRowDeltas(system, asked, rowsMax + 1);
    if (stopped) return;
    const after = new Map(asked.map((cursor) => [cursor.userId, cursor.after]));
    for (const { userId, head } of deltas) cursors.set(userId, head);
    if (deltas.some(({ rows }) => rows.length > rowsMax)) return listener.lost();
    const changes = deltas.flatMap((delta) => changesOf(delta, after.get(delta.userId) ?? 0));
    if (changes.length > 0) listener.told(changes);
  }

  return {
    begin: (userId, head) => void cursors.set(userId, head),
    moved(userId, head, after) {
      const cursor = cursors.get(userId);
      if (cursor === undefined) cursors.set(userId, after);
      if ((cursor ?? after) >= head || stopped) return;
      behind.add(userId);
      void read();
    },
    stop() {
      stopped = true;
    },
  };
}

function changesOf({ rows }: RowDelta, after: number): RowChange[] {
  return rows.map(({ number, placed_sequence: placed, deleted }) => {
    if (deleted) return { number, kind: 'deleted' };
    return { number, kind: placed > after ? 'placed' : 'changed' };
  });
}
