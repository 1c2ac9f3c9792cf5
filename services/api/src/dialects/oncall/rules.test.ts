import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setOncallStage, type OncallActor, type OncallStage } from '../../../test/oncall-stage.ts';
import type { OncallRule } from './translate.ts';

const base = '/api/v1/personal_notification_rules';
const ruleId = /^N[A-NP-Z1-9]{12}$/;
let stage: OncallStage;
/** A user without rules, for each test, and whoever else is theirs. */
let owner: OncallActor;

beforeAll(async () => {
  stage = await setOncallStage();
});
beforeEach(async () => {
  owner = await stage.makeUser();
});
afterAll(() => stage.stop());

type Fields = Record<string, unknown>;
const post = (fields: Fields = {}) =>
  stage.ask('POST', `${base}/`, {
    ...{ token: owner.token, body: { user_id: owner.oncallId, type: 'notify_by_email', ...fields } },
  });
const put = (id: string, body?: unknown) => stage.ask('PUT', `${base}/${id}/`, { token: owner.token, body });

async function add(fields: Fields = {}): Promise<OncallRule> {
  const { status, body } = await post(fields);
  expect([status, body]).toEqual([201, body]);
  return body;
}

async function list(important = false): Promise<OncallRule[]> {
  const path = `${base}?user_id=${owner.oncallId}&important=${String(important)}`;
  const { status, body } = await stage.ask('GET', path, { token: owner.token });
  expect(status).toBe(200);
  return body.results;
}

/** As `type@position`, without the words that all notifying types begin with. */
async function order(important = false): Promise<string[]> {
  const rules = await list(important);
  return rules.map(({ type, position }) => `${type.replace('notify_by_', '')}@${position}`);
}

describe('a rule', () => {
  it('has just the members that OnCall shows, with a duration only where it waits', async () => {
    const notifying = await add({ type: 'notify_by_sms', manual_order: true });
    expect(notifying).toEqual({
      ...{ id: expect.stringMatching(ruleId), user_id: owner.oncallId },
      ...{ position: 0, important: false, type: 'notify_by_sms' },
    });
    const waiting = await add({ type: 'wait', duration: 900, important: true });
    expect(waiting).toEqual({
      ...{ id: expect.stringMatching(ruleId), user_id: owner.oncallId },
      ...{ position: 0, duration: 900, important: true, type: 'wait' },
    });
    const read = await stage.ask('GET', `${base}/${waiting.id}/`, { token: owner.token });
    expect([read.status, read.body]).toEqual([200, waiting]);
  });

  it('waits five minutes if it is not told how long', async () => {
    expect(await add({ type: 'wait' })).toMatchObject({ duration: 300 });
  });

  it('that waits for a time which only /v1 can set is shown with all of its seconds', async () => {
    const steps = [{ type: 'wait', wait_seconds: 86_400 }];
    const path = `/v1/users/${owner.id}/rules`;
    const { status } = await stage.api.ask('PUT', path, { token: owner.token, body: { steps } });
    expect(status).toBe(200);
    expect(await list()).toMatchObject([{ type: 'wait', duration: 86_400 }]);
  });

  it('is gone after a DELETE, which says nothing, and is not found then', async () => {
    const { id } = await add();
    const path = `${base}/${id}/`;
    const gone = await stage.ask('DELETE', path, { token: owner.token });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const { status, body } = await stage.ask(method, path, { token: owner.token });
      expect([status, body]).toEqual([404, { detail: 'Not found.' }]);
    }
  });
});

