import { createECDH, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adapters, catalogue } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { buildAdapterDeps, silentLog, startWebhookReceiver, type WebhookReceiver } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import { createGate } from './gate.ts';
import { createRecorder } from './recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from './runner.ts';

const newId = createNewId();

/** Real rows, the real adapter and a push service that knows one of two browsers. */
describe('a push service that no longer knows a browser', () => {
  let rows: DeliveryRows;
  let service: WebhookReceiver;
  let runner: DeliveryRunner;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    rows = await makeDeliveryRows();
    service = await startWebhookReceiver();
    service.answerWith(({ path }) => ({ type: 'status', status: path === '/send/ended' ? 410 : 201 }));
    const adapter = adapters.web_push(buildAdapterDeps());
    const renderPool = createRenderPool({ log: silentLog });
    const deps = makeWorkerDeps({ db: rows.connected.db, renderPool, adapter });
    const id = newId();
    const place = { organizationId: rows.organizationId, table: 'channels', rowId: id, column: 'secrets' };
    const secrets = JSON.stringify(catalogue.web_push.newSettings?.(randomBytes));
    await rows.sql(
      `insert into channels (id, organization_id, kind, name, secrets) values ($1, $2, 'web_push', 'Browsers', $3)`,
      [id, rows.organizationId, deps.sealer.seal(secrets, place)],
    );
    const shared = { gate: createGate(), recorder: createRecorder(deps) };
    runner = createDeliveryRunner(deps, catalogue.web_push, shared);
    stop = async () => {
      await runner.stop(1_000);
      await Promise.all([adapter.stop(), renderPool.stop(), service.stop()]);
      await rows.stop();
    };
  });
  afterAll(() => stop());

  it('takes it from the addresses of its person, and no other; what waited for it is not sent', async () => {
    const [ended, open, late] = (await rows.deliver(3, 'web_push')) as [DeliveryId, DeliveryId, DeliveryId];
    const gone = await addBrowser('ended');
    const known = await addBrowser('open');
    await sendTo(gone, [ended, late]);
    await sendTo(known, [open]);
    await runner.offer([ended, open]);
    await runner.offer([late]);
    expect(await rows.states([ended, open, late])).toMatchObject([
      { state: 'dead', reason: 'rejected' },
      { state: 'sent', reason: null },
      { state: 'suppressed', reason: 'contact_point_deleted' },
    ]);
    expect(await rows.sql('select id from contact_points')).toEqual([{ id: known }]);
    expect(service.arrivals.map(({ path }) => path).toSorted()).toEqual(['/send/ended', '/send/open']);
  });

  async function addBrowser(name: string): Promise<string> {
    const id = newId();
    const browser = createECDH('prime256v1');
    browser.generateKeys();
    const address = JSON.stringify({
      endpoint: `http://127.0.0.1:${service.port}/send/${name}`,
      keys: { p256dh: browser.getPublicKey('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' },
    });
    await rows.sql(
      `insert into contact_points (id, organization_id, user_id, kind, address) values ($1, $2, $3, 'web_push', $4)`,
      [id, rows.organizationId, rows.userId, address],
    );
    return id;
  }

  async function sendTo(contactPointId: string, ids: readonly DeliveryId[]): Promise<void> {
    await rows.sql('update deliveries set contact_point_id = $1 where id = any($2)', [contactPointId, ids]);
  }
});
