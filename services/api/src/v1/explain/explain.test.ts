import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();
const window = { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5, 6, 7] };
const rowId = newId();
const decisions = [
  { kind: 'inbox', decision: 'place', code: 'placed', because: { detail: 'Data is missing: secret.name' } },
  {
    ...{ kind: 'email', decision: 'hold', code: 'quiet_hours' },
    because: {
      quiet: { layer: 'preference', row_id: rowId, window, local_time: '2026-03-01 23:14', mode: 'hold' },
      until: '2026-03-02T06:00:37.000Z',
    },
  },
];

let api: TestApi;
let admin: Actor;
let system: Actor;
let reader: Actor;
let other: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  system = await api.makeUser(organizationId, 'system');
  reader = await api.makeUser(organizationId, 'member');
  other = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

async function create(body: object = {}): Promise<string> {
  const answer = await api.ask('POST', '/v1/notifications', {
    ...{ token: admin.token, body: { to: [reader.id], title: 'Explained', ...body } },
  });
  return answer.body.notifications[0].id;
}

const tried = newId();

/** As a worker would have left it: placed, and one delivery that is held and was tried. */
async function dispatch(id: string): Promise<string> {
  await runSql(
    api.databaseUrl,
    `update notifications set dispatched_at = carillon_now(), inbox_at = carillon_now(), placed_sequence = 1,
       changed_sequence = 1, inbox_reason = 'placed', decisions = $2 where id = $1`,
    [id, JSON.stringify(decisions)],
  );
  const deliveryId = newId();
  await runSql(
    api.databaseUrl,
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, contact_point_id,
       state, reason, attempts_made, provider_id, not_before)
     values ($1, $2, $3, $4, 'email', $5, $6, 'dead', 'rejected', 1, 'provider-7', carillon_now())`,
    [deliveryId, reader.organizationId, id, reader.id, newId(), newId()],
  );
  await runSql(
    api.databaseUrl,
    `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code, provider_id,
       channel_id)
     values ($1, 1, $2, carillon_now(), 'reject', '550 no such mailbox', 550, 'provider-7', $3)`,
    [deliveryId, reader.organizationId, tried],
  );
  return deliveryId;
}

const sent = (id: string, token = admin.token): Promise<Answer> =>
  api.ask('GET', `/v1/notifications/${id}/explain`, { token });
const own = (id: string, token = reader.token): Promise<Answer> =>
  api.ask('GET', `/v1/inbox/${id}/explain`, { token });

describe('GET /v1/notifications/{id}/explain', () => {
  it('tells admins and systems the decision, its winner, and each try with its answer', async () => {
    const id = await create();
    const deliveryId = await dispatch(id);
    const { body } = await sent(id, system.token);
    expect(body).toMatchObject({ notification_id: id, recipient_id: reader.id, zone: 'UTC', waits_for: [] });
    expect(body.life.map((one: { event: string }) => one.event)).toEqual([
      'accepted',
      'dispatched',
      'placed',
    ]);
    expect(body.kinds).toMatchObject([
      {
        ...{ kind: 'inbox', decision: 'place', code: 'placed', detail: 'Data is missing: secret.name' },
        sentence: "Inbox: placed in the recipient's inbox. Data is missing: secret.name.",
      },
      {
        ...{ kind: 'email', decision: 'hold', code: 'quiet_hours', until: '2026-03-02T06:00:37.000Z' },
        quiet: {
          ...{ layer: 'preference', preference_id: rowId, window, local_time: '2026-03-01 23:14' },
          mode: 'hold',
        },
        deliveries: [
          {
            ...{ id: deliveryId, state: 'dead', reason: 'rejected' },
            sentence: 'E-mail: not delivered, because the other side refused it for good.',
            attempts: [
              {
                number: 1,
                outcome: 'reject',
                status_code: 550,
                reason: '550 no such mailbox',
                channel_id: tried,
              },
            ],
          },
        ],
      },
    ]);
  });

  it("tells each step of the recipient's rules, and what comes next and when", async () => {
    const rules = [
      { type: 'notify_by_email' },
      { type: 'wait', wait_seconds: 600 },
      { type: 'notify_by_webhook' },
    ];
    const path = `/v1/users/${reader.id}/rules`;
    const set = await api.ask('PUT', path, { token: admin.token, body: { steps: rules } });
    const id = await create();
    await dispatch(id);
    await runSql(
      api.databaseUrl,
      `insert into rule_runs (notification_id, organization_id, user_id, list, urgent, sequence, rule_id, cursor_position,
         next_at) values ($1, $2, $3, 'default', false, 2, $4, 1, '2026-03-01T23:24:00Z')`,
      [id, reader.organizationId, reader.id, set.body.default.rules[1].id],
    );
    await runSql(
      api.databaseUrl,
      `insert into rule_steps (notification_id, sequence, organization_id, type, decision, at, until) values
         ($1, 1, $2, 'notify_by_email', 'send', '2026-03-01T23:14:00Z', null),
         ($1, 2, $2, 'wait', 'wait', '2026-03-01T23:14:00Z', '2026-03-01T23:24:00Z')`,
      [id, reader.organizationId],
    );
    const { body } = await sent(id);
    expect(body.rules).toMatchObject({
      ...{ list: 'default', state: 'running', reason: null },
      sentence: "The recipient's default rules are running.",
      steps: [
        { sequence: 1, type: 'notify_by_email', decision: 'send', at: '2026-03-01T23:14:00.000Z' },
        { sequence: 2, type: 'wait', decision: 'wait', until: '2026-03-01T23:24:00.000Z' },
      ],
      next: { type: 'notify_by_webhook', at: '2026-03-01T23:24:00.000Z' },
    });
    expect((await own(id)).body.rules.sentence).toBe('Your default rules are running.');
    await api.ask('PUT', path, { token: admin.token, body: { steps: [] } });
  });

  it('says before the dispatch what is waited for', async () => {
    const id = await create({ send_at: '2027-01-01T09:00:00Z' });
    await api.ask('PUT', '/v1/paused', { token: admin.token, body: { paused: true } });
    const { body } = await sent(id);
    await api.ask('PUT', '/v1/paused', { token: admin.token, body: { paused: false } });
    expect(body.kinds).toEqual([]);
    expect(body.waits_for).toEqual([
      { reason: 'paused', until: null, sentence: 'It waits, because the organization is paused.' },
      {
        ...{ reason: 'scheduled', until: '2027-01-01T09:00:00.000Z' },
        sentence: expect.stringMatching(/^It waits until 09:00 on 1 January( 2027)? \(UTC\)/),
      },
    ]);
  });

  it('is not for another organization, and is 404 for what does not exist', async () => {
    const id = await create();
    expect((await sent(id, stranger.token)).body.code).toBe('notification.not_found');
    expect((await sent(newId())).body.code).toBe('notification.not_found');
  });
});

describe('GET /v1/inbox/{id}/explain', () => {
  it('tells the recipient the same without channels, addresses, and the words of providers', async () => {
    const id = await create();
    await dispatch(id);
    const answer = await own(id);
    expect(answer.body.kinds).toMatchObject([
      { kind: 'inbox', sentence: 'Inbox: placed in your inbox.' },
      {
        ...{ kind: 'email', code: 'quiet_hours', quiet: { preference_id: rowId, window } },
        sentence: expect.stringContaining('by the quiet hours 22:00–07:00 of one of your preferences'),
        deliveries: [{ state: 'dead', reason: 'rejected', attempts_made: 1 }],
      },
    ]);
    for (const secret of [
      'mailbox',
      '"status_code"',
      '550 no',
      'provider',
      'channel_id',
      'contact_point',
      'secret.name',
    ]) {
      expect(answer.text).not.toContain(secret);
    }
  });

  it('is for the own inbox only, of an admin too, and only for what is in it', async () => {
    const id = await create();
    expect((await own(id)).body.code).toBe('inbox.not_found');
    await dispatch(id);
    for (const token of [other.token, admin.token, stranger.token]) {
      expect((await own(id, token)).body.code).toBe('inbox.not_found');
    }
    await api.ask('DELETE', `/v1/inbox/${id}`, { token: reader.token });
    expect((await own(id)).body.code).toBe('inbox.not_found');
    const { body } = await sent(id);
    expect(body.life.at(-1).event).toBe('deleted');
    expect(body.kinds).toMatchObject([{ kind: 'email', decision: null, code: null }]);
  });
});