describe('a change', () => {
  it('by PUT and by PATCH leaves what it does not name', async () => {
    const rule = await add({ type: 'wait', duration: 60, important: true });
    for (const method of ['PUT', 'PATCH']) {
      const { status, body } = await stage.ask(method, `${base}/${rule.id}/`, {
        token: owner.token,
        body: {},
      });
      expect([status, body]).toEqual([200, rule]);
    }
  });

  it('of a wait: a new length, five minutes where it says wait without one, none where it notifies', async () => {
    const { id } = await add({ type: 'wait', duration: 60 });
    expect((await put(id, { duration: 3600 })).body).toMatchObject({ type: 'wait', duration: 3600 });
    expect((await put(id, { type: 'wait' })).body).toMatchObject({ type: 'wait', duration: 300 });
    const notifying = (await put(id, { type: 'notify_by_slack' })).body;
    expect(notifying).toEqual({
      ...{ id, user_id: owner.oncallId, position: 0, important: false, type: 'notify_by_slack' },
    });
    const refused = await put(id, { duration: 60 });
    expect([refused.status, refused.body]).toEqual([400, { duration: "Duration can't be set" }]);
    expect((await put(id, { type: 'wait', duration: 1800 })).body).toMatchObject({ duration: 1800 });
  });

  it('cannot move a rule to another person or list, and does not complain of it', async () => {
    const rule = await add();
    const other = await stage.makeUser();
    const { status, body } = await put(rule.id, { user_id: other.oncallId, important: true });
    expect([status, body]).toEqual([200, rule]);
  });
});

describe('positions', () => {
  const three = async () => [
    await add({ type: 'notify_by_sms' }),
    await add({ type: 'notify_by_email' }),
    await add({ type: 'notify_by_slack' }),
  ];

  it('begin at 0 in each of the two lists, and go on behind the greatest', async () => {
    await add({ type: 'notify_by_sms' });
    await add({ type: 'notify_by_email', position: -1 });
    await add({ type: 'notify_by_slack', important: true });
    expect(await order()).toEqual(['sms@0', 'email@1']);
    expect(await order(true)).toEqual(['slack@0']);
  });

  it('beyond the end are kept as they are, as the acceptance test of the Terraform provider wants it', async () => {
    for (const manual_order of [true, false]) {
      expect(await add({ position: manual_order ? 1 : 7, manual_order })).toMatchObject({
        position: manual_order ? 1 : 7,
      });
    }
    expect(await add({ type: 'notify_by_sms' })).toMatchObject({ position: 8 });
  });

  it('of others make room for a rule that is made in their midst', async () => {
    await three();
    await add({ type: 'notify_by_telegram', position: 1 });
    expect(await order()).toEqual(['sms@0', 'telegram@1', 'email@2', 'slack@3']);
  });

  it('move rules up and down, and to the end', async () => {
    const [sms, , slack] = await three();
    await put(slack?.id ?? '', { position: 0 });
    expect(await order()).toEqual(['slack@0', 'sms@1', 'email@2']);
    await put(sms?.id ?? '', { position: 2 });
    expect(await order()).toEqual(['slack@0', 'email@1', 'sms@2']);
    await put(slack?.id ?? '', { position: -1 });
    expect((await order()).map((one) => one.split('@')[0])).toEqual(['email', 'sms', 'slack']);
  });

  it('are exchanged with manual_order', async () => {
    const [sms] = await three();
    await put(sms?.id ?? '', { position: 2, manual_order: true });
    expect(await order()).toEqual(['slack@0', 'email@1', 'sms@2']);
    await add({ type: 'notify_by_telegram', position: 0, manual_order: true });
    expect(await order()).toEqual(['telegram@0', 'email@1', 'sms@2', 'slack@3']);
  });

  it('leave a hole where a rule was deleted', async () => {
    const [, email, slack] = await three();
    await stage.ask('DELETE', `${base}/${email?.id}/`, { token: owner.token });
    expect(await order()).toEqual(['sms@0', 'slack@2']);
    await stage.ask('DELETE', `${base}/${slack?.id}/`, { token: owner.token });
    expect(await add({ type: 'notify_by_telegram' })).toMatchObject({ position: 1 });
  });
});

