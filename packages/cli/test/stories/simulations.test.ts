import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  advanceDatabaseClock,
  pollUntil,
  startSmtpSink,
  type ServiceProcess,
  type SmtpSink,
} from '@carillon/testkit';
import { callApi, notify } from './calls.ts';
import { everyReason, histories, type Chapter, type Change, type Sending } from './history.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(300_000);

const seed = 20_260_301;
const numRuns = 16;
const minuteMs = 60_000;
/** Reasons that are met in any case: a property over nothing would prove nothing. */
const mustMeet = [
  ...['placed', 'deliver_now', 'quiet_hours', 'digest', 'muted', 'dropped_in_quiet_time', 'preference_off'],
  ...['template_preference_off', 'template_default_off', 'category_default_off', 'kind_not_requested'],
  ...['template_error', 'template_disabled', 'channel_unavailable', 'rules_decide'],
];

interface SimulatedRules {
  list: string;
  steps: Step[];
}
interface Step {
  type: string;
  decision: string;
  code: string | null;
  at: string;
  until: string | null;
}

interface SimulatedKind {
  kind: string;
  decision: string;
  until: string | null;
  deliveries: number;
  message: { title: string; text: string; html: string } | null;
}

/** Services may not import each other, so both are asked from outside: the API that is simulated, the worker that acts. */
describe('a simulation of an instant', () => {
  let stage: Stage;
  let sink: SmtpSink;
  let api: ServiceProcess;
  let mailChannel: string;
  const met = new Set<string>();
  let messagesCompared = 0;
  let stepsCompared = 0;

  beforeAll(async () => {
    [stage, sink] = await Promise.all([setStage({ people: 0 }), startSmtpSink()]);
    mailChannel = await stage.addChannel('email', {});
    await stage.addChannel('null', {});
    const mail = { SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' };
    [api] = await Promise.all([stage.startApi(), stage.startWorker(mail)]);
    await publish('build', 'builds', {
      on_missing: 'empty',
      variants: [
        {
          title: '{{user.locale}} build {{number}} of {{name}}',
          body: '**{{name}}** at {{datetime notification.created_at}}',
        },
        { locale: 'de', title: 'Bau {{number}}', body: '{{name}}' },
        { kind: 'email', title: 'Mail of build {{number}}', body: 'Only by mail: {{name}}' },
      ],
    });
    await publish('invoice', 'billing', {
      on_missing: 'refuse',
      variants: [{ title: 'Invoice {{number}}', body: 'For {{name}}' }],
    });
  });
  afterAll(async () => {
    await stage.stop();
    await sink.stop();
  });

  it(`is what happens then, whatever was changed before (seed ${seed})`, async () => {
    await fc.assert(
      // Each run has a reader of its own; what is the organization's goes on from run to run, so a
      // failure is not made smaller.
      fc.asyncProperty(histories, (history) => live(history)),
      { seed, numRuns, endOnFailure: true, examples: [[everyReason]] },
    );
    expect(mustMeet.filter((code) => !met.has(code))).toEqual([]);
    expect(messagesCompared).toBeGreaterThan(5);
    expect(stepsCompared).toBeGreaterThan(5);
  });

  async function live(history: readonly Chapter[]): Promise<void> {
    const reader = await stage.addPerson();
    await call('POST', `/v1/users/${reader.id}/contact-points`, {
      kind: 'email',
      address: 'reader@example.org',
    });
    for (const { changes, sending } of history) {
      for (const change of changes) await make(change, reader);
      await foretell(sending, reader);
    }
  }

  /** Simulates an instant that is still to come, lets it come, and compares. */
  async function foretell({ afterMinutes, body, isReminder }: Sending, reader: Person): Promise<void> {
    const now = await databaseNow();
    // Five seconds past a minute: what is stored of the local time is told to the minute.
    const at = Math.ceil((now + afterMinutes * minuteMs) / minuteMs) * minuteMs + 5_000;
    const create = {
      ...{ to: [reader.id], ...body },
      ...(isReminder && { sender_id: reader.id, send_at: new Date(at - minuteMs).toISOString() }),
    };
    const simulated = await call('POST', '/v1/simulations', { ...create, at: new Date(at).toISOString() });
    const { recipients, decided_at: decidedAt } = simulated.body as {
      recipients: [{ placed: boolean; kinds: SimulatedKind[]; rules: SimulatedRules | null }];
      decided_at: string;
    };
    const [{ placed, kinds, rules }] = recipients;
    await advanceDatabaseClock(stage.database, at - (await databaseNow()));
    const [id = ''] = await send(create);
    const happened = await pollUntil(() => loadDispatched(id), 60_000, 'the dispatch');
    expect({ placed, ...foretold(kinds) }).toEqual({
      ...{ placed: happened.placed, decisions: decisionsOf(happened.explained), held: happened.held },
    });
    compareRules(rules, decidedAt, happened.rules);
    const inbox = kinds.find((one) => one.kind === 'inbox');
    if (inbox?.message != null) expect(happened.title).toBe(inbox.message.title);
    for (const { kind, message } of happened.messages) {
      expect(message).toEqual(kinds.find((one) => one.kind === kind)?.message);
      messagesCompared += 1;
    }
    for (const { code } of happened.explained) met.add(String(code));
  }

  /** The steps of the first moment; those that follow depend on what happens meanwhile. */
  function compareRules(
    simulated: SimulatedRules | null,
    decidedAt: string,
    happened: { list: string; steps: string[] } | null,
  ): void {
    const steps = simulated?.steps.filter((step) => step.at === decidedAt).map(tellStep);
    expect(happened).toEqual(simulated && { list: simulated.list, steps });
    stepsCompared += steps?.length ?? 0;
  }

  /** What explain tells of the same: read from what the worker wrote down. */
  async function loadDispatched(id: string) {
    const [row] = await stage.sql(
      'select title, inbox_at is not null as placed from notifications where id = $1 and dispatched_at is not null',
      [id],
    );
    if (row === undefined) return undefined;
    const explained = await call('GET', `/v1/notifications/${id}/explain`);
    const rules = explained.body['rules'] as (SimulatedRules & { state: string }) | null;
    // The run begins right after the placement.
    if (rules !== null && rules.state === 'running' && rules.steps.length === 0) return undefined;
    const deliveries = await stage.sql(
      `select kind, message, case when reason in ('quiet_hours', 'muted', 'digest') then not_before end as until
       from deliveries where notification_id = $1 and step = 0 order by kind, id`,
      [id],
    );
    return {
      ...{ title: row['title'], placed: row['placed'] },
      explained: explained.body['kinds'] as Record<string, unknown>[],
      rules: rules && { list: rules.list, steps: rules.steps.map(tellStep) },
      held: deliveries.map(({ kind, until }) => heldText(kind, until)).toSorted(),
      messages: deliveries.flatMap(({ kind, message }) => {
        if (message === null) return [];
        const { title, text, html } = message as Record<string, unknown>;
        return [{ kind, message: { title, text, html } }];
      }),
    };
  }

  /** Waits begin when a worker comes to them; and that mails of rules are bundled is not foretold. */
  function tellStep({ type, decision, code, until }: Step): string {
    const shown = decision === 'hold' ? until : null;
    return [type, decision, code === 'bundled' ? null : code, shown]
      .filter((part) => part !== null)
      .join(' ');
  }

  function foretold(kinds: readonly SimulatedKind[]) {
    const held = kinds.flatMap((one) =>
      Array.from({ length: one.deliveries }, () => heldText(one.kind, one.until)),
    );
    return { decisions: decisionsOf(kinds), held: held.toSorted() };
  }

  function heldText(kind: unknown, until: unknown): string {
    return `${String(kind)} ${until === null ? 'now' : new Date(until as string | Date).toISOString()}`;
  }

  /** All that simulation and explanation both tell of a decision, sentence included. */
  function decisionsOf(kinds: readonly object[]): object[] {
    const names = ['kind', 'decision', 'code', 'sentence', 'preference', 'quiet', 'until', 'detail'];
    return kinds.map((one) =>
      Object.fromEntries(Object.entries(one).filter(([name]) => names.includes(name))),
    );
  }

  /** A change may be refused, as switching off what is mandatory; then nothing has changed. */
  async function make({ method, path, body, untilMinutes }: Change, reader: Person): Promise<void> {
    const until = untilMinutes !== undefined && {
      until: new Date((await databaseNow()) + untilMinutes * minuteMs).toISOString(),
    };
    const named = path.replace('{user}', reader.id).replace('{mail}', mailChannel);
    const answer = await callApi(api, stage.admin, method, named, {
      ...(body && { body: { ...body, ...until } }),
    });
    const isServed = answer.status < 500 && answer.status !== 400;
    expect({ isServed, answer: isServed ? undefined : { path, ...answer } }).toEqual({ isServed: true });
  }

  async function call(method: string, path: string, body?: object) {
    const answer = await callApi(api, stage.admin, method, path, { ...(body && { body }) });
    const isDone = answer.status < 300;
    expect({ isDone, answer: isDone ? undefined : { path, ...answer } }).toEqual({ isDone: true });
    return answer;
  }

  async function send(create: Record<string, unknown>): Promise<string[]> {
    return notify(api, stage.admin, 'template' in create ? { title: undefined, ...create } : create);
  }

  async function publish(key: string, category: string, version: object): Promise<void> {
    await call('POST', '/v1/templates', { key, name: key, category });
    const sample = { sample_data: { number: 1, name: 'Ada' } };
    const made = await call('POST', `/v1/templates/${key}/versions`, { ...sample, ...version });
    await call('POST', `/v1/templates/${key}/versions/${String(made.body['version'])}/publish`, {});
  }

  async function databaseNow(): Promise<number> {
    const [row] = await stage.sql('select extract(epoch from carillon_now())::float8 * 1000 as now');
    return Number(row?.['now']);
  }
});
