import { describe, expect, it } from '@jest/globals';
import type { Answer, Channel } from '@carillon/client';
import type { ServerFacts } from '@carillon/db/operation';
import type { RedisFacts } from '@carillon/queue';
import { judgeClocks } from './clocks.ts';
import { judgeDatabase } from './database.ts';
import { shownBytes, worstOf, type Finding } from './finding.ts';
import { judgeChannels, judgeOverview } from './installation.ts';
import { judgeRedis } from './redis.ts';

const gib = 1024 ** 3;

/** Each finding in one line; what is not well must say what to do. */
function shown(findings: readonly Finding[]): string[] {
  for (const { status, remedy } of findings) {
    const needsRemedy = status === 'warning' || status === 'failed';
    expect(remedy === undefined).toBe(!needsRemedy);
  }
  return findings.map(({ check, status, detail }) => `${status} ${check}: ${detail}`);
}

describe('a database', () => {
  const sound: ServerFacts = {
    ...{ versionNumber: 180_004, isStandby: false, fsync: 'on', fullPageWrites: 'on' },
    ...{ synchronousCommit: 'on', connectionsMax: 100, connections: 12, databaseBytes: 3 * gib },
    ...{ longestTransactionSeconds: 2, idleSlots: [], transactionAge: 1_000, schema: 17, now: new Date() },
  };
  const judge = (facts: Partial<ServerFacts>, roundTripMs = 1): string[] =>
    shown(judgeDatabase({ ...sound, ...facts }, { schemaNumber: 17, roundTripMs }));

  it('that is well is told with its figures', () => {
    expect(judge({})).toEqual([
      'ok PostgreSQL: version 18.4, answers in 1.0 ms; 3.0 GiB, 12 of 100 connections',
      'ok Migrations: current (17)',
    ]);
  });

  it.each([
    { facts: { versionNumber: 140_011 }, says: 'failed PostgreSQL: version 14.11 is too old' },
    { facts: { isStandby: true }, says: 'failed PostgreSQL: it is a standby' },
    { facts: { fsync: 'off' }, says: 'failed PostgreSQL: fsync is off' },
    { facts: { fullPageWrites: 'off' }, says: 'warning PostgreSQL: full_page_writes is off' },
    { facts: { synchronousCommit: 'off' }, says: 'failed PostgreSQL: synchronous_commit is off' },
    { facts: { connections: 95 }, says: 'warning PostgreSQL: 95 of 100 connections are taken' },
    {
      facts: { longestTransactionSeconds: 900 },
      says: 'warning PostgreSQL: a transaction has been open for 15 min',
    },
    {
      facts: { idleSlots: [{ name: 'copy', keptBytes: 2 * gib }] },
      says: 'warning PostgreSQL: the replication slot copy, which nobody reads, keeps 2.0 GiB',
    },
    { facts: { transactionAge: 1_900_000_000 }, says: 'failed PostgreSQL: 1900000000 transactions' },
    { facts: { schema: 15 }, says: 'failed Migrations: the database is at 15 of 17' },
    { facts: { schema: 18 }, says: 'warning Migrations: the database is at 18, this version knows 17' },
  ])('$says', ({ facts, says }) => {
    expect(judge(facts).some((line) => line.startsWith(says))).toBe(true);
  });

  it('that is far away is told', () => {
    expect(judge({}, 80)[0]).toBe('warning PostgreSQL: an answer takes 80 ms');
  });
});

describe('a Redis', () => {
  const sound: RedisFacts = {
    ...{ version: '7.2.4', name: 'Valkey', evictionPolicy: 'noeviction', usedBytes: 2 * gib },
    ...{ limitBytes: 4 * gib, roundTripMs: 0.4, now: new Date() },
  };

  it.each<{ facts: Partial<RedisFacts>; says: string }>([
    { facts: {}, says: 'ok Redis: Valkey 7.2.4, answers in 0.4 ms; 2.0 GiB of 4.0 GiB used' },
    { facts: { limitBytes: 0 }, says: 'ok Redis: Valkey 7.2.4, answers in 0.4 ms; 2.0 GiB used' },
    { facts: { version: '6.2.1' }, says: 'failed Redis: version 6.2.1 is too old' },
    { facts: { evictionPolicy: 'allkeys-lru' }, says: 'warning Redis: its eviction policy is allkeys-lru' },
    { facts: { usedBytes: 3.9 * gib }, says: 'warning Redis: 3.9 GiB of 4.0 GiB are used' },
    { facts: { roundTripMs: 45 }, says: 'warning Redis: an answer takes 45 ms' },
  ])('$says', ({ facts, says }) => {
    expect(shown(judgeRedis({ ...sound, ...facts }))).toEqual([expect.stringContaining(says)]);
  });
});

