import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());
beforeEach(async () => {
  member = await api.makeUser(admin.organizationId, 'member');
});

const path = (id = 'me', rule?: string) => `/v1/users/${id}/rules${rule === undefined ? '' : `/${rule}`}`;
const get = (actor = member, id = 'me') => api.ask('GET', path(id), { token: actor.token });
const put = (body: unknown, actor = member, id = 'me') =>
  api.ask('PUT', path(id), { token: actor.token, body });
const post = (body: unknown, headers = {}, actor = member) =>
  api.ask('POST', path(), { token: actor.token, body, headers });
const patch = (rule: string, body: unknown, actor = member, id = 'me') =>
  api.ask('PATCH', path(id, rule), { token: actor.token, body });

interface Shown {
  id: string;
  type: string;
  position: number;
}
const brief = (rules: Shown[]) => rules.map(({ type, position }) => [type, position]);

describe('both lists', () => {
  it('are empty at first, and are set one by one, as a whole', async () => {
    const none = { rules: [], repeat: null };
    expect((await get()).body).toEqual({ default: none, important: none });
    const repeat = { times: 3, every_seconds: 600 };
    await put({ important: true, steps: [{ type: 'notify_by_webhook' }], repeat });
    const steps = [
      { type: 'notify_by_email' },
      { type: 'wait', wait_seconds: 60 },
      { type: 'notify_by_sms' },
    ];
    const set = await put({ steps });
    expect(set.status).toBe(200);
    expect(brief(set.body.default.rules)).toEqual([
      ['notify_by_email', 0],
      ['wait', 1],
      ['notify_by_sms', 2],
    ]);
    expect(set.body.default.rules[1]).toMatchObject({ wait_seconds: 60, important: false, warning: null });
    expect(set.body.important).toMatchObject({
      rules: [{ type: 'notify_by_webhook', important: true }],
      repeat,
    });
    expect((await get()).body).toEqual(set.body);
  });

  it('do not change when they are written again', async () => {
    const body = { steps: [{ type: 'notify_by_email' }, { type: 'wait', wait_seconds: 86_400 }] };
    const first = await put(body);
    expect((await put(body)).text).toBe(first.text);
  });

  it.each([
    {
      name: 'a wait without a length',
      step: { type: 'wait' },
      detail: 'must be given for the type `wait`, from 60',
    },
    {
      name: 'a length without a wait',
      step: { type: 'notify_by_sms', wait_seconds: 60 },
      detail: 'must be left out',
    },
  ])('refuse $name, and keep what was there', async ({ step, detail }) => {
    const before = await put({
      steps: [{ type: 'notify_by_email' }],
      repeat: { times: 1, every_seconds: 60 },
    });
    const refused = await put({ steps: [{ type: 'notify_by_email' }, step] });
    expect(refused.body).toMatchObject({ status: 422, code: 'rule.wait_invalid' });
    expect(refused.body.errors).toEqual([
      { pointer: '/steps/1/wait_seconds', detail: expect.stringContaining(detail) },
    ]);
    expect((await get()).text).toBe(before.text);
  });

  it.each([
    {
      name: 'a wait below a minute',
      body: { steps: [{ type: 'wait', wait_seconds: 59 }] },
      at: '/steps/0/wait_seconds',
    },
    {
      name: 'a wait above a day',
      body: { steps: [{ type: 'wait', wait_seconds: 86_401 }] },
      at: '/steps/0/wait_seconds',
    },
    {
      name: 'a type that there is not',
      body: { steps: [{ type: 'notify_by_pigeon' }] },
      at: '/steps/0/type',
    },
    {
      name: 'an eleventh repeat',
      body: { steps: [], repeat: { times: 11, every_seconds: 60 } },
      at: '/repeat/times',
    },
    {
      name: 'a repeat each second',
      body: { steps: [], repeat: { times: 1, every_seconds: 1 } },
      at: '/repeat/every_seconds',
    },
    {
      name: 'a fifty-first step',
      body: { steps: Array(51).fill({ type: 'notify_by_email' }) },
      at: '/steps',
    },
  ])('refuse $name', async ({ body, at }) => {
    const refused = await put(body);
    expect(refused.body).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(refused.body.errors[0].pointer).toBe(at);
  });
});

