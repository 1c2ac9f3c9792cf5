import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();
const dayMs = 24 * 60 * 60 * 1000;

let api: TestApi;
let admin: Actor;
let ada: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  ada = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'member');
  await runSql(
    api.databaseUrl,
    `insert into channels (id, organization_id, kind, name) values ($1, $3, 'email', 'Mail'), ($2, $3, 'null', 'Null')`,
    [newId(), newId(), organizationId],
  );
  await runSql(
    api.databaseUrl,
    `insert into contact_points (id, organization_id, user_id, kind, address) values ($1, $2, $3, 'email', 'a@example.org')`,
    [newId(), organizationId, ada.id],
  );
});
afterAll(() => api.stop());

const simulate = (body: object, token = admin.token): Promise<Answer> =>
  api.ask('POST', '/v1/simulations', { token, body: { to: [ada.id], title: 'Hello', ...body } });
const kinds = (answer: Answer) => answer.body.recipients[0].kinds;

/** Rows of every table that a create, its dispatch or its recipients could have touched. */
async function countRows(): Promise<unknown> {
  const tables = ['notifications', 'deliveries', 'users', 'idempotency_keys', 'contact_points', 'digests'];
  const known = await runSql(api.databaseUrl, `select tablename from pg_tables where tablename = any($1)`, [
    tables,
  ]);
  const counts: Record<string, unknown> = {};
  for (const { tablename } of known) {
    const [row] = await runSql(api.databaseUrl, `select count(*)::int as count from ${String(tablename)}`);
    counts[String(tablename)] = row?.['count'];
  }
  const [heads] = await runSql(
    api.databaseUrl,
    `select sum(next_number)::int as numbers from organization_numbers`,
  );
  return { ...counts, ...heads };
}

