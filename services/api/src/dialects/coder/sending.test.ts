import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import type { TokenScope } from '@carillon/core';
import { setCoderStage, type CoderAnswer, type CoderStage } from '../../../test/coder-stage.ts';
import type { Actor } from '../../../test/test-api.ts';

const base = '/api/v2/notifications';
const custom = '39b1e189-c857-4b0c-877a-511144c18516';
const failed = 'Failed to send custom notification';

let stage: CoderStage;
let sender: Actor;

beforeAll(async () => {
  stage = await setCoderStage();
});
beforeEach(async () => {
  sender = await stage.makeUser('member');
});
afterAll(() => stage.stop());

const send = (
  { token }: Pick<Actor, 'token'> = sender,
  message = 'The pizza is here.',
): Promise<CoderAnswer> =>
  stage.ask('POST', `${base}/custom`, { token, body: { content: { title: 'Lunch', message } } });
const prefer = (isDisabled: boolean): Promise<CoderAnswer> =>
  stage.ask('PUT', '/api/v2/users/me/notifications/preferences', {
    ...{ token: sender.token, body: { template_disabled_map: { [custom]: isDisabled } } },
  });
const told = ({ status, body }: CoderAnswer) => ({ status, ...body });

async function accepted(to: Actor = sender): Promise<Record<string, unknown>[]> {
  return runSql(
    stage.api.databaseUrl,
    'select template_id, sender_id, data from notifications where recipient_id = $1 order by id',
    [to.id],
  );
}

describe('what somebody sends to themselves', () => {
  it('is one notification with both texts, from the one who wrote it', async () => {
    expect(await send()).toMatchObject({ status: 204, body: undefined });
    expect(await accepted()).toEqual([
      {
        ...{ template_id: custom, sender_id: sender.id },
        data: { labels: { custom_title: 'Lunch', custom_message: 'The pizza is here.' } },
      },
    ]);
  });

  it('is refused a second time within its minute, however it comes, and for that user only', async () => {
    const other = await stage.makeUser('member');
    const minute = () => new Date().toISOString().slice(0, 16);
    // A pair that a new minute fell between proves nothing.
    let pair: CoderAnswer[] = [];
    for (let begun = ''; begun !== minute();) {
      sender = await stage.makeUser('member');
      begun = minute();
      pair = await Promise.all([send(), send()]);
    }
    expect(pair.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 409]);
    const refused = pair.find(({ status }) => status === 409);
    expect(refused?.body).toEqual({ message: failed, detail: 'duplicate notification' });
    expect((await send(sender, 'Another text')).status).toBe(204);
    expect((await send(other)).status).toBe(204);
    expect([(await accepted()).length, (await accepted(other)).length]).toEqual([2, 1]);
  });

  it('is refused while they switched it off, and goes again as soon as they want it', async () => {
    await prefer(true);
    expect(told(await send())).toEqual({
      status: 409,
      message: failed,
      detail: 'notification is not enabled',
    });
    expect(await accepted()).toEqual([]);
    await prefer(false);
    expect((await send()).status).toBe(204);
  });

  it('is refused where its template is off unless wanted, until they want it', async () => {
    const { api, stranger } = stage;
    const change = (fields: object) =>
      api.ask('PATCH', `/v1/templates/${custom}`, { token: stranger.token, body: fields });
    sender = stranger;
    expect((await change({ default_enabled: false })).status).toBe(200);
    const listed = await stage.ask('GET', `${base}/templates/custom`, { token: stranger.token });
    expect(listed.body).toMatchObject([{ id: custom, enabled_by_default: false }]);
    expect((await send()).status).toBe(409);
    await prefer(false);
    expect((await send()).status).toBe(204);
    await change({ enabled: false });
    expect(told(await send(sender, 'Off for all'))).toMatchObject({
      status: 409,
      detail: 'notification is not enabled',
    });
  });

  it('is none of systems', async () => {
    sender = await stage.makeUser('system');
    expect(told(await send())).toEqual({
      ...{ status: 403, message: 'Forbidden', detail: 'System users cannot send custom notifications.' },
    });
    expect(await accepted()).toEqual([]);
  });

  it('is not sent by halves', async () => {
    for (const content of [{ title: 'Lunch' }, { message: 'Pizza' }, { title: '', message: '' }, null]) {
      const answer = await stage.ask('POST', `${base}/custom`, { token: sender.token, body: { content } });
      expect(told(answer)).toMatchObject({ status: 400, message: 'Invalid request body' });
    }
    expect(await accepted()).toEqual([]);
  });
});

describe('a test notification', () => {
  it('comes to the owner who asks for it, as often as asked', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect((await stage.ask('POST', `${base}/test`, { token: stage.owner.token })).status).toBe(204);
    }
    const tests = (await accepted(stage.owner)).map((row) => row['template_id']);
    expect(tests).toEqual(Array(2).fill('c425f63e-716a-4bf4-ae24-78348f706c3f'));
  });

  it('comes to nobody else', async () => {
    const answer = await stage.ask('POST', `${base}/test`, { token: sender.token });
    expect(told(answer)).toMatchObject({ status: 403, message: 'Forbidden.' });
    expect(await accepted()).toEqual([]);
  });
});

describe('the method that is used where a template names none', () => {
  it("is the organization's", async () => {
    const { api, stranger } = stage;
    const token = await api.makeOperator();
    const path = `/v1/organizations/${stranger.organizationId}`;
    await api.ask('PATCH', path, { token, body: { default_method: 'webhook' } });
    const { body } = await stage.ask('GET', `${base}/dispatch-methods`, { token: stranger.token });
    expect(body).toEqual({ available: ['smtp', 'webhook'], default: 'webhook' });
    const other = await stage.ask('GET', `${base}/dispatch-methods`, { token: sender.token });
    expect(other.body.default).toBe('smtp');
  });
});

describe('a token that may not everything', () => {
  it.each<{ name: string; scopes: TokenScope[]; method: string; path: string; body?: unknown }>([
    { name: 'send', scopes: ['inbox'], method: 'POST', path: `${base}/test` },
    { name: 'read the inbox', scopes: ['send'], method: 'GET', path: `${base}/inbox` },
    {
      ...{ name: 'pause', scopes: ['inbox', 'send', 'preferences'], method: 'PUT', path: `${base}/settings` },
      body: { notifier_paused: true },
    },
    {
      ...{ name: 'change preferences', scopes: ['inbox'], method: 'PUT' },
      ...{ path: '/api/v2/users/me/notifications/preferences', body: { template_disabled_map: {} } },
    },
  ])('does not $name', async ({ scopes, method, path, body }) => {
    const token = await stage.api.makeToken(stage.owner, scopes);
    const answer = await stage.ask(method, path, { token, body });
    expect(told(answer)).toMatchObject({ status: 403, message: 'Forbidden.' });
  });
});