describe('one rule', () => {
  it('is added at the end or in between, moved, changed and removed', async () => {
    const added = await post({ type: 'notify_by_email' });
    expect(added).toMatchObject({ status: 201, body: { position: 0, wait_seconds: null } });
    expect(added.headers['location']).toBe(`/v1/users/${member.id}/rules`);
    const wait = await post({ type: 'wait', wait_seconds: 300, position: 0 });
    await post({ type: 'notify_by_webhook' });
    expect((await patch(wait.body.id, { position: 1 })).body.position).toBe(1);
    const changed = await patch(wait.body.id, { type: 'notify_by_telegram' });
    expect(changed.body).toMatchObject({ type: 'notify_by_telegram', wait_seconds: null, position: 1 });
    const removed = await api.ask('DELETE', path('me', added.body.id), { token: member.token });
    expect(removed.status).toBe(204);
    expect(brief((await get()).body.default.rules)).toEqual([
      ['notify_by_telegram', 1],
      ['notify_by_webhook', 2],
    ]);
  });

  it('is added once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'a-rule' };
    const first = await post({ type: 'notify_by_email' }, headers);
    const again = await post({ type: 'notify_by_email' }, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await get()).body.default.rules).toHaveLength(1);
  });

  it('keeps the length of a wait, and needs one to become a wait', async () => {
    const { body: mail } = await post({ type: 'notify_by_email' });
    const { body: wait } = await post({ type: 'wait', wait_seconds: 300 });
    expect((await patch(wait.id, { type: 'wait' })).body.wait_seconds).toBe(300);
    expect((await patch(wait.id, { wait_seconds: 61 })).body.wait_seconds).toBe(61);
    expect((await patch(mail.id, { type: 'wait' })).body.errors[0].pointer).toBe('/wait_seconds');
    expect((await patch(mail.id, { wait_seconds: 300 })).body.code).toBe('rule.wait_invalid');
    expect((await patch(mail.id, {})).status).toBe(400);
  });

  it('tells why it would reach nobody, until it would', async () => {
    const { body: rule } = await post({ type: 'notify_by_email' });
    expect(rule.warning).toBe('channel_unavailable');
    const channel = { kind: 'email', name: 'Mail', settings: { from: 'a@example.com' } };
    await api.ask('POST', '/v1/channels', { token: admin.token, body: channel });
    const warnings = async () =>
      (await get()).body.default.rules.map((one: { warning: unknown }) => one.warning);
    expect(await warnings()).toEqual(['no_email']);
    const body = { kind: 'email', address: `${member.id}@example.com` };
    await api.ask('POST', '/v1/users/me/contact-points', { token: member.token, body });
    expect(await warnings()).toEqual([null]);
    expect((await post({ type: 'notify_by_mobile_app_critical' })).body.warning).toBe('channel_unavailable');
    // The channel is the whole target: nobody needs an address of it.
    const webhook = { kind: 'webhook', name: 'Hook', settings: { url: 'https://hooks.example.com/1' } };
    await api.ask('POST', '/v1/channels', { token: admin.token, body: webhook });
    expect((await post({ type: 'notify_by_webhook' })).body.warning).toBeNull();
  });

  it('is refused where it would push another beyond the greatest position, and nothing moves', async () => {
    await post({ type: 'notify_by_email', position: 2_147_483_647 });
    const refused = await post({ type: 'notify_by_email' });
    expect(refused.body).toMatchObject({ status: 422, code: 'rule.position_invalid' });
    expect(refused.body.errors[0].pointer).toBe('/position');
    expect((await get()).body.default.rules).toHaveLength(1);
  });

  it('is refused as the fifty-first', async () => {
    await put({ steps: Array(50).fill({ type: 'notify_by_email' }) });
    expect((await post({ type: 'notify_by_email' })).body.code).toBe('limit.reached');
    expect((await post({ type: 'notify_by_email', important: true })).status).toBe(201);
  });
});

describe('rules of others', () => {
  it('are for an admin of the organization to see and to set', async () => {
    const set = await put({ steps: [{ type: 'notify_by_email' }] }, admin, member.id);
    expect(set.status).toBe(200);
    expect((await get()).body).toEqual(set.body);
    const [rule] = set.body.default.rules;
    expect((await patch(rule.id, { type: 'notify_by_webhook' }, admin, member.id)).status).toBe(200);
    expect(api.logged()).toContain('"event":"rule.changed"');
  });

  it.each([
    { name: 'another member', who: () => api.makeUser(admin.organizationId, 'member') },
    { name: 'an admin of another organization', who: async () => stranger },
    {
      name: 'an admin with a token for preferences only',
      who: async () => ({ ...admin, token: await api.makeToken(admin, ['preferences']) }),
    },
  ])('are not for $name', async ({ who }) => {
    const other = await who();
    const { body: rule } = await post({ type: 'notify_by_email' });
    const answers = [
      await get(other, member.id),
      await put({ steps: [] }, other, member.id),
      await patch(rule.id, { position: 3 }, other, member.id),
      await api.ask('DELETE', path(member.id, rule.id), { token: other.token }),
    ];
    for (const answer of answers)
      expect(['user.not_found', 'auth.scope_missing']).toContain(answer.body.code);
    // Under one's own name the rule of somebody else is not found either.
    expect((await patch(rule.id, { position: 3 }, other)).body.code).toBe('rule.not_found');
    expect((await get()).body.default.rules).toEqual([rule]);
  });
});
