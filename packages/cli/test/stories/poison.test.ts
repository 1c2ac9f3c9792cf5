import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  advanceDatabaseClock,
  loadStored,
  pollUntil,
  startWebhookReceiver,
  type ServiceProcess,
  type WebhookReceiver,
} from '@carillon/testkit';
import { notify, waitUntilSettled } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

describe('a delivery that takes its worker down each time', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    [stage, receiver] = await Promise.all([setStage(), startWebhookReceiver({ secret })]);
    await stage.addChannel('webhook', { url: receiver.url }, { secret });
    api = await stage.startApi();
  });
  afterAll(async () => {
    await stage.stop();
    await receiver.stop();
  });

  it('is dead after three crashes, and its neighbours are sent', async () => {
    receiver.answerWith({ type: 'status', status: 503, headers: { 'retry-after': '600' } });
    const first = await stage.startWorker();
    for (const { id } of stage.people) await notify(api, stage.admin, { to: [id] });
    const all = await pollUntil(async () => {
      const { deliveries } = await loadStored(stage.database);
      return deliveries.length === 3 &&
        deliveries.every(({ attempts, state }) => attempts === 1 && state === 'pending')
        ? deliveries.map(({ id }) => id)
        : undefined;
    }, 45_000);
    await first.stop();
    const sentBefore = receiver.arrivals.length;
    receiver.answerWith({ type: 'status', status: 204 });
    const point = `worker.sending.${all[1]}`;
    for (let crash = 1; crash <= 3; crash += 1) {
      // The wait of ten minutes, or the lease of twenty seconds, is over.
      await advanceDatabaseClock(stage.database, 601_000);
      const victim = await stage.startWorker({ CARILLON_FAULT: `${point}@1` });
      await victim.waitForLine((line) => line['text'] === `fault ${point}`, 60_000);
      await victim.ended;
    }
    await advanceDatabaseClock(stage.database, 601_000);
    const worker = await stage.startWorker();
    const stored = await waitUntilSettled(stage);
    const told = stored.deliveries.map(({ id, state, reason }) => ({ id, state, reason }));
    const [sent, dead] = [
      { state: 'sent', reason: null },
      { state: 'dead', reason: 'crashed' },
    ];
    expect(told).toEqual(all.map((id, index) => ({ id, ...(index === 1 ? dead : sent) })));
    expect(stored.deliveries[1]?.crashes).toBe(3);
    const arrived = receiver.arrivals.slice(sentBefore).map(({ id }) => id);
    expect(arrived).not.toContain(all[1]);
    // A neighbour was in flight at the first crash at most; from then on the poison is tried alone.
    for (const id of [all[0], all[2]]) {
      const count = arrived.filter((one) => one === id).length;
      expect([1, 2]).toContain(count);
    }
    await worker.stop();
  });
});
