import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { setCoderStage, type CoderStage } from '../../../test/coder-stage.ts';
import type { Actor } from '../../../test/test-api.ts';

const base = '/api/v2/notifications/inbox';
const outOfMemory = 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a';
const outOfDisk = 'f047f6a3-5713-40f7-85aa-0394cce9fa3a';
const target = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

let stage: CoderStage;
let reader: Actor;

beforeAll(async () => {
  stage = await setCoderStage();
});
beforeEach(async () => {
  reader = await stage.makeUser('member');
});
afterAll(() => stage.stop());

async function list(query = '', { token }: Pick<Actor, 'token'> = reader) {
  const answer = await stage.ask('GET', `${base}${query}`, { token });
  expect(answer.status).toBe(200);
  const notifications = answer.body.notifications as Record<string, unknown>[];
  const ids = notifications.map((one) => String(one['id']));
  return { notifications, ids, unread: answer.body.unread_count as number };
}

/** Oldest first. */
async function fill(count: number, itemOf: (n: number) => object = () => ({})): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await stage.writer.place(reader, itemOf(n)));
  return ids;
}

const setRead = (id: string | undefined, isRead: boolean, { token } = reader) =>
  stage.ask('PUT', `${base}/${id}/read-status`, { token, body: { is_read: isRead } });

describe("Coder's list of an inbox", () => {
  it('has pages of 25 that begin with the newest, and counts all', async () => {
    const ids = (await fill(40)).toReversed();
    const first = await list();
    expect(first).toMatchObject({ ids: ids.slice(0, 25), unread: 40 });
    const second = await list(`?starting_before=${first.ids[24]}`);
    expect(second).toMatchObject({ ids: ids.slice(25), unread: 40 });
    expect((await list(`?starting_before=${second.ids[14]}`)).ids).toEqual([]);
  });

  it('loses nothing at the edge of a page where all came at the same moment', async () => {
    const ids = await fill(30);
    await runSql(
      stage.api.databaseUrl,
      `update notifications set inbox_at = '2026-01-01T00:00:00Z' where recipient_id = $1 returning 1`,
      [reader.id],
    );
    const first = await list();
    const second = await list(`?starting_before=${first.ids.at(-1)}`);
    expect([first.ids.length, second.ids.length]).toEqual([25, 5]);
    expect([...first.ids, ...second.ids].toSorted()).toEqual(ids.toSorted());
  });

  it.each([
    { name: 'a workspace', templateId: outOfMemory, icon: 'DEFAULT_ICON_WORKSPACE' },
    { name: 'an account', templateId: '4e19c0ac-94e1-4532-9515-d1801aa283b2', icon: 'DEFAULT_ICON_ACCOUNT' },
    { name: 'a template', templateId: '29a09665-2a4c-403f-9648-54301670e7be', icon: 'DEFAULT_ICON_TEMPLATE' },
    { name: 'a test', templateId: 'c425f63e-716a-4bf4-ae24-78348f706c3f', icon: 'DEFAULT_ICON_OTHER' },
    {
      name: 'what somebody wrote',
      templateId: '39b1e189-c857-4b0c-877a-511144c18516',
      icon: 'DEFAULT_ICON_OTHER',
    },
    { name: 'no template', templateId: undefined, icon: 'DEFAULT_ICON_OTHER' },
  ])('shows $name with $icon, and keeps an icon of its own', async ({ templateId, icon }) => {
    const about = templateId === undefined ? {} : { templateId };
    await fill(2, (n) => ({ ...about, ...(n === 1 && { icon: 'https://example.com/i.png' }) }));
    const { notifications } = await list();
    expect(notifications.map((one) => one['icon'])).toEqual(['https://example.com/i.png', icon]);
  });

  it('gives any of the templates and all of the targets, and both of both', async () => {
    const ids = await fill(10, (n) => ({
      templateId: n % 2 === 0 ? outOfMemory : outOfDisk,
      targets: n < 4 ? [target(1), target(2)] : [target(2)],
    }));
    const indexes = async (query: string) => {
      const found = await list(query);
      expect(found.unread).toBe(10);
      return found.ids.map((id) => ids.indexOf(id)).toReversed();
    };
    expect(await indexes(`?templates=${outOfMemory}`)).toEqual([0, 2, 4, 6, 8]);
    expect(await indexes(`?templates=${outOfMemory},${outOfDisk}`)).toHaveLength(10);
    expect(await indexes(`?targets=${target(1)}`)).toEqual([0, 1, 2, 3]);
    expect(await indexes(`?targets=${target(2)},${target(1)}`)).toEqual([0, 1, 2, 3]);
    expect(await indexes(`?targets=${target(1)},${target(3)}`)).toEqual([]);
    expect(await indexes(`?targets=${target(1)}&templates=${outOfMemory}`)).toEqual([0, 2]);
  });

  it('takes ids in every form that Go takes', async () => {
    const [id] = await fill(1, () => ({ targets: [target(1)] }));
    const forms = [target(1).toUpperCase(), `{${target(1)}}`, `urn:uuid:${target(1)}`];
    for (const form of forms) expect((await list(`?targets=${encodeURIComponent(form)}`)).ids).toEqual([id]);
    expect((await setRead(`{${id}}`, true)).body.notification.id).toBe(id);
  });

  it('shows users of two organizations with the same templates only what is theirs', async () => {
    await stage.writer.place(stage.stranger, {
      title: 'Theirs',
      templateId: outOfMemory,
      targets: [target(1)],
    });
    const [id] = await fill(1, () => ({ title: 'Ours', templateId: outOfMemory, targets: [target(1)] }));
    const query = `?templates=${outOfMemory}&targets=${target(1)}`;
    expect(await list(query)).toMatchObject({ ids: [id], unread: 1 });
    const { notifications } = await list(query, stage.stranger);
    expect(notifications.map((one) => one['title'])).toEqual(['Theirs']);
  });

  it('takes a token in the query beside its parameters, and logs it nowhere', async () => {
    const { token } = reader;
    const paths = [base, `${base}/watch`, `${base}/${target(1)}/read-status`, '/api/v2/nothing'];
    for (const name of ['coder_session_token', 'access_token']) {
      expect((await stage.ask('GET', `${base}?read_status=all&${name}=${token}`)).status).toBe(200);
      for (const path of paths) await stage.ask('GET', `${path}?x=1&${name}=${token}`);
    }
    const [first = '', secret = ''] = token.split('-');
    expect(stage.api.logged()).not.toContain(secret);
    expect(stage.api.logged()).not.toContain(first);
  });
});

