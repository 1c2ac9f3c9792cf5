import { describe, expect, it } from '@jest/globals';
import { latencyOf } from './coder/watches.mjs';
import type { EndToEnd } from './end-to-end.mjs';
import { judge, judgeAll, type Measured } from './verdicts.mjs';

const one = (median: number) => ({ median, min: median, max: median });

describe('a verdict', () => {
  it.each([
    {
      name: 'meets a floor that it reaches exactly',
      wants: 'atLeast',
      value: 0.15,
      floorMet: true,
      goalMet: false,
    },
    { name: 'misses a floor below it', wants: 'atLeast', value: 0.149, floorMet: false, goalMet: false },
    { name: 'meets the goal too when above', wants: 'atLeast', value: 0.4, floorMet: true, goalMet: true },
    {
      name: 'that is no number meets nothing',
      wants: 'atLeast',
      value: Number.NaN,
      floorMet: false,
      goalMet: false,
    },
  ] as const)('$name', ({ wants, value, floorMet, goalMet }) => {
    expect(judge({ name: 'x', wants, floor: 0.15, goal: 0.3 }, one(value))).toMatchObject({
      floorMet,
      goalMet,
    });
  });

  it('turns round where less is better', () => {
    const rule = { name: 'x', wants: 'atMost', floor: 3, goal: 1.5 } as const;
    expect(judge(rule, one(2))).toMatchObject({ floorMet: true, goalMet: false });
    expect(judge(rule, one(3.1))).toMatchObject({ floorMet: false, goalMet: false });
    expect(judge(rule, one(Number.NaN))).toMatchObject({ floorMet: false, goalMet: false });
  });

  it('says nothing about a limit that is not set', () => {
    expect(judge({ name: 'x', wants: 'atLeast', goal: 1 }, one(2)).floorMet).toBeUndefined();
  });
});

function endToEnd(perSecond: number, statements: number): EndToEnd {
  const cpuUs = { api: 1, worker: 1, postgres: 1, redis: 1, client: 1 };
  return {
    ...{ accepted: 1000, acceptedPerSecond: perSecond, perSecond },
    ...{ ackMs: { p50: 1, p99: 5 }, endToEndMs: { p50: 2, p99: 9 } },
    counters: { cpuUs, statements, redisCommands: 1, topStatements: [] },
  };
}

const mib = 1024 * 1024;
const release = { count: 10_000, perSecond: 4_000, early: 0, latenessSeconds: { p50: 1, max: 13.3 } };
const costs = (ms: number) => [{ ms, databaseMs: ms / 10 }];
const reads = {
  ...{ few: 1_000, many: 100_000 },
  ...{ pageOfFew: costs(3), page: costs(5), barePage: costs(4), pageQuery: costs(2.9) },
  ...{ countOfFew: costs(2), count: costs(3), bareCount: costs(2.5), countQuery: costs(2.1) },
};
const watches = { sockets: 1_000, frames: 3_000, expected: 3_000, latencySeconds: { p50: 0.2, max: 0.9 } };
const sends = {
  ...{ webhooks: 10_000, webhooksPerSecond: [2_500], besideDeadPerSecond: [2_200], deadTries: 10 },
  ...{ mails: 3_000, mailsPerSecond: [600], acceptedWebhooksPerSecond: 1_100, acceptedMailsPerSecond: 350 },
  webhookCost: { ...endToEnd(1, 0.1).counters, sinkUs: 50 },
  mailCost: { ...endToEnd(1, 0.1).counters, sinkUs: 200 },
};
const good: Measured = {
  ...{
    singleInserts: [1],
    multiInserts: [1],
    jobsAdded: [1],
    jobsDone: [10_000],
    bare: [2_000],
    bareAckP99: [10],
  },
  ...{ single: [endToEnd(4_000, 0.1)], batch: [endToEnd(9_000, 0.02)], half: [endToEnd(2_000, 0.2)] },
  rest: {
    start: { api: 100 * mib, worker: 100 * mib },
    idle: { apiCpu: 0.002, workerCpu: 0.003, postgresCpu: 0, memory: { api: 100 * mib, worker: 100 * mib } },
  },
  sockets: undefined,
  ...{ planningUs: [20], rendersPerSecond: [150_000] },
  ...{ singlePolicy: [endToEnd(3_900, 0.1)], batchPolicy: [endToEnd(8_500, 0.02)] },
  release,
  windowChange: { count: 10_000, answerSeconds: 0.3, decidedSeconds: 4 },
  rulePlanningUs: [30],
  runs: { count: 30_000, perSecond: 4_000, early: 0, latenessSeconds: { p50: 4, max: 8 } },
  ...{ reads, watches, sends },
};
const missed = (measured: Measured) =>
  judgeAll(measured)
    .filter((verdict) => verdict.floorMet === false)
    .map((verdict) => verdict.name);

