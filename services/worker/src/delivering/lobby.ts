import type { Clock } from '@carillon/core';
import { sleep } from '@carillon/runtime';

/**
 * Claimed deliveries that may go out soon, but not at this moment: they wait for their turn, or for room at their
 * endpoint. They take no slots, and what waits too long for room is given up to be claimed again later.
 */
export interface Lobby<One> {
  /** Lets one in from now on for its turn after `waitMs`. */
  add(one: One, waitMs: number): void;
  /** Takes out those whose turn has come and whom `enter` lets pass, at most `max`, first come first served. */
  takeReady(max: number, enter: (one: One) => boolean): One[];
  /** Takes out those that had their turn and found no room in time. */
  takeOverdue(): One[];
  takeAll(): One[];
  size(): number;
}

/** How long room is waited for; a lease lasts many times as long. */
const patienceMs = 2_000;

interface Waiting<One> {
  one: One;
  readyMs: number;
}

/** `wake` is called when somebody's turn has come, or patience has ended, until `signal` aborts. */
export function createLobby<One>(deps: {
  clock: Pick<Clock, 'monotonicMs'>;
  wake: () => void;
  signal: AbortSignal;
}): Lobby<One> {
  const { clock, wake, signal } = deps;
  let waiting: Waiting<One>[] = [];
  let wakesAtMs = Number.POSITIVE_INFINITY;

  /** One alarm is enough, for whoever is first; it sets the next. */
  function setAlarm(entries: readonly Waiting<One>[]): void {
    if (entries.length === 0 || signal.aborted) return;
    const nowMs = clock.monotonicMs();
    const events = entries.map(({ readyMs }) => (readyMs > nowMs ? readyMs : readyMs + patienceMs));
    const atMs = Math.max(nowMs + 1, Math.min(...events));
    if (wakesAtMs <= atMs) return;
    wakesAtMs = atMs;
    void sleep(atMs - nowMs, signal).then(() => {
      wakesAtMs = Number.POSITIVE_INFINITY;
      wake();
      setAlarm(waiting);
    });
  }

  /** Parts those of whom `isTaken` says so from the others. */
  function take(isTaken: (entry: Waiting<One>) => boolean): One[] {
    const taken: One[] = [];
    const left: Waiting<One>[] = [];
    for (const entry of waiting) {
      if (isTaken(entry)) taken.push(entry.one);
      else left.push(entry);
    }
    if (taken.length > 0) waiting = left;
    return taken;
  }

  return {
    add(one, waitMs) {
      const entry = { one, readyMs: clock.monotonicMs() + waitMs };
      waiting.push(entry);
      setAlarm([entry]);
    },
    takeReady(max, enter) {
      const nowMs = clock.monotonicMs();
      let room = max;
      return take(({ one, readyMs }) => {
        if (room <= 0 || readyMs > nowMs || !enter(one)) return false;
        room -= 1;
        return true;
      });
    },
    takeOverdue() {
      const nowMs = clock.monotonicMs();
      return take(({ readyMs }) => readyMs + patienceMs <= nowMs);
    },
    takeAll: () => take(() => true),
    size: () => waiting.length,
  };
}