describe("read marks by Coder's calls", () => {
  it('are put on the oldest of twenty and taken away', async () => {
    const [oldest] = await fill(20);
    const read = await setRead(oldest, true);
    expect(read.body).toMatchObject({ notification: { id: oldest }, unread_count: 19 });
    expect(Date.parse(read.body.notification.read_at)).not.toBeNaN();
    expect((await setRead(oldest, true)).body.unread_count).toBe(19);
    const unread = await setRead(oldest, false);
    expect(unread.body).toMatchObject({ notification: { id: oldest, read_at: null }, unread_count: 20 });
  });

  it('leave out nothing that is there, and touch nothing that comes later', async () => {
    await fill(20);
    const { token } = reader;
    expect(await stage.ask('PUT', `${base}/mark-all-as-read`, { token })).toMatchObject({ status: 204 });
    const all = await list();
    expect([all.ids.length, all.unread]).toEqual([20, 0]);
    const [later] = await fill(1);
    expect(await list('?read_status=unread')).toMatchObject({ ids: [later], unread: 1 });
  });

  it('leave the time as it was where everything is read again', async () => {
    const [id] = await fill(1);
    const { read_at: first } = (await setRead(id, true)).body.notification;
    await stage.ask('PUT', `${base}/mark-all-as-read`, { token: reader.token });
    expect((await list()).notifications[0]?.['read_at']).toBe(first);
  });

  it('are no way to what other people have', async () => {
    const [id] = await fill(1);
    for (const other of [stage.owner, stage.stranger]) {
      const { status, body } = await setRead(id, true, other);
      expect({ status, message: body.message }).toEqual({
        status: 404,
        message: 'Failed to update inbox notification read status.',
      });
    }
    expect((await list()).unread).toBe(1);
  });

  it('are the same in both APIs', async () => {
    const { api, owner, writer } = stage;
    const sent = await api.ask('POST', '/v1/notifications', {
      token: owner.token,
      body: { to: [reader.id], title: 'By our own call', body: 'Hello', targets: [target(4)] },
    });
    const { id } = sent.body.notifications[0];
    await writer.placeAccepted(reader, id);
    const shown = await list(`?targets=${target(4)}`);
    expect(shown).toMatchObject({ ids: [id], unread: 1 });
    expect(shown.notifications[0]).toMatchObject({ title: 'By our own call', content: 'Hello' });

    const { token } = reader;
    await api.ask('PUT', `/v1/inbox/${id}/read`, { token });
    const { notifications, unread } = await list();
    expect(unread).toBe(0);
    const item = async () => (await api.ask('GET', `/v1/inbox/${id}`, { token })).body;
    expect(notifications[0]?.['read_at']).toBe((await item()).read_at);
    await setRead(id, false);
    expect((await item()).read_at).toBeNull();
    await stage.ask('PUT', `${base}/mark-all-as-read`, { token });
    expect((await item()).read_at).not.toBeNull();
    await api.ask('PUT', `/v1/inbox/${id}/archived`, { token });
    expect(await list()).toMatchObject({ ids: [], unread: 0 });
  });
});
