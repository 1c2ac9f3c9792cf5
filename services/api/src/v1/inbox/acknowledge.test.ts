import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql, startStreamClient } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from '../../../test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let writer: InboxWriter;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  writer = createInboxWriter(api);
  member = await api.makeUser(await api.makeOrganization(), 'member');
});
afterAll(async () => {
  await writer.stop();
  await api.stop();
});

const acknowledge = (id: string, token = member.token) =>
  api.ask('POST', `/v1/inbox/${id}/acknowledge`, { token });

describe('acknowledging an item', () => {
  it('shows in the item, counts as read, and a repeat changes nothing', async () => {
    const id = await writer.place(member);
    const first = await acknowledge(id);
    expect(first).toMatchObject({ status: 200, body: { changed: 1, counts: { unread: 0, unseen: 0 } } });
    const { acknowledged_at: at } = first.body.item;
    expect(at).toEqual(expect.any(String));
    expect(first.body.item).toMatchObject({ read_at: at, seen_at: at });
    const again = await acknowledge(id);
    expect(again.body).toMatchObject({ changed: 0, item: { acknowledged_at: at } });
    expect((await api.ask('GET', `/v1/inbox/${id}`, { token: member.token })).body.acknowledged_at).toBe(at);
  });

  it('is told to open streams', async () => {
    const id = await writer.place(member);
    const client = await startStreamClient({ apis: [api.url], token: member.token, transport: 'sse' });
    try {
      await client.waitFor((one) => one.isOpen(), 10_000);
      await acknowledge(id);
      const told = () => client.frames.flatMap((frame) => (frame.type === 'changes' ? frame.changed : []));
      await client.waitFor(() => told().length > 0, 10_000);
      expect(told()).toEqual([expect.objectContaining({ id, acknowledged_at: expect.any(String) })]);
    } finally {
      await client.stop();
    }
  });

  it('cancels a delivery that waits, so that nothing more is sent', async () => {
    const id = await writer.place(member);
    await runSql(
      api.databaseUrl,
      `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, reason)
       values (gen_random_uuid(), $1, $2, $3, 'null', gen_random_uuid(), 'retry')`,
      [member.organizationId, id, member.id],
    );
    await acknowledge(id);
    const rows = await runSql(
      api.databaseUrl,
      'select state, reason from deliveries where notification_id = $1',
      [id],
    );
    expect(rows).toEqual([{ state: 'cancelled', reason: 'notification_read' }]);
  });

  it('can be done to several at once', async () => {
    const ids = [await writer.place(member), await writer.place(member)];
    const body = { ids, verb: 'acknowledge' };
    const answer = await api.ask('POST', '/v1/inbox/bulk', { token: member.token, body });
    expect(answer.body.changed).toBe(2);
  });

  it('is offered by a button that says so, wherever its texts come from', async () => {
    const admin = await api.makeUser(member.organizationId, 'admin');
    const actions = [{ label: 'I have it', url: '/incidents/7', type: 'acknowledge' as const }];
    const id = await writer.place(member, { actions });
    const item = await api.ask('GET', `/v1/inbox/${id}`, { token: member.token });
    expect(item.body.actions).toEqual(actions);
    const send = (action: object) => {
      const body = { to: [member.id], title: 'Disk full', actions: [action] };
      return api.ask('POST', '/v1/notifications', { token: admin.token, body });
    };
    expect((await send({ ...actions[0] })).status).toBe(202);
    const refused = await send({ ...actions[0], type: 'explode' });
    expect(refused.body.errors[0].pointer).toBe('/actions/0/type');
    const body = { key: 'page', name: 'Page' };
    await api.ask('POST', '/v1/templates', { token: admin.token, body });
    const version = { variants: [{ title: 'Disk full', actions }] };
    const made = await api.ask('POST', '/v1/templates/page/versions', { token: admin.token, body: version });
    expect(made.body.variants[0].actions).toEqual(actions);
  });

  it('is for its recipient alone, not even for an admin', async () => {
    const id = await writer.place(member);
    const admin = await api.makeUser(member.organizationId, 'admin');
    expect((await acknowledge(id, admin.token)).body.code).toBe('inbox.not_found');
    const item = await api.ask('GET', `/v1/inbox/${id}`, { token: member.token });
    expect(item.body.acknowledged_at).toBeNull();
  });
});
