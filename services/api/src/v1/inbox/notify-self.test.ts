import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
});
afterAll(() => api.stop());

const notify = (token: string, body: unknown, headers = {}): Promise<Answer> =>
  api.ask('POST', '/v1/inbox', { token, body, headers });

describe('POST /v1/inbox', () => {
  it('stores a notification of the caller for the caller, as every other', async () => {
    const answer = await notify(member.token, {
      title: 'Build finished',
      body: '**12** minutes',
      url: '/b/1',
    });
    expect(answer.status).toBe(202);
    const { id, explain_url: explainUrl } = answer.body;
    expect(answer.headers['location']).toBe(`/v1/inbox/${id}`);
    const sent = await api.ask('GET', `/v1/notifications/${id}`, { token: admin.token });
    expect(sent.body).toMatchObject({
      ...{ title: 'Build finished', body: '**12** minutes', url: '/b/1', category: 'general' },
      ...{ recipient_id: member.id, sender_id: member.id, urgent: false },
    });
    expect(explainUrl).toBe(`/v1/inbox/${id}/explain`);
  });

  it('makes nothing twice with the same key, and says so when the first is gone', async () => {
    const headers = { 'Idempotency-Key': 'self-1' };
    const first = await notify(member.token, { title: 'Once' }, headers);
    const again = await notify(member.token, { title: 'Once' }, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    await runSql(api.databaseUrl, 'delete from notifications where id = $1', [first.body.id]);
    expect(await notify(member.token, { title: 'Once' }, headers)).toMatchObject({
      ...{ status: 404, body: { code: 'notification.not_found' } },
    });
  });

  it('refuses the 21st within a minute, and tells how long to wait', async () => {
    const answers = [];
    for (let count = 0; count < 21; count += 1) answers.push(await notify(admin.token, { title: 'Again' }));
    expect(answers.slice(0, 20).map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(answers[20]).toMatchObject({ status: 429, body: { code: 'rate.limited' } });
    expect(Number(answers[20]?.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([
    { name: 'urgency', body: { title: 'a', urgent: true } },
    { name: 'another recipient', body: { title: 'a', to: ['external:ada'] } },
    { name: 'no title', body: { body: 'a' } },
  ])('refuses $name', async ({ body }) => {
    expect(await notify(member.token, body)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid' },
    });
  });

  it('needs the scope `send`: the token of a bell may not send', async () => {
    const token = await api.makeToken(member, ['inbox', 'preferences']);
    expect(await notify(token, { title: 'a' })).toMatchObject({
      ...{ status: 403, body: { code: 'auth.scope_missing' } },
    });
  });
});