describe('all verdicts', () => {
  it('find nothing to complain about in good figures', () => expect(missed(good)).toEqual([]));

  it.each([
    {
      name: 'single POSTs that are slow beside BullMQ',
      change: { single: [endToEnd(1_400, 0.1)] },
      wanted: ['end to end, single POSTs ÷ BullMQ no-op jobs'],
    },
    {
      name: 'batches that are slow beside BullMQ',
      change: { batch: [endToEnd(3_900, 0.1)] },
      wanted: ['end to end, batches of 100 ÷ BullMQ no-op jobs'],
    },
    {
      name: 'a statement more for every second notification',
      change: { single: [endToEnd(4_000, 0.6)] },
      wanted: ['PostgreSQL statements per notification, single POSTs'],
    },
    {
      name: 'processes that are busy with nothing',
      change: {
        rest: {
          start: { api: 1, worker: 1 },
          idle: { apiCpu: 0.006, workerCpu: 0.006, postgresCpu: 0, memory: { api: 1, worker: 1 } },
        },
      },
      wanted: ['idle CPU of API and worker, part of a core'],
    },
    {
      name: 'a plan that thinks for too long',
      change: { planningUs: [31] },
      wanted: ['CPU of a plan by ten preference rows'],
    },
    {
      name: 'templates that are slow',
      change: { rendersPerSecond: [99_000] },
      wanted: ['renders per second of CPU, compiled'],
    },
    {
      name: 'preferences and templates that cost a tenth',
      change: { singlePolicy: [endToEnd(3_500, 0.1)], batchPolicy: [endToEnd(8_000, 0.02)] },
      wanted: [
        'single POSTs with preferences and template ÷ without',
        'batches with preferences and template ÷ without',
      ],
    },
    {
      name: 'a release that is slow',
      change: { release: { ...release, perSecond: 2_900 } },
      wanted: ['released per second, of 10,000 held'],
    },
    {
      name: 'a single one that was sent early',
      change: { release: { ...release, early: 1 } },
      wanted: ['sent before the time shown, of 10,000 held'],
    },
    {
      name: 'one that came later than its rate allows',
      change: { release: { ...release, latenessSeconds: { p50: 1, max: 13.4 } } },
      wanted: ['latest after the time shown, of 10,000 held'],
    },
    {
      name: 'a window whose change lets its user wait',
      change: { windowChange: { count: 10_000, answerSeconds: 1.1, decidedSeconds: 4 } },
      wanted: ['change of a window that holds 10,000'],
    },
    {
      name: 'sends that are slow',
      change: {
        sends: { ...sends, webhooksPerSecond: [1_999], besideDeadPerSecond: [1_990], mailsPerSecond: [499] },
      },
      wanted: [
        'signed webhooks that waited, sent per second by one worker',
        'mails that waited, sent per second by one worker',
      ],
    },
    {
      name: 'an endpoint that holds up the others',
      change: { sends: { ...sends, besideDeadPerSecond: [1_990] } },
      wanted: ['webhooks beside an endpoint that never answers ÷ without'],
    },
    {
      name: 'a list that is slow in a large organization',
      change: { reads: { ...reads, page: costs(6.1) } },
      wanted: ['Coder list page, organization with 100,000 rows ÷ with 1,000'],
    },
    {
      name: 'a count that is slow in a large organization',
      change: { reads: { ...reads, count: costs(4.1) } },
      wanted: ['unread count, organization with 100,000 rows ÷ with 1,000'],
    },
    {
      name: 'reads that take more than twice as long as one query',
      change: { reads: { ...reads, barePage: costs(2.4), bareCount: costs(1.4) } },
      wanted: [
        'Coder list page ÷ bare Express + one indexed query',
        'unread count ÷ bare Express + one indexed query',
      ],
    },
    {
      name: 'a watch that learns of it too late',
      change: { watches: { ...watches, latencySeconds: { p50: 0.2, max: 1.1 } } },
      wanted: ['latest frame on 1,000 watch sockets after the send'],
    },
    {
      name: 'a watch that learns nothing',
      change: { watches: { ...watches, latencySeconds: latencyOf([0.1], 2) } },
      wanted: ['latest frame on 1,000 watch sockets after the send'],
    },
  ])('notice $name', ({ change, wanted }) => expect(missed({ ...good, ...change })).toEqual(wanted));
});

describe("the figures of Coder's calls", () => {
  const goals = (measured: Measured) =>
    Object.fromEntries(judgeAll(measured).map(({ name, goalMet }) => [name, goalMet]));
  const page = 'Coder list page in PostgreSQL ÷ its two questions, indexed';
  const count = 'unread count in PostgreSQL ÷ one indexed query';

  it('compare a page with both of its questions, and a count with one', () => {
    expect(goals(good)).toMatchObject({ [page]: true, [count]: true });
    const costly = { ...reads, page: costs(10.1), count: costs(4.3) };
    expect(goals({ ...good, reads: costly })).toMatchObject({ [page]: false, [count]: false });
  });

  it('are left out where nothing was measured', () => {
    const names = judgeAll({ ...good, reads: undefined, watches: undefined }).map(({ name }) => name);
    expect(names.filter((name) => /Coder|unread|watch/.test(name))).toEqual([]);
  });
});
