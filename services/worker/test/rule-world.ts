import { catalogue, type Adapter, type SendResult } from '@carillon/channels';
import {
  externalKinds,
  perKind,
  type ExternalKind,
  type NotificationId,
  type RuleId,
  type RuleType,
} from '@carillon/core';
import { clearQuietHours, insertContactPoint, setQuietHours } from '@carillon/db';
import { replaceRules, type RuleRepeat } from '@carillon/db/rules';
import { createNewId, createRenderPool } from '@carillon/runtime';
import { advanceDatabaseClock, pollUntil, silentLog } from '@carillon/testkit';
import { createGate } from '../src/delivering/gate.ts';
import { createPolicyCache } from '../src/delivering/policy-cache.ts';
import { createRecorder } from '../src/delivering/recorder.ts';
import { createDeliveryRunner, type DeliveryRunner } from '../src/delivering/runner.ts';
import type { WorkerDeps } from '../src/deps.ts';
import { dispatchNotifications } from '../src/jobs/dispatch.ts';
import { advanceDueRuns } from '../src/sweeps/rules.ts';
import { makeDeliveryRows, type DeliveryRows } from './delivery-rows.ts';
import { makeWorkerDeps } from './worker-deps.ts';

/** A step in short: `300` waits so many seconds, anything else notifies by that. */
export type ShortStep = number | 'email' | 'webhook' | 'slack';

/** Somebody with an e-mail address, in an organization with channels for e-mail and webhook, and a worker. */
export interface RuleWorld {
  rows: DeliveryRows;
  deps: WorkerDeps;
  /** Kind and title of what was sent, in order. */
  sent: string[];
  /** What every adapter answers from now on. */
  answerWith(result: SendResult | (() => Promise<SendResult>)): void;
  setRules(
    steps: readonly ShortStep[],
    options?: { important?: boolean; repeat?: RuleRepeat },
  ): Promise<void>;
  /** Accepts and dispatches one notification with these columns. */
  tell(columns?: Record<string, unknown>): Promise<NotificationId>;
  /** Quiet hours from an hour ago for so many minutes; undefined removes them. As the API writes them. */
  quietFor(minutes: number | undefined): Promise<void>;
  /** Moves the clock of the database, then goes by as the sweep does. */
  pass(minutes: number): Promise<void>;
  sweep(): Promise<void>;
  /** `state reason`, then each step as `decision type code`. */
  story(id: NotificationId): Promise<string[]>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const newId = createNewId();

export async function makeRuleWorld(): Promise<RuleWorld> {
  const rows = await makeDeliveryRows();
  const { organizationId, userId, sql } = rows;
  const { db } = rows.connected;
  const renderPool = createRenderPool({ log: silentLog });
  const sent: string[] = [];
  let answer: () => Promise<SendResult> = async () => ({ outcome: 'sent' });
  const id = newId() as Parameters<typeof insertContactPoint>[1]['id'];
  await insertContactPoint(db, {
    ...{ id, organizationId, userId, kind: 'email', address: 'a@example.org', verified: true },
  });
  for (const kind of ['email', 'webhook']) {
    await sql('insert into channels (id, organization_id, kind, name) values ($1, $2, $3, $3)', [
      ...[newId(), organizationId, kind],
    ]);
  }
  const adapterOf = (kind: ExternalKind): Adapter => ({
    async send({ message }) {
      const result = await answer();
      if (result.outcome === 'sent') sent.push(`${kind} ${message.title}`);
      return result;
    },
    stop: async () => undefined,
  });
  const base: Omit<WorkerDeps, 'runners' | 'policies'> = {
    ...makeWorkerDeps({ db, renderPool, adapter: adapterOf('null') }),
    adapters: perKind(adapterOf),
    producer: { enqueueDeliver: async () => true } as unknown as WorkerDeps['producer'],
    publisher: { publish: async () => undefined } as unknown as WorkerDeps['publisher'],
  };
  const shared = { gate: createGate(), recorder: createRecorder(base) };
  const runners = externalKinds.map((kind): [ExternalKind, DeliveryRunner] => [
    ...([kind, createDeliveryRunner(base, catalogue[kind], shared)] as const),
  ]);
  const deps: WorkerDeps = {
    ...{ ...base, policies: createPolicyCache(base) },
    runners: Object.fromEntries(runners) as WorkerDeps['runners'],
  };
  const settled = async () => {
    await pollUntil(async () => {
      const [row] = await sql(`select count(*)::int as busy from deliveries
        where state = 'sending' or (state = 'pending' and not_before <= carillon_now() and reason is null)`);
      return row?.['busy'] === 0;
    }, 10_000);
  };
  const sweep = async () => {
    await advanceDueRuns(deps, new AbortController().signal);
    await settled();
  };

  return {
    ...{ rows, deps, sent, settled, sweep },
    answerWith(result) {
      answer = typeof result === 'function' ? result : async () => result;
    },
    async setRules(steps, { important = false, repeat } = {}) {
      const wished = steps.map((step) => ({
        id: newId() as RuleId,
        type: (typeof step === 'number' ? 'wait' : `notify_by_${step}`) as RuleType,
        waitSeconds: typeof step === 'number' ? step : null,
      }));
      await db.transaction().execute(async (transaction) => {
        const list = { organizationId, userId, important };
        await replaceRules(transaction, list, { steps: wished, repeat: repeat ?? null });
      });
    },
    async tell(columns = {}) {
      const [notificationId] = await rows.accept(1);
      if (notificationId === undefined) throw new Error('nothing was accepted');
      for (const [name, value] of Object.entries(columns)) {
        await sql(`update notifications set ${name} = $2 where id = $1`, [notificationId, value]);
      }
      await dispatchNotifications(deps, [notificationId]);
      await settled();
      return notificationId;
    },
    async quietFor(minutes) {
      const owner = { organizationId, userId };
      if (minutes === undefined) return db.transaction().execute((one) => clearQuietHours(one, owner));
      const [wall] = await sql(
        `select to_char(t - interval '1 hour', 'HH24:MI') as start,
           to_char(t + $1 * interval '1 minute', 'HH24:MI') as end from (select carillon_now() at time zone 'UTC') n(t)`,
        [minutes],
      );
      const window = { start: String(wall?.['start']), end: String(wall?.['end']), zone: 'UTC', days: null };
      await db.transaction().execute((one) => setQuietHours(one, owner, { ...window, urgentPasses: true }));
    },
    async pass(minutes) {
      await advanceDatabaseClock(rows.database, minutes * 60_000);
      await sweep();
    },
    async story(notificationId) {
      const [run] = await sql(
        `select concat_ws(' ', state, reason) as told from rule_runs where notification_id = $1`,
        [notificationId],
      );
      const steps = await sql(
        `select concat_ws(' ', decision, type, code) as told from rule_steps where notification_id = $1 order by sequence`,
        [notificationId],
      );
      return [run, ...steps].flatMap((row) => (row === undefined ? [] : [String(row['told'])]));
    },
    async stop() {
      await Promise.all(Object.values(deps.runners).map((runner) => runner.stop(1_000)));
      await renderPool.stop();
      await rows.stop();
    },
  };
}
