import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimChannelTests, recordChannelTest } from '@carillon/db';
import { createNewId } from '@carillon/runtime';
import { pollUntil, runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();

let api: TestApi;
let admin: Actor;
let ada: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi({ CARILLON_DELIVERY: 'capture' });
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  ada = await api.makeUser(organizationId, 'member');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object, token = admin.token) =>
  api.ask(method, path, { token, ...(body !== undefined && { body }) });

async function makeChannel(kind = 'null'): Promise<string> {
  const { body } = await ask('POST', '/v1/channels', { kind, name: 'Ops' });
  return body.id;
}

/** A message that a worker kept back so many seconds ago. */
async function capture(fields: { kind?: string; recipient?: Actor; secondsAgo?: number }): Promise<string> {
  const { kind = 'email', recipient = ada, secondsAgo = 0 } = fields;
  const id = newId();
  await runSql(
    api.databaseUrl,
    `insert into captured (id, organization_id, kind, channel_id, notification_id, recipient_id, address, settings,
       message, captured_at)
     values ($1, $2, $3, $1, $4, $5, 'ada@example.org', '{"from": "a@example.org"}', $6,
       carillon_now() - $7 * interval '1 second')`,
    [
      ...[id, recipient.organizationId, kind, newId(), recipient.id],
      ...[JSON.stringify({ title: 'T', text: 't', html: '<p>t</p>', notification: { id } }), secondsAgo],
    ],
  );
  return id;
}

const idsOf = ({ body }: Answer): string[] => body.data.map((one: { id: string }) => one.id);

describe('GET /v1/captured', () => {
  it('lists what was kept back, the latest first, page by page, and nothing of another organization', async () => {
    const ids = [await capture({ secondsAgo: 30 }), await capture({ secondsAgo: 20 }), await capture({})];
    await capture({ recipient: stranger });
    const first = await ask('GET', '/v1/captured?limit=2');
    expect(idsOf(first)).toEqual([ids[2], ids[1]]);
    const second = await ask('GET', `/v1/captured?limit=2&cursor=${first.body.next_cursor}`);
    expect(idsOf(second)).toEqual([ids[0]]);
    const back = await ask('GET', `/v1/captured?limit=2&cursor=${second.body.prev_cursor}`);
    expect(idsOf(back)).toEqual(idsOf(first));
    expect(first.body.data[0]).toMatchObject({
      ...{ kind: 'email', recipient_id: ada.id, channel_name: null, address: 'ada@example.org' },
      ...{ settings: { from: 'a@example.org' }, message: { title: 'T', text: 't', html: '<p>t</p>' } },
    });
    expect(first.headers['cache-control']).toBe('no-store');
  });

  it('filters by kind, recipient and notification', async () => {
    const id = await capture({ kind: 'sms', recipient: admin });
    const listed = await ask('GET', '/v1/captured?kind=sms');
    expect(idsOf(listed)).toEqual([id]);
    expect(idsOf(await ask('GET', `/v1/captured?recipient_id=${admin.id}`))).toEqual([id]);
    const { notification_id: notificationId } = listed.body.data[0];
    expect(idsOf(await ask('GET', `/v1/captured?notification_id=${notificationId}`))).toEqual([id]);
    expect(idsOf(await ask('GET', `/v1/captured?notification_id=${newId()}`))).toEqual([]);
  });

  it('is for admins, and refuses a kind that does not exist', async () => {
    expect((await ask('GET', '/v1/captured', undefined, ada.token)).status).toBe(403);
    const refused = await ask('GET', '/v1/captured?kind=pigeon');
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/query/kind']);
  });
});

