import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Adapter, SendRequest, SendResult } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';

/** One adapter with its other side, fresh for each case. */
export interface AdapterStage<Answer> {
  adapter: Adapter;
  /** A request that fits the other side, without its signal. */
  request: Omit<SendRequest, 'deliveryId' | 'signal'>;
  /** How the other side answers from now on. */
  answerWith(answer: Answer): void;
  /** The idempotency header of each message that arrived, in order. */
  arrivedKeys(): readonly string[];
  /** Resolves when the other side has been reached `count` times, however it then behaves. */
  reached(count: number): Promise<void>;
  stop(): Promise<void>;
}

export interface NamedAnswer<Answer> {
  name: string;
  answer: Answer;
}

/** What a kind's other side can say, sorted by what must become of the delivery. */
export interface AdapterHarness<Answer> {
  stage(): Promise<AdapterStage<Answer>>;
  sent: readonly NamedAnswer<Answer>[];
  rejected: readonly NamedAnswer<Answer>[];
  retried: readonly NamedAnswer<Answer>[];
  /** Answers that name a wait, with the wait that must be obeyed. */
  retriedAfter: readonly (NamedAnswer<Answer> & { afterMs: number })[];
  /** Never answers. */
  silent: Answer;
  /** Success that never ends, or is larger than anyone should read; empty where a protocol has no such thing. */
  oversized: readonly NamedAnswer<Answer>[];
  /** A request too large for the kind; undefined where the kind has no limit. */
  tooLarge: ((request: AdapterStage<Answer>['request']) => AdapterStage<Answer>['request']) | undefined;
  /** Parts of the target that must never be seen in a reason. */
  secrets: readonly string[];
}

export interface BatteryCase {
  name: string;
  run: () => Promise<void>;
}

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const otherDeliveryId = '01890a5d-ac96-774b-bcce-b302099a8058' as DeliveryId;
const livenessMs = 10_000;
/** How long an adapter may take to notice that its time is over: far less than any timeout of its own. */
const promptMs = 3_000;

/** The answers of HTTP that every kind over HTTP must sort alike. */
export const httpStatuses = {
  sent: [200, 201, 202, 204],
  rejected: [301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422],
  retried: [408, 425, 429, 500, 502, 503, 504],
} as const;

/** What every adapter promises, as cases for `it.each(adapterBattery(harness))('$name', ({ run }) => run())`. */
export function adapterBattery<Answer>(harness: AdapterHarness<Answer>): BatteryCase[] {
  return [
    ...outcomeCases(harness),
    ...signalCases(harness),
    ...limitCases(harness),
    inStage(harness, 'sends one delivery under one key and another under another', async (stage) => {
      await sendWith(stage);
      await sendWith(stage);
      await sendWith(stage, {}, otherDeliveryId);
      const [first, second, third, ...more] = stage.arrivedKeys();
      assert.equal(more.length, 0);
      assert.ok(first?.includes(deliveryId), `${first} does not name the delivery`);
      assert.equal(second, first);
      assert.ok(third?.includes(otherDeliveryId), `${third} does not name the other delivery`);
    }),
  ];
}

function outcomeCases<Answer>(harness: AdapterHarness<Answer>): BatteryCase[] {
  const expecting = (
    outcome: SendResult['outcome'],
    answers: readonly NamedAnswer<Answer>[],
  ): BatteryCase[] =>
    answers.map(({ name, answer }) =>
      inStage(harness, `${name} ends as ${outcome}`, async (stage) => {
        stage.answerWith(answer);
        const result = await sendWith(stage);
        assert.equal(result.outcome, outcome, JSON.stringify(result));
        assertNoSecret(result, harness.secrets);
      }),
    );
  const waits = harness.retriedAfter.map(({ name, answer, afterMs }) =>
    inStage(harness, `${name} is tried again after ${afterMs} ms`, async (stage) => {
      stage.answerWith(answer);
      const result = await sendWith(stage);
      assert.ok(result.outcome === 'retry' && result.afterMs !== undefined, JSON.stringify(result));
      assert.ok(Math.abs(result.afterMs - afterMs) <= 2_000, `asked for ${afterMs}, got ${result.afterMs}`);
    }),
  );
  return [
    ...expecting('sent', harness.sent),
    ...expecting('reject', harness.rejected),
    ...expecting('retry', harness.retried),
    ...waits,
  ];
}

function signalCases<Answer>(harness: AdapterHarness<Answer>): BatteryCase[] {
  return [
    inStage(harness, 'ends when its time is over, though the other side stays silent', async (stage) => {
      const time = new AbortController();
      stage.answerWith(harness.silent);
      const sending = sendWith(stage, { signal: time.signal });
      await stage.reached(1);
      time.abort();
      const result = await withinMs(promptMs, sending);
      assert.ok(result.outcome === 'retry' || result.outcome === 'unknown', JSON.stringify(result));
      assertNoSecret(result, harness.secrets);
    }),
    inStage(harness, 'sends nothing when its time was over before it began', async (stage) => {
      const result = await sendWith(stage, { signal: AbortSignal.abort() });
      assert.equal(result.outcome, 'retry', JSON.stringify(result));
      assert.deepEqual(stage.arrivedKeys(), []);
    }),
  ];
}

function limitCases<Answer>(harness: AdapterHarness<Answer>): BatteryCase[] {
  const { tooLarge } = harness;
  const replies = harness.oversized.map(({ name, answer }) =>
    inStage(harness, `${name} does not hold the adapter beyond its time`, async (stage) => {
      stage.answerWith(answer);
      const before = process.memoryUsage().rss;
      const result = await sendWith(stage, { signal: AbortSignal.timeout(1_000) });
      assert.ok(result.outcome === 'sent' || result.outcome === 'retry', JSON.stringify(result));
      const grownBytes = process.memoryUsage().rss - before;
      assert.ok(grownBytes < 100 * 1024 * 1024, `memory grew by ${grownBytes} bytes`);
    }),
  );
  if (tooLarge === undefined) return replies;
  return [
    ...replies,
    inStage(harness, 'rejects what is larger than its limit without sending it', async (stage) => {
      const result = await sendWith(stage, tooLarge(stage.request));
      assert.equal(result.outcome, 'reject', JSON.stringify(result));
      assert.deepEqual(stage.arrivedKeys(), []);
    }),
  ];
}

function inStage<Answer>(
  harness: AdapterHarness<Answer>,
  name: string,
  play: (stage: AdapterStage<Answer>) => Promise<void>,
): BatteryCase {
  return {
    name,
    async run() {
      const stage = await harness.stage();
      try {
        await play(stage);
      } finally {
        await stage.adapter.stop();
        await stage.stop();
      }
    },
  };
}

function sendWith<Answer>(
  { adapter, request }: AdapterStage<Answer>,
  changes: Partial<SendRequest> = {},
  id: DeliveryId = deliveryId,
): Promise<SendResult> {
  return adapter.send({ signal: AbortSignal.timeout(livenessMs), ...request, ...changes, deliveryId: id });
}

function assertNoSecret(result: SendResult, secrets: readonly string[]): void {
  const shown = JSON.stringify(result);
  for (const secret of secrets) assert.ok(!shown.includes(secret), `a secret is in ${shown}`);
}

async function withinMs<Value>(limitMs: number, value: Promise<Value>): Promise<Value> {
  const limit = new AbortController();
  const late = setTimeout(limitMs, undefined, { signal: limit.signal }).then(() => {
    throw new assert.AssertionError({ message: `took longer than ${limitMs} ms` });
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    late.catch(() => undefined);
    limit.abort();
  }
}
