import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adapters, catalogue, type Adapter } from '@carillon/channels';
import { perKind, type DeliveryId, type NotificationId } from '@carillon/core';
import { insertContactPoint } from '@carillon/db';
import { createNewId, createRenderPool, createSealer } from '@carillon/runtime';
import {
  buildAdapterDeps,
  pollUntil,
  silentLog,
  startWebhookReceiver,
  type WebhookReceiver,
} from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import type { WorkerDeps } from '../deps.ts';
import { dispatchNotifications } from '../jobs/dispatch.ts';
import { createGate } from './gate.ts';
import { createPolicyCache } from './policy-cache.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner } from './runner.ts';

const newId = createNewId();
const templateId = '281fdf73-c6d6-4cbb-8ff5-888baf8a2fff';
const target = '01890a5d-ac96-774b-bcce-b302099a8011';
const nilId = '00000000-0000-0000-0000-000000000000';
const sealer = createSealer({ key: randomBytes(32) });
const secret = `whsec_${randomBytes(32).toString('base64')}`;

/** Real rows, the real adapter and a real receiver; what would go to Redis is left out. */
describe('a webhook channel that posts as Coder does', () => {
  let rows: DeliveryRows;
  let deps: WorkerDeps;
  let receiver: WebhookReceiver;
  let webhook: Adapter;
  const channelId = newId();
  const renderPool = createRenderPool({ log: silentLog });

  beforeAll(async () => {
    rows = await makeDeliveryRows();
    await rows.sql(
      `update users set name = 'Ada Lovelace', username = 'ada', email = 'ada@example.org' where id = $1`,
      [rows.userId],
    );
    const place = {
      ...{ organizationId: rows.organizationId, table: 'channels', rowId: channelId, column: 'secrets' },
    };
    await rows.sql(
      `insert into channels (id, organization_id, kind, name, secrets) values ($1, $2, 'webhook', 'Coder', $3)`,
      [channelId, rows.organizationId, sealer.seal(JSON.stringify({ secret }), place)],
    );
    webhook = adapters.webhook(buildAdapterDeps());
    deps = makeDeps();
  });
  beforeEach(async () => {
    receiver = await startWebhookReceiver({ secret });
    await setFormat('coder');
  });
  afterEach(async () => {
    await rows.sql('delete from deliveries');
    await rows.sql(`delete from channels where kind = 'email'`);
    await receiver.stop();
  });
  afterAll(async () => {
    await Promise.all(Object.values(deps.runners).map((runner) => runner.stop(1_000)));
    await renderPool.stop();
    await rows.stop();
  });

  it('tells the recipient, the template, targets, labels and other data', async () => {
    await makeTemplate('Workspace {{labels.name}} created', 'By **{{labels.initiator}}**');
    const labels = { name: 'a__b__c', initiator: '[x](https://evil.example)' };
    const id = await dispatch({ template: true, data: { labels, attempt: 2 } });
    const delivery = await settledDelivery(id);
    expect(delivery).toMatchObject({ state: 'sent', attempts_made: 1 });
    expect(receiver.arrivals).toHaveLength(1);
    expect(receiver.arrivals[0]).toMatchObject({
      ...{ id: delivery['id'], verified: true, headers: { 'x-message-id': delivery['id'] } },
    });
    expect(body(0)).toEqual({
      _version: '1.1',
      msg_id: delivery['id'],
      payload: {
        _version: '1.1',
        notification_name: 'Workspace Created',
        notification_template_id: templateId,
        user_id: rows.userId,
        user_email: 'ada@example.org',
        user_name: 'Ada Lovelace',
        user_username: 'ada',
        actions: [],
        labels,
        data: { attempt: 2 },
        targets: [target],
      },
      title: 'Workspace a__b__c created',
      title_markdown: 'Workspace a\\_\\_b\\_\\_c created',
      body: 'By [x](https://evil.example)',
      body_markdown: 'By **\\[x\\](https\\://evil.example)**',
    });
  });

  it('tells what was sent without a template as it is in the inbox, and as plain text', async () => {
    await dispatch({ title: '# Build **7**', body: 'It _failed_.' });
    expect(body(0)).toMatchObject({
      ...{ title: 'Build 7', title_markdown: '# Build **7**' },
      ...{ body: 'It failed.', body_markdown: 'It _failed_.' },
      payload: { notification_name: 'general', notification_template_id: nilId, labels: {}, data: null },
    });
  });

  it('sends the same bytes again, although the recipient and the template were renamed meanwhile', async () => {
    await makeTemplate('Workspace created', '');
    receiver.answerWith({ type: 'status', status: 503 });
    const id = await dispatch({ template: true, data: { labels: { b: '1', a: '2' }, z: 1, y: 2 } });
    const delivery = await settledDelivery(id);
    await rows.sql(`update users set name = 'Countess' where id = $1`, [rows.userId]);
    await rows.sql(`update templates set name = 'Renamed' where id = $1`, [templateId]);
    receiver.answerWith({ type: 'status', status: 204 });
    await retry(delivery['id'] as DeliveryId);
    await rows.sql(`update users set name = 'Ada Lovelace' where id = $1`, [rows.userId]);
    expect((await settledDelivery(id))['state']).toBe('sent');
    expect(receiver.arrivals).toHaveLength(2);
    expect(receiver.arrivals[1]?.body).toBe(receiver.arrivals[0]?.body);
  });

  it('tells the recipient in a later try too, when its format was changed after the first', async () => {
    await setFormat('carillon');
    receiver.answerWith({ type: 'status', status: 503 });
    const delivery = await settledDelivery(await dispatch({ title: 'Hi' }));
    await setFormat('coder');
    await retry(delivery['id'] as DeliveryId);
    expect(body(0)).toMatchObject({ type: 'notification.created' });
    expect(body(1)).toMatchObject({ msg_id: delivery['id'], payload: { user_email: 'ada@example.org' } });
  });

  it('keeps details in the messages of no other channel', async () => {
    await makeOtherChannel();
    const id = await dispatch({ title: 'Hi' });
    await settledDelivery(id);
    expect(await detailed(id)).toEqual({ gotify: false, webhook: true });
    await setFormat('carillon');
    const plain = await dispatch({ title: 'Hi' });
    await settledDelivery(plain);
    expect(await detailed(plain)).toEqual({ gotify: false, webhook: false });
  });

  it('gets each of what was held by itself, however many', async () => {
    const ids = await rows.deliver(4, 'webhook');
    await rows.sql(
      `update deliveries set channel_id = $1, reason = 'digest', not_before = carillon_now() where id = any($2)`,
      [channelId, ids],
    );
    await deps.runners.webhook.offer(ids);
    expect((await rows.states(ids)).map(({ state }) => state)).toEqual(Array(4).fill('sent'));
    expect(receiver.arrivals.map((one) => String(one.headers['x-message-id'])).toSorted()).toEqual(
      ids.toSorted(),
    );
    expect(body(0)).toMatchObject({ title: 'Row', payload: { user_email: 'ada@example.org' } });
  });

  const body = (index: number) => JSON.parse(receiver.arrivals[index]?.body ?? '');

  async function setFormat(format: string): Promise<void> {
    const settings = JSON.stringify({ url: receiver.url, format });
    await rows.sql('update channels set settings = $2 where id = $1', [channelId, settings]);
  }

  async function dispatch(wish: {
    template?: boolean;
    title?: string;
    body?: string;
    data?: object;
  }): Promise<NotificationId> {
    const [id] = await rows.accept(1);
    await rows.sql(
      `update notifications set title = $2, body = $3, data = $4, targets = $5, template_id = $6,
         template_version = $7 where id = $1`,
      [
        ...[id, wish.title ?? '', wish.body ?? '', JSON.stringify(wish.data ?? {}), [target]],
        ...(wish.template ? [templateId, 1] : [null, null]),
      ],
    );
    const before = receiver.arrivals.length;
    await dispatchNotifications(deps, [id as NotificationId]);
    await receiver.waitFor(({ arrivals }) => arrivals.length > before, 10_000);
    return id as NotificationId;
  }

  /** The webhook's, when no send of this notification is under way any more. */
  async function settledDelivery(id: NotificationId): Promise<Record<string, unknown>> {
    let delivery: Record<string, unknown> = {};
    await pollUntil(async () => {
      const found = await rows.sql(
        'select id, kind, state, attempts_made from deliveries where notification_id = $1',
        [id],
      );
      delivery = found.find((row) => row['kind'] === 'webhook') ?? {};
      return found.every((row) => row['state'] !== 'sending');
    });
    return delivery;
  }

  async function retry(id: DeliveryId): Promise<void> {
    await rows.sql('update deliveries set not_before = carillon_now() where id = $1', [id]);
    await deps.runners.webhook.offer([id]);
  }

  async function detailed(id: NotificationId): Promise<Record<string, unknown>> {
    const found = await rows.sql(
      `select kind, message ? 'details' as detailed from deliveries where notification_id = $1 and kind <> 'null'`,
      [id],
    );
    return Object.fromEntries(found.map((row) => [row['kind'], row['detailed']]));
  }

  async function makeTemplate(title: string, text: string): Promise<void> {
    await rows.sql('delete from template_versions');
    await rows.sql('delete from templates');
    await rows.sql(
      `insert into templates (id, organization_id, key, name, published_version)
       values ($1, $2, 'workspace-created', 'Workspace Created', 1)`,
      [templateId, rows.organizationId],
    );
    const variant = { kind: '', locale: '', title, body: text, actions: [], url: null, icon: null };
    await rows.sql(
      `insert into template_versions (template_id, version, organization_id, variants, on_missing, published_at)
       values ($1, 1, $2, $3, 'empty', carillon_now())`,
      [templateId, rows.organizationId, JSON.stringify([variant])],
    );
  }

  async function makeOtherChannel(): Promise<void> {
    const id = newId() as Parameters<typeof insertContactPoint>[1]['id'];
    const point = { organizationId: rows.organizationId, userId: rows.userId, kind: 'gotify' } as const;
    await insertContactPoint(rows.connected.db, { id, ...point, address: 'AbCdEf123456', verified: true });
    await rows.sql(
      `insert into channels (id, organization_id, kind, name) values ($1, $2, 'gotify', 'Server')`,
      [...[newId(), rows.organizationId]],
    );
  }

  function makeDeps(): WorkerDeps {
    const other: Adapter = { send: async () => ({ outcome: 'sent' }), stop: async () => undefined };
    const base: Omit<WorkerDeps, 'runners' | 'policies'> = {
      ...makeWorkerDeps({ db: rows.connected.db, renderPool, adapter: other }),
      ...{ sealer, adapters: { ...perKind(() => other), webhook } },
      producer: { enqueueDeliver: async () => true } as unknown as WorkerDeps['producer'],
      publisher: { publish: async () => undefined } as unknown as WorkerDeps['publisher'],
    };
    const shared = { gate: createGate(), recorder: createRecorder(base) };
    const runners = perKind((kind) => createDeliveryRunner(base, catalogue[kind], shared));
    const policies = createPolicyCache(base);
    return { ...base, policies, runners };
  }
});