describe('POST /v1/simulations', () => {
  it("names the steps of the recipient's rules with their times, and writes nothing", async () => {
    const steps = [
      ...[{ type: 'notify_by_slack' }, { type: 'wait', wait_seconds: 300 }, { type: 'notify_by_email' }],
      ...[{ type: 'wait', wait_seconds: 60 }, { type: 'notify_by_email' }],
    ];
    const set = await api.ask('PUT', `/v1/users/${ada.id}/rules`, { token: admin.token, body: { steps } });
    expect(set.status).toBe(200);
    const before = await countRows();
    const answer = await simulate({ at: '2026-03-01T12:00:00Z' });
    await api.ask('PUT', `/v1/users/${ada.id}/rules`, { token: admin.token, body: { steps: [] } });
    expect(kinds(answer)).toMatchObject([
      { kind: 'inbox', decision: 'place' },
      { kind: 'email', decision: 'rules', code: 'rules_decide', deliveries: 0 },
      { kind: 'null', decision: 'rules', code: 'rules_decide', deliveries: 0 },
    ]);
    const [recipient] = answer.body.recipients;
    expect(recipient.rules.list).toBe('default');
    expect(
      recipient.rules.steps.map((one: { type: string; at: string }) => `${one.at.slice(11, 16)} ${one.type}`),
    ).toEqual([
      ...[
        '12:00 notify_by_slack',
        '12:00 wait',
        '12:05 notify_by_email',
        '12:05 wait',
        '12:06 notify_by_email',
      ],
    ]);
    expect(recipient.rules.steps[0]).toMatchObject({
      decision: 'suppress',
      code: 'channel_unavailable',
      deliveries: 0,
    });
    expect(recipient.rules.steps[2]).toMatchObject({ decision: 'send', code: null, deliveries: 1 });
    expect(await countRows()).toEqual(before);
  });

  it('says what would become of it now, with the messages, and writes nothing', async () => {
    const before = await countRows();
    const answer = await simulate({ body: 'It **works**.' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ paused: false, deduplicated: 0, rejected: [] });
    expect(answer.body.decided_at).toBe(answer.body.at);
    const message = { title: 'Hello', text: 'It works.', html: '<p>It <strong>works</strong>.</p>' };
    expect(answer.body.recipients).toMatchObject([{ recipient_id: ada.id, placed: true }]);
    expect(kinds(answer)).toMatchObject([
      { kind: 'inbox', decision: 'place', code: 'placed', deliveries: 0, message },
      { kind: 'email', decision: 'send', code: 'deliver_now', deliveries: 1, message },
      { kind: 'null', decision: 'send', code: 'deliver_now', deliveries: 1, message: null },
    ]);
    expect(await countRows()).toEqual(before);
  });

  it.each([
    { name: 'at night holds until morning', hour: '23:14', decision: 'hold', code: 'quiet_hours' },
    { name: 'by day sends at once', hour: '12:00', decision: 'send', code: 'deliver_now' },
  ])('$name, a day ahead and a day back', async ({ hour, decision, code }) => {
    const path = `/v1/users/${ada.id}/quiet-hours`;
    const hours = { start: '22:00', end: '07:00', zone: 'Europe/Berlin' };
    await api.ask('PUT', path, { token: admin.token, body: hours });
    for (const offsetMs of [-dayMs, dayMs]) {
      const date = new Date(Date.now() + offsetMs).toISOString().slice(0, 10);
      const answer = await simulate({ at: instantInBerlin(date, hour) });
      expect(kinds(answer)[1]).toMatchObject({
        ...{ kind: 'email', decision, code },
        quiet: { layer: 'user', local_time: `${date} ${hour}`, window: hours },
      });
    }
    await api.ask('DELETE', path, { token: admin.token });
  });

  it('decides at `send_at` where that is later', async () => {
    const sendAt = new Date(Date.now() + dayMs).toISOString();
    expect((await simulate({ send_at: sendAt })).body.decided_at).toBe(sendAt);
  });

  it('renders the published version of a template for each reader, and says why one cannot be', async () => {
    await api.ask('POST', '/v1/templates', {
      ...{ token: admin.token, body: { key: 'greeting', name: 'Greeting', category: 'greetings' } },
    });
    const unpublished = await simulate({ title: undefined, template: 'greeting', data: {} });
    expect(unpublished.body.code).toBe('template.unpublished');
    await addVersion('greeting', { title: 'Hi {{name}}', body: '{{name}}!' });
    const answer = await simulate({ title: undefined, template: 'greeting', data: { name: 'Ada' } });
    expect(kinds(answer)[1].message).toEqual({ title: 'Hi Ada', text: 'Ada!', html: '<p>Ada!</p>' });
    const empty = await simulate({ title: undefined, template: 'greeting', data: {} });
    expect(kinds(empty)[0]).toMatchObject({ detail: expect.stringContaining('name') });
    const unknown = await simulate({ title: undefined, template: 'nope', data: {} });
    expect(unknown.body.code).toBe('template.unknown');
  });

  it('tells what is paused', async () => {
    await api.ask('PUT', '/v1/paused', { token: admin.token, body: { channels: ['email'] } });
    const answer = await simulate({});
    await api.ask('PUT', '/v1/paused', { token: admin.token, body: { channels: [] } });
    expect(kinds(answer).map((one: { paused: boolean }) => one.paused)).toEqual([false, true, false]);
  });

  it.each([
    {
      name: 'an inline user',
      body: { to: [{ external_id: 'linus', name: 'Linus' }] },
      refusal: { status: 422, code: 'simulation.inline_user', errors: [{ pointer: '/to/0' }] },
    },
    {
      name: 'somebody unknown',
      body: { to: ['external:nobody'] },
      refusal: { status: 422, code: 'recipient.unknown', errors: [{ pointer: '/to/0' }] },
    },
    {
      name: 'more than 20 recipients',
      body: { to: Array.from({ length: 21 }, (_, index) => `external:u${index}`) },
      refusal: { code: 'request.invalid', errors: [{ pointer: '/to' }] },
    },
    {
      name: 'an instant more than a year away',
      body: { at: '2001-01-01T00:00:00Z' },
      refusal: { status: 422, code: 'simulation.at_out_of_range', errors: [{ pointer: '/at' }] },
    },
    {
      name: 'what had expired by then',
      body: {
        at: new Date(Date.now() + 2 * dayMs).toISOString(),
        expires_at: new Date(Date.now() + dayMs).toISOString(),
      },
      refusal: { status: 422, code: 'notification.expired', errors: [{ pointer: '/expires_at' }] },
    },
    {
      name: 'neither title nor template',
      body: { title: undefined },
      refusal: { code: 'request.invalid' },
    },
  ])('refuses $name, and writes nothing', async ({ body, refusal }) => {
    const before = await countRows();
    expect((await simulate(body)).body).toMatchObject(refusal);
    expect(await countRows()).toEqual(before);
  });

  it('knows the users of the own organization only', async () => {
    expect((await simulate({ to: [stranger.id] })).body.code).toBe('recipient.unknown');
    const some = await simulate({ to: [stranger.id, ada.id, ada.id], strict_recipients: false });
    expect(some.body).toMatchObject({ deduplicated: 1, rejected: [{ pointer: '/to/0' }] });
    expect(some.body.recipients).toHaveLength(1);
  });
});

/** Publishes one wording for every kind. */
async function addVersion(key: string, wording: { title: string; body: string }): Promise<void> {
  const body = { variants: [wording] };
  const made = await api.ask('POST', `/v1/templates/${key}/versions`, { token: admin.token, body });
  const path = `/v1/templates/${key}/versions/${made.body.version}/publish`;
  const published = await api.ask('POST', path, { token: admin.token, body: {} });
  expect([made.status, published.status]).toEqual([201, 200]);
}

/** The instant at which clocks in Berlin show this; dates near the change of the clocks are not used. */
function instantInBerlin(date: string, time: string): string {
  const summer = new Date(`${date}T${time}:00+02:00`);
  const shown = summer.toLocaleTimeString('en-GB', {
    timeZone: 'Europe/Berlin',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (shown === time ? summer : new Date(`${date}T${time}:00+01:00`)).toISOString();
}
