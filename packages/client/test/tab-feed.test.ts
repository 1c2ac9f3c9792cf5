import { afterEach, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import type { ChangesFrame } from '../src/index.ts';
import type { Feed, FeedEvents } from '../src/live/feed.ts';
import { createTabFeed } from '../src/live/tab-feed.ts';
import { createTabs } from './tabs.ts';

/** A clock that stands until it is moved. */
function createClock() {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; wake: () => void }>();
  return {
    nowMs: () => nowMs,
    after(delayMs: number, wake: () => void) {
      const timer = { atMs: nowMs + delayMs, wake };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    move(byMs: number) {
      nowMs += byMs;
      for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
        timers.delete(timer);
        timer.wake();
      }
    },
  };
}

interface Tab {
  feed: Feed;
  clock: ReturnType<typeof createClock>;
  told: string[];
  /** Its own connections so far, with the position that each went on from. */
  connections: { from: string | undefined; events: FeedEvents; stopped: boolean }[];
}

const counts = { unread: 0, unseen: 0 };
const frame = (sequence: number): ChangesFrame => ({
  ...{ type: 'changes', position: `life.${sequence}`, placed: [], changed: [], deleted: [], counts },
});

describe('tabs that share one connection', () => {
  const tabs: Tab[] = [];
  afterEach(() => {
    for (const { feed } of tabs.splice(0)) feed.stop();
  });

  function openTab(share: ReturnType<typeof createTabs>): Tab {
    const clock = createClock();
    const told: string[] = [];
    const connections: Tab['connections'] = [];
    const connect = (events: FeedEvents, from?: string): Feed => {
      const connection = { from, events, stopped: false };
      connections.push(connection);
      return {
        status: () => ({ state: 'connecting' }),
        position: () => from ?? 'life.1',
        wake: () => void told.push('wake'),
        stop: () => void (connection.stopped = true),
      };
    };
    const feed = createTabFeed(
      { clock, share: { ...share, name: `tabs-${String(tabs.length === 0 ? (run += 1) : run)}` }, connect },
      {
        changes: ({ position }) => void told.push(position),
        counts: () => undefined,
        reload: () => void told.push('reload'),
        status: () => undefined,
      },
    );
    const tab = { feed, clock, told, connections };
    tabs.push(tab);
    return tab;
  }
  let run = 0;

  async function openThree() {
    const share = createTabs();
    const leader = openTab(share);
    await pollUntil(() => leader.connections.length === 1);
    leader.connections[0]?.events.reload();
    const followers = [openTab(share), openTab(share)];
    const open = { state: 'open', transport: 'websocket', shared: false } as const;
    leader.connections[0]?.events.status(open);
    await pollUntil(() => followers.every(({ feed }) => feed.position() === 'life.1'));
    return { leader, first: followers[0] ?? leader, second: followers[1] ?? leader };
  }

  it('tell each other what one of them is told, each thing once', async () => {
    const { leader, first, second } = await openThree();
    leader.connections[0]?.events.changes(frame(2));
    leader.connections[0]?.events.changes(frame(3));
    for (const { told } of [first, second]) {
      await pollUntil(() => told.length === 3);
      expect(told).toEqual(['reload', 'life.2', 'life.3']);
    }
    expect(leader.told).toEqual(['reload', 'life.2', 'life.3']);
    expect([...first.connections, ...second.connections]).toEqual([]);
  });

  it('read the list anew when one of them has missed something', async () => {
    const { leader, first } = await openThree();
    const share = createTabs();
    leader.connections[0]?.events.changes(frame(2));
    await pollUntil(() => first.told.includes('life.2'));
    // A tab that goes on from 5 tells 6: who stands at 2 has missed 3 to 5.
    const channel = share.openChannel(`tabs-${run}`);
    channel.postMessage({ type: 'changes', before: 'life.5', frame: frame(6) });
    await pollUntil(() => first.told.length === 3);
    expect(first.told).toEqual(['reload', 'life.2', 'reload']);
    expect(first.feed.position()).toBe('life.6');
    channel.close();
  });

  it('take the connection over from a tab that says nothing any more, and from where it was', async () => {
    const { leader, first, second } = await openThree();
    leader.connections[0]?.events.changes(frame(2));
    await pollUntil(() => first.told.includes('life.2') && second.told.includes('life.2'));
    // The clock of the frozen tab stands, so it gives no sign of life.
    first.clock.move(29_000);
    expect(first.connections).toEqual([]);
    first.clock.move(2_000);
    await pollUntil(() => first.connections.length === 1);
    expect(first.connections[0]?.from).toBe('life.2');
    await pollUntil(() => leader.connections[0]?.stopped);
    first.connections[0]?.events.changes(frame(3));
    await pollUntil(() => second.told.includes('life.3') && leader.told.includes('life.3'));
    expect(second.connections).toEqual([]);
    expect(second.told).toEqual(['reload', 'life.2', 'life.3']);
  });

  it('stay with a tab that gives signs of life', async () => {
    const { leader, first } = await openThree();
    for (let index = 0; index < 4; index += 1) {
      leader.clock.move(10_000);
      // The sign has arrived when what was sent after it has.
      leader.connections[0]?.events.changes(frame(index + 2));
      await pollUntil(() => first.told.includes(`life.${index + 2}`));
      first.clock.move(20_000);
    }
    expect(first.connections).toEqual([]);
  });

  it('try at once again when somebody looks at any of them', async () => {
    const { leader, second } = await openThree();
    second.feed.wake();
    await pollUntil(() => leader.told.includes('wake'));
    expect(second.told).not.toContain('wake');
  });
});
