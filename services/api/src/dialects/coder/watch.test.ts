import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy, testRedisUrl, type FaultProxy } from '@carillon/testkit';
import { setCoderStage, WatchRefused, type CoderStage, type Watch } from '../../../test/coder-stage.ts';
import type { Actor } from '../../../test/test-api.ts';

const outOfMemory = 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a';
const outOfDisk = 'f047f6a3-5713-40f7-85aa-0394cce9fa3a';
const one = '00000000-0000-4000-8000-000000000001';
const two = '00000000-0000-4000-8000-000000000002';

let stage: CoderStage;
/** Between the API and Redis. */
let redis: FaultProxy;
let reader: Actor;
const open: Watch[] = [];

beforeAll(async () => {
  redis = await startFaultProxy({ port: Number(new URL(testRedisUrl()).port) });
  stage = await setCoderStage({ REDIS_URL: redis.through(testRedisUrl()) });
});
beforeEach(async () => {
  reader = await stage.makeUser('member');
});
afterAll(async () => {
  for (const watch of open) watch.drop();
  await stage.stop();
  await redis.stop();
});

async function watchInbox(query = '', { token } = reader): Promise<Watch> {
  const watch = await stage.watch(query, { 'coder-session-token': token });
  open.push(watch);
  return watch;
}

const told = (frames: Watch['frames']) =>
  frames.map(({ notification, unread_count: unread }) => `${notification.title} ${unread}`);

