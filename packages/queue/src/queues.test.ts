import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, NotificationId, OrganizationId, UserId } from '@carillon/core';
import { pollUntil, silentLog, startFaultProxy, testRedis, type FaultProxy } from '@carillon/testkit';
import { createInboxPublisher, createInboxSubscriber, type InboxMove } from './bus.ts';
import { createConsumer, type Consumer } from './consumer.ts';
import { deliverQueueName, dispatchQueueName } from './names.ts';
import { createProducer, type Producer } from './producer.ts';

const log = silentLog;

const home = randomUUID() as OrganizationId;

function ids<T extends string>(count: number): T[] {
  return Array.from({ length: count }, () => randomUUID() as T);
}

describe('hints over Redis', () => {
  let proxy: FaultProxy;
  let redis: { redisUrl: string; prefix: string };
  const open: { stop(): Promise<unknown> }[] = [];

  function opened<T extends { stop(): Promise<unknown> }>(one: T): T {
    open.push(one);
    return one;
  }

  async function readyProducer(): Promise<Producer> {
    const producer = opened(createProducer({ ...redis, log }));
    await pollUntil(() => producer.enqueueDispatch('urgent', ids<NotificationId>(1)), 10_000, 'a producer');
    return producer;
  }

  function consume(queue: string): { payloads: unknown[]; consumer: Consumer } {
    const payloads: unknown[] = [];
    const onJob = async (payload: unknown) => void payloads.push(payload);
    const consumer = createConsumer({ ...redis, log, queue, concurrency: 4, onJob });
    open.push({ stop: () => consumer.stop(1_000) });
    return { payloads, consumer };
  }

  beforeAll(async () => {
    const { url, prefix } = testRedis('queues');
    proxy = await startFaultProxy({ port: Number(new URL(url).port) });
    redis = { redisUrl: proxy.through(url), prefix };
  });
  afterAll(async () => {
    proxy.heal();
    await Promise.all(open.map((one) => one.stop()));
    await proxy.stop();
  });

  it('carries ids to whoever consumes the lane, a hundred in a job at most', async () => {
    const producer = await readyProducer();
    const { payloads } = consume(dispatchQueueName('normal'));
    const sent = ids<NotificationId>(250);
    expect(await producer.enqueueDispatch('normal', sent)).toBe(true);
    await pollUntil(() => payloads.length === 3, 10_000, 'three jobs');
    expect(payloads).toEqual([
      { v: 1, ids: sent.slice(0, 100) },
      { v: 1, ids: sent.slice(100, 200) },
      { v: 1, ids: sent.slice(200) },
    ]);
  });

  it('goes on after a job that failed', async () => {
    const producer = await readyProducer();
    const taken: unknown[] = [];
    const consumer = createConsumer({
      ...{ ...redis, log, queue: deliverQueueName('null'), concurrency: 1 },
      onJob: async (payload) => {
        taken.push(payload);
        if (taken.length === 1) throw new Error('planned');
      },
    });
    open.push({ stop: () => consumer.stop(1_000) });
    await producer.enqueueDeliver('null', ids<DeliveryId>(1));
    await producer.enqueueDeliver('null', ids<DeliveryId>(2));
    await pollUntil(() => taken.length === 2, 10_000, 'the second job');
  });

  it('says within a second that a hint was not left while Redis is silent, and leaves the next one when it is back', async () => {
    const producer = await readyProducer();
    proxy.blackHole();
    const startedMs = performance.now();
    expect(await producer.enqueueDispatch('normal', ids<NotificationId>(1))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(producer.healthy()).toBe(false);
    proxy.heal();
    await pollUntil(
      () => producer.enqueueDispatch('urgent', ids<NotificationId>(1)),
      20_000,
      'Redis to be back',
    );
    expect(producer.healthy()).toBe(true);
  });

  it('does not wait for a Redis that is gone, neither to leave a hint nor to stop', async () => {
    const producer = await readyProducer();
    const { consumer } = consume(deliverQueueName('email'));
    const publisher = opened(createInboxPublisher({ ...redis, log }));
    proxy.cut();
    await pollUntil(
      async () => !(await producer.enqueueDeliver('email', ids<DeliveryId>(1))),
      10_000,
      'the cut',
    );
    expect(await publisher.publish([{ userId: randomUUID() as UserId, organizationId: home, head: 1 }])).toBe(
      false,
    );
    const startedMs = performance.now();
    await consumer.stop(500);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    proxy.heal();
  });

  it('tells a subscriber of its users only, ignores what is forged, and hears again after a cut', async () => {
    const [me, other] = ids<UserId>(2);
    if (me === undefined || other === undefined) throw new TypeError('two ids were made');
    const heard: [UserId, number][] = [];
    let reconnects = 0;
    const subscriber = opened(
      createInboxSubscriber({
        ...{ ...redis, log, onReconnect: () => void (reconnects += 1), onMoves: () => undefined },
        onHint: (userId, head) => void heard.push([userId, head]),
      }),
    );
    const publisher = opened(createInboxPublisher({ ...redis, log }));
    await pollUntil(() => subscriber.healthy() && publisher.publish([]), 10_000, 'connections');
    await subscriber.subscribe(me);
    const tell = (head: number) =>
      publisher.publish([
        { userId: other, organizationId: home, head },
        { userId: me, organizationId: home, head },
        { userId: me, organizationId: home, head: -1 },
      ]);
    await pollUntil(async () => (await tell(7)) && heard.length > 0, 10_000, 'a hint');
    expect(new Set(heard.map(([userId]) => userId))).toEqual(new Set([me]));
    expect(heard.every(([, head]) => head === 7)).toBe(true);

    proxy.cut(300);
    await pollUntil(() => reconnects >= 2, 20_000, 'the reconnect');
    await pollUntil(
      async () => (await tell(8)) && heard.some(([, head]) => head === 8),
      20_000,
      'a hint after the cut',
    );
    await subscriber.unsubscribe(me);
  });

  it('tells a subscriber of an organization all moves of one write together, of no other organization, in parts of 500', async () => {
    const [elsewhere] = ids<OrganizationId>(1);
    if (elsewhere === undefined) throw new TypeError('an id was made');
    const heard: InboxMove[][] = [];
    const subscriber = opened(
      createInboxSubscriber({
        ...{ ...redis, log, onReconnect: () => undefined, onHint: () => undefined },
        onMoves: (moves) => void heard.push(moves),
      }),
    );
    const publisher = opened(createInboxPublisher({ ...redis, log }));
    await pollUntil(() => subscriber.healthy() && publisher.publish([]), 10_000, 'connections');
    await subscriber.subscribeOrganization(home);
    const users = ids<UserId>(501);
    const moves = users.map((userId) => ({ userId, organizationId: home, head: 7 }));
    const [first, second] = moves;
    if (first === undefined || second === undefined) throw new TypeError('moves were made');
    await publisher.publish([first, { ...second, organizationId: elsewhere }, { ...second, after: 2 }]);
    await publisher.publish(moves);
    await pollUntil(() => heard.length === 3, 10_000, 'three messages');
    expect(heard[0]).toEqual([
      { ...first, after: 6 },
      { ...second, after: 2 },
    ]);
    expect(heard.slice(1).map((one) => one.length)).toEqual([500, 1]);
    await subscriber.unsubscribeOrganization(home);
  });
});
