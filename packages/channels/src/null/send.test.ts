import { setTimeout as sleep } from 'node:timers/promises';
import { adapterBattery, buildMessage, type AdapterHarness, type AdapterStage } from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import type { Adapter, SendRequest, SendResult } from '../adapter.ts';
import { createNullAdapter } from './send.ts';

type Settings = Record<string, unknown>;

/** The null kind has no other side: its settings answer, and what was sent is what was asked of it. */
const harness: AdapterHarness<Settings> = {
  async stage(): Promise<AdapterStage<Settings>> {
    let settings: Settings = {};
    let sleeps = 0;
    let wake = (): void => undefined;
    const keys: string[] = [];
    const inner = createNullAdapter({
      sleep: (durationMs, signal) => {
        sleeps += 1;
        wake();
        return sleep(durationMs, undefined, { signal });
      },
    });
    const adapter: Adapter = {
      async send(request): Promise<SendResult> {
        const result = await inner.send({ ...request, target: { settings, address: undefined } });
        if (result.outcome === 'sent') keys.push(request.deliveryId);
        return result;
      },
      stop: () => inner.stop(),
    };
    return {
      adapter,
      request: { message: buildMessage(), target: { settings: {}, address: undefined } },
      answerWith(answer) {
        settings = answer;
      },
      arrivedKeys: () => keys,
      reached: (count) =>
        new Promise((resolve) => {
          wake = () => {
            if (sleeps >= count) resolve();
          };
          wake();
        }),
      stop: async () => undefined,
    };
  },
  sent: [
    { name: 'an empty setting', answer: {} },
    { name: 'outcome sent', answer: { outcome: 'sent' } },
    { name: 'a short delay', answer: { delay_ms: 5 } },
  ],
  rejected: [
    { name: 'outcome reject', answer: { outcome: 'reject' } },
    { name: 'an unknown setting', answer: { colour: 'red' } },
  ],
  retried: [{ name: 'outcome retry', answer: { outcome: 'retry' } }],
  retriedAfter: [],
  silent: { delay_ms: 10_000 },
  oversized: [],
  tooLarge: undefined,
  secrets: [],
};

describe('the null adapter', () => {
  it.each(adapterBattery(harness))('$name', ({ run }) => run());

  it('answers only after its delay', async () => {
    const slept: number[] = [];
    const adapter = createNullAdapter({ sleep: async (durationMs) => void slept.push(durationMs) });
    const request: SendRequest = {
      deliveryId: '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId,
      message: buildMessage(),
      target: { settings: { delay_ms: 250, outcome: 'reject' }, address: undefined },
      signal: AbortSignal.timeout(10_000),
    };
    expect(await adapter.send(request)).toEqual({
      outcome: 'reject',
      reason: 'the channel is set to reject',
    });
    expect(slept).toEqual([250]);
  });
});