describe("Coder's watch", () => {
  it('tells what enters the inbox, whole and with the count, and nothing of before', async () => {
    await stage.writer.place(reader, { title: 'Before' });
    const watch = await watchInbox();
    const id = await stage.writer.place(reader, {
      ...{ title: 'Full', body: 'The **disk** & more', templateId: outOfDisk, targets: [one] },
      actions: [{ label: 'Open', url: 'https://example.com/' }],
    });
    const [frame] = await watch.told(1);
    expect(frame).toEqual({
      notification: {
        ...{ id, user_id: reader.id, template_id: outOfDisk, targets: [one], title: 'Full' },
        ...{ content: 'The **disk** & more', icon: 'DEFAULT_ICON_WORKSPACE', read_at: null },
        actions: [{ label: 'Open', url: 'https://example.com/' }],
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      unread_count: 2,
    });
    expect(watch.texts[0]).toContain('\\u0026 more');
  });

  it('loses nothing that comes between its opening and the first look into the inbox', async () => {
    redis.blackHole();
    const watch = await watchInbox();
    await stage.writer.place(reader, { title: 'Early' });
    redis.heal();
    expect(told(await watch.told(1))).toEqual(['Early 1']);
  });

  it('tells each of several at once in the order of the list', async () => {
    const watch = await watchInbox();
    const titles = ['A', 'B', 'C', 'D', 'E'];
    for (const title of titles) await stage.writer.place(reader, { title });
    expect((await watch.told(5)).map((frame) => frame.notification.title)).toEqual(titles);
    expect(watch.frames.at(-1)?.unread_count).toBe(5);
  });

  it('shows Markdown as the text that it stands for where it is asked to', async () => {
    const [plain, other] = [await watchInbox('?format=plaintext'), await watchInbox('?format=html')];
    await stage.writer.place(reader, { title: '# Title', body: 'This is __bold__ and *so*.' });
    const [text] = await plain.told(1);
    expect(text?.notification).toMatchObject({ title: 'Title', content: 'This is bold and so.' });
    const [markdown] = await other.told(1);
    expect(markdown?.notification).toMatchObject({ title: '# Title', content: 'This is __bold__ and *so*.' });
  });

  it('leaves out other templates, and counts them', async () => {
    const watch = await watchInbox(`?templates=${outOfMemory}`);
    await stage.writer.place(reader, { title: 'Memory', templateId: outOfMemory });
    await stage.writer.place(reader, { title: 'Disk', templateId: outOfDisk });
    await stage.writer.place(reader, { title: 'Again', templateId: outOfMemory });
    expect((await watch.told(2)).map((frame) => frame.notification.title)).toEqual(['Memory', 'Again']);
    expect(watch.frames[1]?.unread_count).toBe(3);
  });

  it('leaves out what lacks one of its targets', async () => {
    const watch = await watchInbox(`?targets=${one},${two}`);
    await stage.writer.place(reader, { title: 'Both', targets: [two, one] });
    await stage.writer.place(reader, { title: 'Half', targets: [one] });
    await stage.writer.place(reader, { title: 'More', targets: [one, two, outOfDisk] });
    expect((await watch.told(2)).map((frame) => frame.notification.title)).toEqual(['Both', 'More']);
    expect(watch.frames[1]?.unread_count).toBe(3);
  });

  it('says nothing of what is read, and counts by it', async () => {
    const [all, unread, read] = [
      await watchInbox(),
      await watchInbox('?read_status=unread'),
      await watchInbox('?read_status=read'),
    ];
    const first = await stage.writer.place(reader, { title: 'First' });
    await Promise.all([all.told(1), unread.told(1)]);
    const path = `/api/v2/notifications/inbox/${first}/read-status`;
    for (const is_read of [true, false, true]) {
      await stage.ask('PUT', path, { token: reader.token, body: { is_read } });
    }
    await stage.writer.place(reader, { title: 'Second' });
    for (const watch of [all, unread]) expect(told(await watch.told(2))).toEqual(['First 1', 'Second 1']);
    expect([all.frames.length, unread.frames.length, read.frames.length]).toEqual([2, 2, 0]);
  });

  it('tells what our own call sent, and not what others were sent', async () => {
    const watch = await watchInbox();
    const { api, owner, writer, stranger, member } = stage;
    for (const other of [stranger, member]) await writer.place(other, { title: 'Not yours' });
    const body = { to: [reader.id], title: 'By our own call' };
    const sent = await api.ask('POST', '/v1/notifications', { token: owner.token, body });
    await writer.placeAccepted(reader, sent.body.notifications[0].id);
    expect(told(await watch.told(1))).toEqual(['By our own call 1']);
  });

  it('ends where the client speaks', async () => {
    const watch = await watchInbox();
    watch.send('{"type":"ping"}');
    expect((await watch.closed).code).toBe(1008);
  });

  it.each([
    { name: 'targets that are no uuids', query: '?targets=a', told: { field: 'targets' } },
    { name: 'templates that are no uuids', query: '?templates=a', told: { field: 'templates' } },
    { name: 'a row to begin at', query: `?starting_before=${one}`, told: { field: 'starting_before' } },
  ])('refuses $name before the upgrade', async ({ query, told: field }) => {
    const refused = await watchInbox(query).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WatchRefused);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        message: 'Query parameters have invalid values.',
        validations: [expect.objectContaining(field)],
      },
    });
  });

  it('refuses a read status that is none, and nobody, before the upgrade', async () => {
    expect(await watchInbox('?read_status=erroneous').catch((error: unknown) => error)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^starting_before query parameter should be any of/) },
    });
    expect(await stage.watch('', {}).catch((error: unknown) => error)).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('signed out') },
    });
  });

  it('refuses to become what is not served, in the words of its clients', async () => {
    expect(await stage.watch('/more', {}).catch((error: unknown) => error)).toMatchObject({
      ...{ status: 404, body: { message: 'Route not found.' } },
    });
  });

  it('takes the token in the query, and logs it nowhere', async () => {
    const { token } = reader;
    const watch = await stage.watch(`?format=plaintext&coder_session_token=${token}`, {});
    open.push(watch);
    await stage.writer.place(reader, { title: 'Told' });
    await watch.told(1);
    expect(stage.api.logged()).not.toContain(token.split('-')[1]);
  });

  it('has room for ten sockets of one user, and says when to come again', async () => {
    await Promise.all(Array.from({ length: 10 }, () => watchInbox()));
    expect(await watchInbox().catch((error: unknown) => error)).toMatchObject({
      status: 429,
      body: { message: 'Too many requests.' },
    });
  });

  it('ends with 1012 when the server stops, so that clients come back', async () => {
    const watch = await watchInbox();
    await stage.stop();
    expect((await watch.closed).code).toBe(1012);
  });
});
