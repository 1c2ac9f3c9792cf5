import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adapters, catalogue } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';
import { createNewId, createRenderPool } from '@carillon/runtime';
import {
  buildAdapterDeps,
  pollUntil,
  silentLog,
  startSmtpSink,
  type SmtpAnswer,
  type SmtpSink,
} from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import { createGate } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './runner.ts';

const newId = createNewId();
const address = 'ada@example.net';

/** Real rows, the real adapter, and two providers with an SMTP server each, of which the first one has faults. */
describe('a mail with two providers', () => {
  let rows: DeliveryRows;
  let [first, second]: [SmtpSink, SmtpSink] = [] as never;
  let runner: DeliveryRunner;
  let stopRunner: () => Promise<void>;
  const config = { leaseMs: 60_000, dispatchTimeoutMs: 15_000 };
  const renderPool = createRenderPool({ log: silentLog });

  beforeAll(async () => {
    rows = await makeDeliveryRows();
    [first, second] = await Promise.all([startSmtpSink(), startSmtpSink()]);
  });
  beforeEach(async () => {
    await rows.sql('delete from deliveries');
    await rows.sql(`delete from channels where kind = 'email'`);
    await rows.sql('delete from contact_points');
    const adapter = adapters.email(buildAdapterDeps());
    const deps = {
      ...makeWorkerDeps({ db: rows.connected.db, renderPool, adapter }),
      config,
    };
    for (const [position, sink] of [first, second].entries()) {
      const id = newId();
      const place = { organizationId: rows.organizationId, table: 'channels', rowId: id, column: 'secrets' };
      await rows.sql(
        `insert into channels (id, organization_id, kind, name, position, settings, secrets)
         values ($1, $2, 'email', $3, $4, $5, $6)`,
        [
          ...[id, rows.organizationId, position === 0 ? 'first' : 'second', position],
          position === 0 ? {} : { from: 'Second <second@example.org>' },
          deps.sealer.seal(JSON.stringify({ smtp_url: sink.url }), place),
        ],
      );
    }
    const shared = { gate: createGate(), recorder: createRecorder(deps) };
    runner = createDeliveryRunner(deps, catalogue.email, shared);
    stopRunner = async () => {
      await runner.stop(1_000);
      await adapter.stop();
    };
  });
  afterEach(() => stopRunner());
  afterAll(async () => {
    await Promise.all([first.stop(), second.stop(), renderPool.stop()]);
    await rows.stop();
  });

  it.each<{ name: string; answer: SmtpAnswer; tries: string[]; reason: RegExp }>([
    {
      ...{ name: 'is busy (421)', answer: { type: 'refuse_recipient', code: 421 } },
      ...{ tries: ['1 retry first', '2 sent second'], reason: /^mail server answered 421/ },
    },
    {
      ...{ name: 'takes no mail now (451)', answer: { type: 'refuse_data', code: 451 } },
      ...{ tries: ['1 retry first', '2 sent second'], reason: /^mail server answered 451/ },
    },
    {
      ...{ name: 'hangs up', answer: { type: 'close_at_recipient' } },
      ...{ tries: ['1 retry first', '2 sent second'], reason: /^mail server could not be reached/ },
    },
    {
      ...{ name: 'says nothing at all', answer: { type: 'stall_greeting' } },
      ...{ tries: ['1 retry first', '2 sent second'], reason: /^mail server could not be reached/ },
    },
    {
      ...{ name: 'says nothing after the dot', answer: { type: 'stall_after_data' } },
      ...{ tries: ['1 unknown first', '2 sent second'], reason: /did not confirm/ },
    },
    {
      ...{ name: 'hangs up after the dot', answer: { type: 'close_after_dot' } },
      ...{ tries: ['1 unknown first', '2 sent second'], reason: /did not confirm/ },
    },
  ])('goes by the second when the first $name', async ({ answer, tries, reason }) => {
    first.answerWith(answer);
    // A server that says nothing is waited for as long; the second one must answer meanwhile on any machine.
    config.dispatchTimeoutMs = answer.type.startsWith('stall') ? 3_000 : 15_000;
    const arrived = second.mails.length;
    const id = await send(2);
    expect(await triesOf(id)).toEqual(tries);
    expect(await reasonOf(id, 1)).toMatch(reason);
    expect(second.mails).toHaveLength(arrived + 1);
    const [mail] = second.mails.slice(-1);
    expect(mail?.headers.get('from')).toEqual(['Second <second@example.org>']);
    // What may have arrived by the first can be told as the same.
    expect(mail?.headers.get('message-id')?.[0]).toContain(id);
    expect(await rows.states([id])).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('goes nowhere when there is nobody of that address (550), which counts as bad from then on', async () => {
    first.answerWith({ type: 'refuse_recipient', code: 550 });
    const arrived = second.mails.length;
    const id = await send(1);
    expect(await triesOf(id)).toEqual(['1 reject first']);
    expect(await rows.states([id])).toMatchObject([{ state: 'dead', reason: 'rejected' }]);
    expect(second.mails).toHaveLength(arrived);
    expect(await rows.sql('select bad_reason from contact_points')).toEqual([
      { bad_reason: expect.stringMatching(/550 5[.]1[.]1/) },
    ]);
  });

  it('goes by the first again when that has recovered', async () => {
    first.answerWith({ type: 'refuse_data', code: 451 });
    await send(2);
    first.answerWith({ type: 'accept' });
    expect(await triesOf(await send(1))).toEqual(['1 sent first']);
  });

  it('waits for its schedule when neither takes it', async () => {
    first.answerWith({ type: 'refuse_data', code: 451 });
    second.answerWith({ type: 'refuse_data', code: 451 });
    const id = await send(2);
    expect(await triesOf(id)).toEqual(['1 retry first', '2 retry second']);
    expect(await rows.states([id])).toMatchObject([{ state: 'pending', reason: 'retry', attempts: 2 }]);
    second.answerWith({ type: 'accept' });
  });

  it('comes from its organization where its channel names nobody', async () => {
    await rows.sql(
      `update organizations set mail_from = 'Rows <rows@example.org>', mail_reply_to = 'desk@example.org'`,
    );
    first.answerWith({ type: 'accept' });
    await send(1);
    const [byFirst] = first.mails.slice(-1);
    expect(byFirst?.headers.get('from')).toEqual(['Rows <rows@example.org>']);
    expect(byFirst?.headers.get('reply-to')).toEqual(['desk@example.org']);
    first.answerWith({ type: 'refuse_data', code: 451 });
    await send(2);
    const [bySecond] = second.mails.slice(-1);
    expect(bySecond?.headers.get('from')).toEqual(['Second <second@example.org>']);
    expect(bySecond?.headers.get('reply-to')).toEqual(['desk@example.org']);
    await rows.sql('update organizations set mail_from = null, mail_reply_to = null');
  });

  /** Offers one mail, and waits until it was tried so often and rests. */
  async function send(tries: number): Promise<DeliveryId> {
    const [id] = (await rows.deliver(1, 'email')) as [DeliveryId];
    const contactPointId = newId();
    await rows.sql(
      `insert into contact_points (id, organization_id, user_id, kind, address) values ($1, $2, $3, 'email', $4)
       on conflict do nothing`,
      [contactPointId, rows.organizationId, rows.userId, address],
    );
    await rows.sql(
      'update deliveries set contact_point_id = (select id from contact_points limit 1) where id = $1',
      [id],
    );
    await runner.offer([id]);
    await pollUntil(async () => {
      const [row] = await rows.states([id]);
      return row?.attempts === tries && row.state !== 'sending';
    });
    return id;
  }

  async function triesOf(id: DeliveryId): Promise<string[]> {
    const found = await rows.sql(
      `select concat_ws(' ', a.number, a.outcome, c.name) as told
       from attempts a join channels c on c.id = a.channel_id where a.delivery_id = $1 order by a.number`,
      [id],
    );
    return found.map((row) => String(row['told']));
  }

  async function reasonOf(id: DeliveryId, number: number): Promise<string> {
    const [row] = await rows.sql('select reason from attempts where delivery_id = $1 and number = $2', [
      id,
      number,
    ]);
    return String(row?.['reason']);
  }
});