describe('an installation on trial', () => {
  it('says so in its health, its channels, explanations and simulations', async () => {
    const create = { to: [ada.id], title: 'Hello' };
    const { body: created } = await ask('POST', '/v1/notifications', create);
    const answers = await Promise.all([
      ask('GET', '/healthz'),
      ask('GET', '/v1/channels'),
      ask('GET', `/v1/notifications/${created.notifications[0].id}/explain`),
      ask('POST', '/v1/simulations', create),
    ]);
    expect(answers.map(({ body }) => body.delivery_mode)).toEqual(Array(4).fill('capture'));
  });

  it('tells of a test that it was captured', async () => {
    const id = await makeChannel();
    const [answer] = await Promise.all([
      ask('POST', `/v1/channels/${id}/test`, {}),
      pollUntil(async () => {
        const [test] = await claimChannelTests(api.database.db, 1);
        if (test === undefined) return false;
        const outcome = { outcome: 'captured', reason: null, statusCode: null } as const;
        await recordChannelTest(api.database.db, test.id, outcome);
        return true;
      }),
    ]);
    expect([answer.status, answer.body]).toEqual([
      200,
      { outcome: 'captured', reason: null, status_code: null },
    ]);
  });
});

describe('pausing', () => {
  it('holds a channel, twice is once, and simulations say so', async () => {
    const id = await makeChannel();
    const paused = await ask('POST', `/v1/channels/${id}/pause`);
    expect(paused.body.paused_at).toEqual(expect.any(String));
    expect((await ask('POST', `/v1/channels/${id}/pause`)).body).toEqual(paused.body);
    expect((await ask('GET', `/v1/channels/${id}`)).body).toEqual(paused.body);
    for (const one of (await ask('GET', '/v1/channels')).body.data) {
      if (one.id !== id && one.kind === 'null') await ask('DELETE', `/v1/channels/${one.id}`);
    }
    const simulated = await ask('POST', '/v1/simulations', { to: [ada.id], title: 'Hello' });
    const shown = simulated.body.recipients[0].kinds.map(
      (one: { kind: string; paused: boolean }) => `${one.kind} ${one.paused}`,
    );
    expect([simulated.body.paused, shown]).toEqual([false, ['inbox false', 'null true']]);
    expect((await ask('POST', `/v1/channels/${id}/resume`)).body.paused_at).toBeNull();
    expect((await ask('POST', `/v1/channels/${id}/resume`)).status).toBe(200);
  });

  it('holds a template by its key or id, and what waits for it says so', async () => {
    const { body: made } = await ask('POST', '/v1/templates', { key: 'held', name: 'Held' });
    await ask('POST', '/v1/templates/held/versions', { variants: [{ title: 'Held' }] });
    await ask('POST', '/v1/templates/held/versions/1/publish');
    const paused = await ask('POST', '/v1/templates/held/pause');
    expect(paused.body).toMatchObject({ id: made.id, paused_at: expect.any(String) });
    expect((await ask('POST', `/v1/templates/${made.id}/pause`)).body).toEqual(paused.body);
    const create = { to: [ada.id], template: 'held' };
    const { body: created } = await ask('POST', '/v1/notifications', create);
    const explained = await ask('GET', `/v1/notifications/${created.notifications[0].id}/explain`);
    expect(explained.body.waits_for).toMatchObject([
      { reason: 'paused', sentence: 'It waits, because its template is paused.' },
    ]);
    expect((await ask('POST', '/v1/simulations', create)).body.paused).toBe(true);
    expect((await ask('POST', '/v1/templates/held/resume')).body.paused_at).toBeNull();
    expect((await ask('POST', '/v1/simulations', create)).body.paused).toBe(false);
  });

  it('finds nothing of another organization', async () => {
    const id = await makeChannel();
    const answers = await Promise.all(
      ['pause', 'resume'].flatMap((verb) => [
        ask('POST', `/v1/channels/${id}/${verb}`, undefined, stranger.token),
        ask('POST', `/v1/templates/held/${verb}`, undefined, stranger.token),
      ]),
    );
    expect(answers.map(({ body }) => body.code)).toEqual([
      ...['channel.not_found', 'template.not_found', 'channel.not_found', 'template.not_found'],
    ]);
  });
});