describe('clocks', () => {
  it.each([
    { aheadMs: 900, says: 'ok Clocks: PostgreSQL: within 2 s of this machine' },
    { aheadMs: -5_000, says: 'warning Clocks: PostgreSQL is 5 s behind this machine' },
    { aheadMs: 10_800_000, says: 'failed Clocks: PostgreSQL is 3 h ahead of this machine' },
  ])('$says', ({ aheadMs, says }) => {
    expect(shown(judgeClocks([{ name: 'PostgreSQL', aheadMs }]))).toEqual([says]);
  });

  it('are not told of where none was asked', () => {
    expect(judgeClocks([])).toEqual([]);
  });
});

describe('an installation', () => {
  const sound: Answer<'getOverview'> = {
    ...{ at: '2026-03-01T08:00:00.000Z', paused_at: null, delivery_mode: 'live', workers_alive: 2 },
    ...{ oldest_due_seconds: 1, undispatched: 0, due: 3, held: 12, dead_letters: 0, dead_letters_lately: 0 },
    ...{ accepted: 140, sent: 131, piece_seconds: 120, pieces: [], kinds: [] },
    deliveries_complete_since: '2026-03-01T07:00:00.000Z',
  };
  const judge = (facts: Partial<typeof sound>): string[] => shown(judgeOverview({ ...sound, ...facts }));

  it('that is well says so', () => {
    expect(judge({})).toEqual([
      'ok Workers: 2 alive',
      'ok What is due: 3 deliveries, 12 wait for their time',
      'ok Dead letters: none',
    ]);
  });

  it.each<{ facts: Partial<typeof sound>; says: string }>([
    { facts: { workers_alive: 0 }, says: 'failed Workers: none takes work' },
    { facts: { workers_alive: null }, says: 'warning Workers: nobody can say' },
    { facts: { oldest_due_seconds: 300 }, says: 'failed What is due: the oldest has been due for 300 s' },
    { facts: { dead_letters: 7 }, says: 'warning Dead letters: 7 deliveries were given up' },
    { facts: { paused_at: sound.at }, says: 'warning Paused: the organization' },
    { facts: { delivery_mode: 'capture' }, says: 'warning Delivery: this installation is on trial' },
  ])('$says', ({ facts, says }) => {
    expect(judge(facts).some((line) => line.startsWith(says))).toBe(true);
  });

  const channel: Channel = {
    ...{ id: 'c', kind: 'webhook', name: 'Ops', enabled: true, position: 0, settings: {}, rate: null },
    ...{ circuit: { state: 'closed', opened_at: null, probe_at: null }, paused_at: null },
    ...{ created_at: sound.at, updated_at: sound.at },
  };
  it.each<{ channels: Channel[]; says: string }>([
    { channels: [channel], says: 'ok Channels: 1 run' },
    { channels: [{ ...channel, enabled: false }], says: 'warning Channels: none' },
    {
      channels: [{ ...channel, paused_at: sound.at }],
      says: 'warning Channel "Ops" (webhook): paused since',
    },
    {
      channels: [{ ...channel, circuit: { state: 'open', opened_at: sound.at, probe_at: sound.at } }],
      says: 'failed Channel "Ops" (webhook): its target does not answer',
    },
  ])('$says', ({ channels, says }) => {
    expect(shown(judgeChannels(channels))).toEqual([expect.stringContaining(says)]);
  });
});

describe('an examination', () => {
  it('is as well as its worst finding', () => {
    const finding = (status: Finding['status']): Finding => ({ check: 'a', status, detail: 'b' });
    expect(worstOf([finding('ok'), finding('skipped')])).toBe('ok');
    expect(worstOf([finding('warning'), finding('ok')])).toBe('warning');
    expect(worstOf([finding('warning'), finding('failed')])).toBe('failed');
  });

  it.each([
    { bytes: 0, text: '0 B' },
    { bytes: 1_023, text: '1023 B' },
    { bytes: 1_536, text: '1.5 KiB' },
    { bytes: 200 * gib, text: '200 GiB' },
  ])('shows $bytes bytes as $text', ({ bytes, text }) => {
    expect(shownBytes(bytes)).toBe(text);
  });
});
