import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { catalogue, type Adapter, type SendResult } from '@carillon/channels';
import type { ChannelRate, DeliveryId, ExternalKind } from '@carillon/core';
import { loadOldestDueSeconds } from '@carillon/db';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { advanceDatabaseClock, pollUntil, silentLog } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import { deliverDue } from '../sweeps/due.ts';
import { wakeForChannels } from '../sweeps/circuits.ts';
import { createGate } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './runner.ts';

/** Two channels of one kind, whose targets answer what the test says, and a runner. */
describe('channels of one kind', () => {
  let rows: DeliveryRows;
  let runner: DeliveryRunner;
  let deps: ReturnType<typeof makeWorkerDeps>;
  const renderPool = createRenderPool({ log: silentLog });
  const busy: SendResult = { outcome: 'retry', reason: 'busy', statusCode: 503 };
  const sent: SendResult = { outcome: 'sent' };
  /** Names of the channels that were sent through, in order. */
  let asked: string[];
  let answers: Record<string, SendResult | Promise<SendResult>>;
  /** Given where the time that is waited for room must not pass by itself. */
  let frozenMs: number | undefined;
  let offered: Promise<void> = Promise.resolve();

  const adapter: Adapter = {
    async send({ target }) {
      const name = String(target.settings['base_url']).replace(/^http:\/\/|\.example$/g, '');
      asked.push(name);
      return (await answers[name]) ?? sent;
    },
    stop: async () => undefined,
  };

  beforeAll(async () => {
    rows = await makeDeliveryRows();
  });
  beforeEach(async () => {
    asked = [];
    answers = {};
    frozenMs = undefined;
    await runner?.stop(100);
    await rows.sql('delete from deliveries');
    await rows.sql(`delete from channels where kind <> 'null'`);
    start('gotify');
  });
  afterAll(async () => {
    await runner.stop(100);
    await renderPool.stop();
    await rows.stop();
  });

  describe('in their order', () => {
    it('are tried one after the other at once, and each try tells its channel', async () => {
      await makeChannels('a', 'b');
      answers = { a: busy };
      const [id] = await deliver(1);
      await pollUntil(async () => (await stateOf(id)).startsWith('sent'));
      expect(asked).toEqual(['a', 'b']);
      expect(await stateOf(id)).toBe('sent null b 2');
      expect(await triesOf(id)).toEqual(['1 retry a', '2 sent b']);
      await rows.sql('delete from deliveries');
      answers = {};
      await deliver(1);
      await pollUntil(() => asked.length === 3);
      expect(asked[2]).toBe('a');
    });

    it('share the tries of one schedule, and begin again with the first after its waits', async () => {
      await makeChannels('a', 'b');
      answers = { a: busy, b: busy };
      const [id] = await deliver(1);
      const tries = catalogue.gotify.retryScheduleMs.length + 1;
      await pollUntil(async () => (await stateOf(id)) === 'pending retry a 2');
      for (let made = 2; made < tries; made += 2) {
        expect(asked).toHaveLength(made);
        await advanceDatabaseClock(rows.database, 24 * 3_600_000);
        await runner.offer([id]);
        await pollUntil(async () => Number((await stateOf(id)).split(' ')[3]) >= Math.min(made + 2, tries));
      }
      await pollUntil(async () => (await stateOf(id)).startsWith('dead'));
      expect(await stateOf(id)).toMatch(new RegExp(`^dead attempts_exhausted . ${tries}$`));
      expect(asked).toHaveLength(tries);
    });

    it.each<{ name: string; kind: ExternalKind; result: SendResult }>([
      { name: 'what was refused for good', kind: 'gotify', result: { outcome: 'reject', reason: 'no' } },
      {
        ...{ name: 'what may have arrived, where two are worse than none', kind: 'sms' },
        result: { outcome: 'unknown', reason: 'cut' },
      },
    ])('pass on nothing of $name', async ({ kind, result }) => {
      start(kind);
      await makeChannels('a', 'b');
      answers = { a: result };
      const [id] = await deliver(1);
      await pollUntil(async () => /^(dead|unknown)/.test(await stateOf(id)));
      expect(asked).toEqual(['a']);
    });

    it('pass on what may have arrived, where two are better than none', async () => {
      await makeChannels('a', 'b');
      answers = { a: { outcome: 'unknown', reason: 'cut' } };
      const [id] = await deliver(1);
      await pollUntil(async () => (await stateOf(id)).startsWith('sent'));
      expect(await triesOf(id)).toEqual(['1 unknown a', '2 sent b']);
    });
  });

  describe('whose target does not answer', () => {
    it('get nothing after ten failures in a row, and what waits is not late', async () => {
      await makeChannels('a');
      await open('a');
      const waiting = await deliver(3);
      await pollUntil(async () => (await stateOf(waiting[2])) === 'pending circuit_open a 0');
      expect(asked).toHaveLength(10);
      await advanceDatabaseClock(rows.database, 20_000);
      await sweep();
      expect(asked).toHaveLength(10);
      await rows.sql(`update deliveries set not_before = 'infinity' where reason = 'retry'`);
      expect(await loadOldestDueSeconds(rows.connected.db)).toBe(0);
    });

    it('are probed with one each thirty seconds, and when one arrives all that waits follows', async () => {
      await makeChannels('a');
      await open('a');
      const waiting = await deliver(4);
      await pollUntil(async () => (await statesOf(waiting)).every((one) => one.includes('circuit_open')));
      for (let probes = 1; probes <= 2; probes += 1) {
        await advanceDatabaseClock(rows.database, 31_000);
        await Promise.all([sweepCircuits(), sweepCircuits()]);
        await pollUntil(() => asked.length === 10 + probes);
        await sweepCircuits();
        await pollUntil(async () => (await statesOf(waiting)).every((one) => one.startsWith('pending')));
        expect(asked).toHaveLength(10 + probes);
      }
      answers = {};
      await advanceDatabaseClock(rows.database, 31_000);
      await sweepCircuits();
      await pollUntil(async () => (await channelOf('a'))['opened_at'] === null);
      await advanceDatabaseClock(rows.database, 3_600_000);
      await sweep();
      await pollUntil(async () => (await statesOf(waiting)).every((one) => one.startsWith('sent')));
    });

    it('are passed over while another one answers, and come home after a probe', async () => {
      await makeChannels('a', 'b');
      answers = { a: busy };
      const fallen: DeliveryId[] = [];
      while (fallen.length < 10) fallen.push(...(await deliver(1)));
      await pollUntil(async () => (await statesOf(fallen)).every((one) => one === 'sent null b 2'));
      expect(await channelOf('a')).not.toMatchObject({ opened_at: null });
      asked = [];
      const [around] = await deliver(1);
      await pollUntil(async () => (await stateOf(around)) === 'sent null b 1');
      expect(await triesOf(around)).toEqual(['1 sent b']);
      answers = {};
      await advanceDatabaseClock(rows.database, 31_000);
      const probes = await deliver(2);
      await pollUntil(async () => (await statesOf(probes)).every((one) => one.startsWith('sent')));
      expect(asked.toSorted()).toEqual(['a', 'b', 'b']);
      expect(await channelOf('a')).toMatchObject({ opened_at: null, probe_at: null });
    });

    it('are told from those that only ask for time', async () => {
      await makeChannels('a');
      answers = { a: { ...busy, statusCode: 429 } };
      await deliver(12);
      await pollUntil(() => asked.length === 12);
      expect(await channelOf('a')).toMatchObject({ opened_at: null });
    });
  });

  describe('with a rate', () => {
    it('send a burst at once, and the next in their turns', async () => {
      await makeChannels('a');
      await setRate({ per_second: 20, burst: 2 });
      const startedMs = performance.now();
      const ids = await deliver(6);
      await pollUntil(async () => (await statesOf(ids)).every((one) => one.startsWith('sent')));
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(200);
    });

    it('put off, uncounted, what has no turn soon, each to a time of its own', async () => {
      await makeChannels('a');
      await setRate({ per_second: 0.25, burst: 2 });
      const ids = await deliver(5);
      await pollUntil(async () => (await statesOf(ids)).filter((one) => one.startsWith('sent')).length === 2);
      expect((await statesOf(ids)).filter((one) => one === 'pending rate_limited a 0')).toHaveLength(3);
      expect(
        await rows.sql(
          `select round(extract(epoch from not_before - lag(not_before) over (order by not_before)))::int as gap
           from deliveries where state = 'pending' order by not_before offset 1`,
        ),
      ).toEqual([{ gap: 4 }, { gap: 4 }]);
      for (let left = 2; left >= 0; left -= 1) {
        await advanceDatabaseClock(rows.database, 8_000);
        await sweep();
        await pollUntil(async () => (await sentOf(ids)) >= 5 - left);
      }
    });
  });

  describe('that lead to one endpoint', () => {
    it('take a quarter of the slots, and leave the others to the others', async () => {
      frozenMs = 1_000;
      start('gotify', 8);
      await makeChannels('a');
      const answer = holdAnswer('a');
      const slow = await begin(6);
      await pollUntil(() => asked.length === 2);
      await makeChannels('b');
      await rows.sql(`update channels set position = -1 where name = 'b'`);
      const quick = await deliver(6);
      await pollUntil(async () => (await statesOf(quick)).every((one) => one.startsWith('sent')));
      expect(asked.filter((name) => name === 'a')).toHaveLength(2);
      answer(sent);
      await pollUntil(async () => (await statesOf(slow)).every((one) => one.startsWith('sent')));
    });

    it('are left out by the due-scan while many wait there, which is told when there is room again', async () => {
      start('gotify', 8);
      await makeChannels('a');
      const answer = holdAnswer('a');
      let told = 0;
      runner.onRelief(() => (told += 1));
      const ids = await begin(8);
      const more = await begin(4);
      await pollUntil(() => runner.crowded().length > 0);
      expect([runner.crowded().length, told]).toEqual([1, 0]);
      answer(sent);
      await pollUntil(async () => (await statesOf([...ids, ...more])).every((one) => one.startsWith('sent')));
      expect([runner.crowded().length, told]).toEqual([0, 1]);
    });

    it('give up waiting for room after two seconds, uncounted, to come again', async () => {
      frozenMs = 1_000;
      start('gotify', 8);
      await makeChannels('a');
      const answer = holdAnswer('a');
      const ids = await begin(4);
      await pollUntil(() => asked.length === 2);
      await pollUntil(async () => (await statesOf(ids)).every((one) => one.startsWith('sending')));
      frozenMs = 3_001;
      void runner.offer([ids[0]]);
      await pollUntil(
        async () => (await statesOf(ids)).filter((one) => one === 'pending endpoint_busy a 0').length === 2,
      );
      answer(sent);
      await pollUntil(() => runner.capacity() === 8);
    });
  });

  function start(kind: ExternalKind, slots = catalogue[kind].slots): void {
    deps = makeWorkerDeps({ db: rows.connected.db, renderPool, adapter });
    deps.clock = { ...deps.clock, monotonicMs: () => frozenMs ?? performance.now() };
    const shared = { gate: createGate(), recorder: createRecorder(deps) };
    runner = createDeliveryRunner(deps, { ...catalogue[kind], slots }, shared);
    Object.assign(runner, { kind });
  }

  const kindNow = (): ExternalKind => (runner as DeliveryRunner & { kind: ExternalKind }).kind;

  async function makeChannels(...names: string[]): Promise<void> {
    for (const [position, name] of names.entries()) {
      const settings = { base_url: `http://${name}.example` };
      await rows.sql(
        `insert into channels (id, organization_id, kind, name, position, settings) values ($1, $2, $3, $4, $5, $6)`,
        [createNewId()(), rows.organizationId, kindNow(), name, position, settings],
      );
    }
  }

  /** The target of this channel answers when it is told what. */
  function holdAnswer(name: string): (result: SendResult) => void {
    let tell: (result: SendResult) => void = () => undefined;
    answers = {
      [name]: new Promise((resolve) => {
        tell = resolve;
      }),
    };
    return (result) => tell(result);
  }

  const setRate = (rate: ChannelRate) =>
    rows.sql(`update channels set rate = $1 where kind <> 'null'`, [JSON.stringify(rate)]);

  /** Made and offered. */
  async function deliver(count: number): Promise<[DeliveryId, ...DeliveryId[]]> {
    const ids = await begin(count);
    await offered;
    return ids;
  }

  /** As `deliver`, without waiting for the answers of those that go at once. */
  async function begin(count: number): Promise<[DeliveryId, ...DeliveryId[]]> {
    const ids = (await rows.deliver(count, kindNow())) as [DeliveryId, ...DeliveryId[]];
    offered = runner.offer(ids);
    return ids;
  }

  async function open(name: string): Promise<void> {
    answers = { [name]: busy };
    await deliver(10);
    await pollUntil(async () => (await channelOf(name))['opened_at'] !== null);
  }

  const sweepCircuits = () => wakeForChannels(withRunners(), AbortSignal.timeout(10_000));

  async function sweep(): Promise<void> {
    await sweepCircuits();
    await deliverDue(withRunners(), AbortSignal.timeout(10_000));
  }

  function withRunners() {
    return { ...deps, runners: { [kindNow()]: runner } as Record<ExternalKind, DeliveryRunner> };
  }

  const channelOf = async (name: string): Promise<Record<string, unknown>> =>
    (await rows.sql('select * from channels where name = $1', [name]))[0] ?? {};

  /** `state reason channel attempts`. */
  async function statesOf(ids: readonly DeliveryId[]): Promise<string[]> {
    const found = await rows.sql(
      `select concat_ws(' ', d.state, coalesce(d.reason, 'null'), c.name, d.attempts_made) as told
       from deliveries d join channels c on c.id = d.channel_id where d.id = any($1) order by d.id`,
      [ids],
    );
    return found.map((row) => String(row['told']));
  }

  const sentOf = async (ids: readonly DeliveryId[]): Promise<number> =>
    (await statesOf(ids)).filter((one) => one.startsWith('sent')).length;

  const stateOf = async (id: DeliveryId | undefined): Promise<string> =>
    (await statesOf(id === undefined ? [] : [id]))[0] ?? '';

  async function triesOf(id: DeliveryId): Promise<string[]> {
    const found = await rows.sql(
      `select concat_ws(' ', a.number, a.outcome, c.name) as told
       from attempts a join channels c on c.id = a.channel_id where a.delivery_id = $1 order by a.number`,
      [id],
    );
    return found.map((row) => String(row['told']));
  }
});