describe('a refusal', () => {
  it.each<{ name: string; fields: Fields; told: Fields }>([
    {
      name: 'a position that is none',
      fields: { position: -2 },
      told: { detail: 'Invalid value for position field' },
    },
    { name: 'another type', fields: { type: 'notify_by_fax' }, told: { type: 'Invalid type' } },
    {
      name: 'another wait',
      fields: { type: 'wait', duration: 61 },
      told: { duration: ['"61" is not a valid choice.'] },
    },
    { name: 'nobody', fields: { user_id: undefined }, told: { user_id: ['This field is required.'] } },
  ])('of $name stores nothing, in a create and in a change', async ({ fields, told }) => {
    const { id } = await add({ type: 'notify_by_sms' });
    const refused = await post(fields);
    expect([refused.status, refused.body]).toEqual([400, told]);
    const { user_id: _whose, ...change } = fields;
    const changed = await put(id, change);
    expect(changed.status).toBe(Object.keys(change).length === 0 ? 200 : 400);
    expect(await order()).toEqual(['sms@0']);
  });

  it('of a place for which the others could not make room moves none of them', async () => {
    await add({ type: 'notify_by_sms', position: 2_147_483_647 });
    const refused = await post({ type: 'notify_by_slack' });
    expect([refused.status, refused.body]).toEqual([400, { detail: 'Invalid value for position field' }]);
    expect(await order()).toEqual(['sms@2147483647']);
  });

  it('names an unknown user as OnCall does, for an admin', async () => {
    const { token } = stage.admin;
    const elsewhere = stage.stranger.oncallId;
    for (const user_id of ['U', 'UNKNOWN', '', elsewhere, 7]) {
      const made = await stage.ask('POST', base, { token, body: { user_id, type: 'wait' } });
      expect([made.status, made.body]).toEqual([400, { detail: 'User does not exist' }]);
      const read = await stage.ask('GET', `${base}?user_id=${user_id}`, { token });
      expect([read.status, read.body]).toEqual([400, { detail: 'User not found.' }]);
    }
  });

  it.each(['', '{"half', '[1]', '"x"', '{"type":"wa\\u0000it"}', '{"position":1,"type":"wait"}'])(
    'is a 400 for the body %s',
    async (body) => {
      expect((await stage.ask('POST', base, { token: owner.token, body })).status).toBe(400);
    },
  );
});

describe('who may', () => {
  it('set the rules of others: admins', async () => {
    const { token } = stage.admin;
    const made = await stage.ask('POST', `${base}/`, {
      ...{ token, body: { user_id: owner.oncallId, type: 'notify_by_sms', manual_order: true } },
    });
    expect(made.status).toBe(201);
    const path = `${base}/${made.body.id}/`;
    expect((await stage.ask('PUT', path, { token, body: { position: 3 } })).status).toBe(200);
    expect(await order()).toEqual(['sms@3']);
    expect((await stage.ask('DELETE', path, { token })).status).toBe(204);
  });

  it('see and set their own only: everybody else', async () => {
    const rule = await add();
    const { token } = await stage.makeUser();
    const asked = [
      stage.ask('GET', `${base}/${rule.id}/`, { token }),
      stage.ask('PUT', `${base}/${rule.id}/`, { token, body: { type: 'wait' } }),
      stage.ask('DELETE', `${base}/${rule.id}/`, { token }),
      stage.ask('GET', `${base}?user_id=${owner.oncallId}`, { token }),
      stage.ask('POST', base, { token, body: { user_id: owner.oncallId, type: 'wait' } }),
    ];
    for (const { status, body } of await Promise.all(asked)) {
      expect([status, body]).toEqual([403, { detail: 'You do not have permission to perform this action.' }]);
    }
    expect((await stage.ask('GET', base, { token })).body.results).toEqual([]);
    expect(await list()).toEqual([rule]);
  });

  it.each([
    { scopes: ['preferences'] as const, own: 201, others: 403 },
    { scopes: ['preferences', 'admin'] as const, own: 201, others: 201 },
    { scopes: ['inbox'] as const, own: 403, others: 403 },
  ])('with a token limited to $scopes', async ({ scopes, own, others }) => {
    const token = await stage.api.makeToken(stage.admin, [...scopes]);
    const make = async ({ oncallId: user_id }: OncallActor) =>
      (await stage.ask('POST', base, { token, body: { user_id, type: 'wait' } })).status;
    expect([await make(stage.admin), await make(owner)]).toEqual([own, others]);
  });

  it('not come in: operators without a user, and users that are programs', async () => {
    const operator = await stage.api.makeOperator();
    const { token: program } = await stage.api.makeUser(stage.organizationId, 'system');
    for (const token of [operator, program]) {
      const { status, body } = await stage.ask('GET', base, { token });
      expect([status, body]).toEqual([403, { detail: 'You do not have permission to perform this action.' }]);
    }
  });
});
