import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { catalogue, type Adapter, type Message } from '@carillon/channels';
import { externalKinds, type ExternalKind, type NotificationId } from '@carillon/core';
import { insertContactPoint } from '@carillon/db';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { pollUntil, silentLog } from '@carillon/testkit';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { makeWorkerDeps } from '../../test/worker-deps.ts';
import { createGate } from '../delivering/gate.ts';
import { createPolicyCache } from '../delivering/policy-cache.ts';
import { createRecorder } from '../delivering/recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from '../delivering/runner.ts';
import type { WorkerDeps } from '../deps.ts';
import { dispatchNotifications } from './dispatch.ts';

const newId = createNewId();

/** Real rows and the real plan; what would go to Redis is written down instead. */
describe('dispatching', () => {
  let rows: DeliveryRows;
  let deps: WorkerDeps;
  const sent: Message[] = [];
  const published: unknown[] = [];
  const renderPool = createRenderPool({ log: silentLog });

  beforeAll(async () => {
    rows = await makeDeliveryRows();
    const id = newId() as Parameters<typeof insertContactPoint>[1]['id'];
    const point = { organizationId: rows.organizationId, userId: rows.userId, kind: 'email' } as const;
    await insertContactPoint(rows.connected.db, { id, ...point, address: 'a@example.org', verified: true });
    await rows.sql(
      `insert into channels (id, organization_id, kind, name) values ($1, $2, 'email', 'Mail')`,
      [...[newId(), rows.organizationId]],
    );
    deps = makeDeps();
  });
  beforeEach(async () => {
    sent.length = 0;
    published.length = 0;
    await rows.sql('delete from preferences');
    await rows.sql('delete from quiet_hours');
    await raisePolicyVersion();
    await rows.sql(`update organizations set paused_kinds = '{}'`);
  });
  afterAll(async () => {
    await Promise.all(Object.values(deps.runners).map((runner) => runner.stop(1_000)));
    await renderPool.stop();
    await rows.stop();
  });

  it('places the item, sends at once and records it', async () => {
    const [id] = await dispatch(1);
    await settled();
    expect(await outcome(id)).toEqual({
      ...{
        placed: true,
        decisions: ['inbox place placed', 'email send deliver_now', 'null send deliver_now'],
      },
      deliveries: ['email sent null', 'null sent null'],
    });
    expect(sent.map((one) => one.title)).toEqual(['Row', '']);
    expect(published).toHaveLength(1);
  });

  it('suppresses a kind that the recipient switched off, and says which row did', async () => {
    const rowId = newId();
    await rows.sql(
      `insert into preferences (id, organization_id, user_id, kind, enabled) values ($1, $2, $3, 'email', false)`,
      [rowId, rows.organizationId, rows.userId],
    );
    await raisePolicyVersion();
    const [id] = await dispatch(1);
    await settled();
    expect(await outcome(id)).toMatchObject({ deliveries: ['null sent null'] });
    const [row] = await rows.sql('select decisions from notifications where id = $1', [id]);
    expect(row?.['decisions']).toContainEqual({
      ...{ kind: 'email', decision: 'suppress', code: 'preference_off' },
      because: { preference: { layer: 'preference', row_id: rowId } },
    });
  });

  it('holds what comes into quiet hours, and lets the item in at once', async () => {
    await rows.sql(
      `insert into quiet_hours (user_id, organization_id, window_start, window_end) values ($1, $2, '00:00', '23:59')`,
      [rows.userId, rows.organizationId],
    );
    await raisePolicyVersion();
    const [id] = await dispatch(1);
    expect(await outcome(id)).toMatchObject({
      ...{ placed: true, deliveries: ['email pending quiet_hours', 'null pending quiet_hours'] },
    });
    const [row] = await rows.sql(
      'select min(not_before) > carillon_now() as later from deliveries where notification_id = $1',
      [id],
    );
    expect(row).toEqual({ later: true });
    expect(sent).toEqual([]);
  });

  it('leaves the deliveries of a paused kind waiting, and sends the others', async () => {
    await rows.sql(`update organizations set paused_kinds = '{email}'`);
    const [id] = await dispatch(1);
    await settled();
    expect((await outcome(id)).deliveries).toEqual(['email pending paused', 'null sent null']);
  });

  it('leaves to a claim what goes through a channel with a rate, or whose target does not answer', async () => {
    const mail = (columns: string) => rows.sql(`update channels set ${columns} where kind = 'email'`);
    await mail(`rate = '{"per_second": 100, "burst": 10}'`);
    const [limited] = await dispatch(1);
    await sentOrWaiting(limited);
    expect((await outcome(limited)).deliveries).toEqual(['email sent null', 'null sent null']);
    await mail(`rate = null, opened_at = carillon_now(), probe_at = carillon_now() + interval '30 seconds'`);
    const [waiting] = await dispatch(1);
    await settled();
    expect((await outcome(waiting)).deliveries).toEqual(['email pending circuit_open', 'null sent null']);
    await mail(`probe_at = carillon_now()`);
    const [probe] = await dispatch(1);
    await sentOrWaiting(probe);
    expect((await outcome(probe)).deliveries).toEqual(['email sent null', 'null sent null']);
    const [row] = await rows.sql(`select opened_at from channels where kind = 'email'`);
    expect(row).toEqual({ opened_at: null });
  });

  it('renders a template in the language of the reader, for each kind its own', async () => {
    await rows.sql(`update users set locale = 'de-AT', name = 'Ada' where id = $1`, [rows.userId]);
    const template = await makeTemplate([
      { kind: '', locale: '', title: 'Order {{order.id}}', body: 'Hello {{user.name}}' },
      { kind: '', locale: 'de', title: 'Bestellung {{order.id}}', body: 'Hallo {{user.name}}' },
      {
        kind: 'email',
        locale: 'de',
        title: 'Ihre Bestellung {{order.id}}',
        body: 'Guten Tag, {{user.name}}',
      },
    ]);
    const [id] = await dispatch(1, template, { order: { id: 7 } });
    await settled();
    const [row] = await rows.sql('select title, body from notifications where id = $1', [id]);
    expect(row).toEqual({ title: 'Bestellung 7', body: 'Hallo Ada' });
    expect(sent.map((one) => one.title)).toContain('Ihre Bestellung 7');
  });

  it('suppresses only the row whose template fails, with its reason', async () => {
    const strict = await makeTemplate(
      [{ kind: '', locale: '', title: 'Order {{order.id}}', body: '' }],
      'refuse',
    );
    const good = await accept(1);
    const bad = await accept(1, strict, {});
    await dispatchNotifications(deps, [...good, ...bad]);
    await settled();
    expect((await outcome(good[0])).placed).toBe(true);
    expect(await outcome(bad[0])).toEqual({
      ...{ placed: false, deliveries: [] },
      decisions: ['inbox', 'email', 'null'].map((kind) => `${kind} suppress template_error`),
    });
    const [row] = await rows.sql('select decisions from notifications where id = $1', [bad[0]]);
    expect(JSON.stringify(row)).toContain('Data is missing: order.id');
  });

  it('sends nothing of a template that was switched off after it was accepted', async () => {
    const template = await makeTemplate([{ kind: '', locale: '', title: 'Hi', body: '' }]);
    const ids = await accept(1, template);
    await rows.sql('update templates set enabled = false where id = $1', [template]);
    await dispatchNotifications(deps, ids);
    expect((await outcome(ids[0])).decisions).toEqual(
      ['inbox', 'email', 'null'].map((kind) => `${kind} suppress template_disabled`),
    );
  });

  async function accept(count: number, templateId?: string, data = {}): Promise<NotificationId[]> {
    const ids = await rows.accept(count);
    if (templateId !== undefined) {
      await rows.sql(
        `update notifications set template_id = $2, template_version = 1, title = '', data = $3 where id = any($1)`,
        [ids, templateId, JSON.stringify(data)],
      );
    }
    return ids;
  }

  async function dispatch(count: number, templateId?: string, data = {}): Promise<NotificationId[]> {
    const ids = await accept(count, templateId, data);
    await dispatchNotifications(deps, ids);
    return ids;
  }

  /** A published template with these variants. */
  async function makeTemplate(
    variants: { kind: string; locale: string; title: string; body: string }[],
    onMissing = 'empty',
  ): Promise<string> {
    const id = newId();
    await rows.sql(
      `insert into templates (id, organization_id, key, name, published_version) values ($1, $2, $3, 'T', 1)`,
      [id, rows.organizationId, `t-${id}`],
    );
    const full = variants.map((one) => ({ ...one, actions: [], url: null, icon: null }));
    await rows.sql(
      `insert into template_versions (template_id, version, organization_id, variants, on_missing, published_at)
       values ($1, 1, $2, $3, $4, carillon_now())`,
      [id, rows.organizationId, JSON.stringify(full), onMissing],
    );
    return id;
  }

  async function outcome(id: NotificationId | undefined) {
    const [row] = await rows.sql('select decisions, inbox_at from notifications where id = $1', [id]);
    const deliveries = await rows.sql(
      'select kind, state, reason from deliveries where notification_id = $1 order by kind',
      [id],
    );
    const decisions = row?.['decisions'] as { kind: string; decision: string; code: string }[];
    return {
      placed: row?.['inbox_at'] !== null,
      decisions: decisions.map((one) => `${one.kind} ${one.decision} ${one.code}`),
      deliveries: deliveries.map((one) => [one['kind'], one['state'], one['reason'] ?? 'null'].join(' ')),
    };
  }

  /** Resolves when no send is under way. */
  /** What goes by a claim is pending before it. */
  async function sentOrWaiting(id: NotificationId | undefined): Promise<void> {
    await pollUntil(async () =>
      (await outcome(id)).deliveries.every((one) => !/(sending|pending) null/.test(one)),
    );
  }

  async function settled(): Promise<void> {
    for (;;) {
      const [row] = await rows.sql(`select count(*)::int as busy from deliveries where state = 'sending'`);
      if (row?.['busy'] === 0) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** As whoever changes a policy does in the same transaction. */
  async function raisePolicyVersion(): Promise<void> {
    await rows.sql('update inbox_state set policy_version = policy_version + 1');
  }

  function makeDeps(): WorkerDeps {
    const adapter: Adapter = {
      async send({ message }) {
        sent.push(message);
        return { outcome: 'sent' };
      },
      stop: async () => undefined,
    };
    const base: Omit<WorkerDeps, 'runners' | 'policies'> = {
      ...makeWorkerDeps({ db: rows.connected.db, renderPool, adapter }),
      producer: { enqueueDeliver: async () => true } as unknown as WorkerDeps['producer'],
      publisher: {
        publish: async (heads: unknown) => published.push(heads) > 0,
      } as unknown as WorkerDeps['publisher'],
    };
    const shared = { gate: createGate(), recorder: createRecorder(base) };
    const runners = externalKinds.map((kind): [ExternalKind, DeliveryRunner] => [
      ...([kind, createDeliveryRunner(base, catalogue[kind], shared)] as const),
    ]);
    const policies = createPolicyCache(base);
    return { ...base, policies, runners: Object.fromEntries(runners) as WorkerDeps['runners'] };
  }
});
