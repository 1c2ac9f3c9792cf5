import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let system: Actor;
let people: Actor[];

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  system = await api.makeUser(organizationId, 'system');
  people = [await api.makeUser(organizationId, 'member'), await api.makeUser(organizationId, 'member')];
});
afterAll(() => api.stop());

const ask = (method: 'GET' | 'POST', path: string, body?: unknown, headers = {}): Promise<Answer> =>
  api.ask(method, path, { token: system.token, body, headers });
const get = (path: string | undefined): Promise<Answer> => ask('GET', path ?? 'nowhere');

describe('the answer of a create', () => {
  it('links to what became of each notification, and why', async () => {
    const to = people.map((one) => one.id);
    const { body } = await ask('POST', '/v1/notifications', { to, title: 'Linked' });
    expect(body.notifications).toHaveLength(2);
    for (const one of body.notifications as Record<string, string>[]) {
      const explained = await get(one['explain_url']);
      expect(explained.status).toBe(200);
      expect(explained.body).toMatchObject({
        notification_id: one['id'],
        recipient_id: one['recipient_id'],
      });
    }
  });

  it('names where its first notification can be read', async () => {
    const created = await ask('POST', '/v1/notifications', { to: [people[1]?.id], title: 'Located' });
    const found = await get(created.headers['location']);
    expect(found.body).toMatchObject({ id: created.body.notifications[0].id, title: 'Located' });
  });

  it('has the same links when the call is repeated', async () => {
    const body = { to: people.map((one) => one.id), title: 'Twice' };
    const headers = { 'Idempotency-Key': 'links-1' };
    const first = await ask('POST', '/v1/notifications', body, headers);
    const again = await ask('POST', '/v1/notifications', body, headers);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.headers['location']).toBe(first.headers['location']);
  });

  it('still names the list of what it made when that is gone before a repeat', async () => {
    const body = { to: [people[0]?.id], title: 'Gone' };
    const headers = { 'Idempotency-Key': 'links-2' };
    const first = await ask('POST', '/v1/notifications', body, headers);
    await runSql(api.databaseUrl, 'delete from notifications where trigger_id = $1', [first.body.trigger_id]);
    const again = await ask('POST', '/v1/notifications', body, headers);
    expect(again.body).toEqual({ ...first.body, notifications: [] });
    const listed = await get(again.headers['location']);
    expect(listed).toMatchObject({ status: 200, body: { data: [] } });
  });

  it('links from each result of a batch that was accepted', async () => {
    const one = { to: [people[0]?.id], title: 'One of a batch' };
    const other = { to: ['external:nobody'], title: 'To nobody' };
    const { body } = await ask('POST', '/v1/notifications/batch', { notifications: [one, other] });
    const [accepted, refused] = body.results;
    const [made] = accepted.notifications;
    expect((await get(made.explain_url)).body.notification_id).toBe(made.id);
    expect(refused).not.toHaveProperty('notifications');
  });
});
