import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setRealtimeStage, type RawSocket, type RealtimeStage } from '../../../../test/realtime-stage.ts';
import { pollUntil, runSql } from '@carillon/testkit';
import type { Actor } from '../../../../test/test-api.ts';

let stage: RealtimeStage;
const open: RawSocket[] = [];

beforeAll(async () => {
  stage = await setRealtimeStage();
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.drop();
});
afterAll(() => stage.stop());

async function keep(opening: Promise<RawSocket>): Promise<RawSocket> {
  const socket = await opening;
  open.push(socket);
  return socket;
}
const enter = (as: Actor) => keep(stage.enter(as));
const collection = 'directus_notifications';

describe('a subscription', () => {
  it('to one event says what there is to nobody, and tells that event only', async () => {
    const { member, admin, create, call } = stage;
    const socket = await enter(member);
    for (const event of ['create', 'update', 'delete'])
      socket.send({ type: 'subscribe', collection, event, uid: event, query: { fields: 'subject' } });
    expect(await socket.told(3)).toEqual(
      ['create', 'update', 'delete'].map((uid) => ({ type: 'subscription', event: 'init', uid })),
    );
    const [id] = await create(member, ['One']);
    await socket.told(4);
    await call(member, 'PATCH', `/notifications/${id}`, { status: 'archived' });
    await socket.told(5);
    await call(admin, 'DELETE', `/notifications/${id}`);
    const told = { type: 'subscription', data: [{ subject: 'One' }] };
    expect((await socket.told(6)).slice(3)).toEqual([
      { ...told, event: 'create', uid: 'create' },
      { ...told, event: 'update', uid: 'update' },
      { type: 'subscription', event: 'delete', data: [String(id)], uid: 'delete' },
    ]);
  });

  it('to one item tells it by itself, and of no other', async () => {
    const { member, admin, create, call } = stage;
    const [id, another] = await create(member, ['Mine', 'Another']);
    const socket = await enter(admin);
    socket.send({ type: 'subscribe', collection, item: String(id), query: { fields: ['id', 'item'] } });
    await socket.told(1);
    await call(admin, 'PATCH', '/notifications', { keys: [id, another], data: { item: '5' } });
    await socket.told(2);
    await call(admin, 'DELETE', '/notifications', [id, another]);
    expect(await socket.told(3)).toEqual([
      { type: 'subscription', event: 'init', data: { id, item: null } },
      { type: 'subscription', event: 'update', data: { id, item: '5' } },
      { type: 'subscription', event: 'delete', data: [String(id)] },
    ]);
  });

  it('tells the ids of several that were deleted as numbers, to those only who saw them', async () => {
    const { member, other, admin, create, call } = stage;
    const ids = await create(other, ['A', 'B']);
    const [mine, ofAll] = [await enter(member), await enter(admin)];
    for (const socket of [mine, ofAll])
      socket.send({ type: 'subscribe', collection, event: 'delete', query: { filter: { id: { _lt: 0 } } } });
    await Promise.all([mine.told(1), ofAll.told(1)]);
    await call(admin, 'DELETE', '/notifications', ids);
    const [own] = await create(member, ['C']);
    await call(admin, 'DELETE', `/notifications/${own}`);
    expect((await ofAll.told(3)).slice(1).map((one) => one.data)).toEqual([ids, [String(own)]]);
    expect((await mine.told(2)).slice(1).map((one) => one.data)).toEqual([[String(own)]]);
  });

  it('tells a row that waited for its inbox once: in the first answer, or when it is placed', async () => {
    const { member, accept, placeWaiting, create } = stage;
    const id = await accept(member, 'Waits');
    const socket = await enter(member);
    const fields = { fields: ['id'], limit: '1', sort: '-id' };
    socket.send({ type: 'subscribe', collection, uid: 'knows', query: fields });
    socket.send({ type: 'subscribe', collection, uid: 'not yet', event: 'create', query: fields });
    expect((await socket.told(2))[0]).toMatchObject({ data: [{ id }], uid: 'knows' });
    await placeWaiting(member, id);
    const [next] = await create(member, ['Next']);
    expect((await socket.told(5)).slice(2).map(({ uid, data }) => [uid, data])).toEqual([
      ['not yet', [{ id }]],
      ['knows', [{ id: next }]],
      ['not yet', [{ id: next }]],
    ]);
  });

  it('tells a row that was given to somebody else as gone to the one and new to the other', async () => {
    const { member, other, admin, create, call, placeWaiting } = stage;
    const [id] = await create(member, ['Moves']);
    const sockets = [await enter(member), await enter(other), await enter(admin)];
    for (const socket of sockets)
      socket.send({
        type: 'subscribe',
        collection,
        query: { fields: 'recipient', filter: { id: { _eq: id } } },
      });
    await Promise.all(sockets.map((socket) => socket.told(1)));
    await call(admin, 'PATCH', `/notifications/${id}`, { recipient: other.id });
    await placeWaiting(other, id as number);
    const gone = { event: 'delete', data: [String(id)] };
    const isNew = { event: 'create', data: [{ recipient: other.id }] };
    const [ofMember, ofOther, ofAdmin] = sockets as [RawSocket, RawSocket, RawSocket];
    expect((await ofMember.told(2))[1]).toMatchObject(gone);
    expect((await ofOther.told(2))[1]).toMatchObject(isNew);
    expect((await ofAdmin.told(3)).slice(1)).toMatchObject([gone, isNew]);
  });

  it('without a name ends with all others when an unsubscription names none', async () => {
    const { member, create } = stage;
    const socket = await enter(member);
    socket.send({ type: 'subscribe', collection, event: 'create' });
    socket.send({ type: 'subscribe', collection, event: 'create', uid: 1 });
    socket.send({ type: 'unsubscribe' });
    await socket.told(3);
    await create(member, ['Unheard']);
    socket.send({ type: 'subscribe', collection, query: { fields: 'subject', sort: '-id', limit: 1 } });
    expect((await socket.told(4))[3]).toMatchObject({ data: [{ subject: 'Unheard' }] });
    await create(member, ['Heard']);
    expect((await socket.told(5))[4]).toMatchObject({ data: [{ subject: 'Heard' }] });
  });
});

describe('a socket', () => {
  it.each([
    {
      name: 'its token is revoked',
      end: 'update access_tokens set revoked_at = carillon_now() where user_id = $1',
    },
    {
      name: 'its user is removed',
      end: 'update users set deleted_at = carillon_now() where id = $1',
    },
  ])('ends within a beat when $name', async ({ end }) => {
    const user = await stage.api.makeUser(stage.member.organizationId, 'admin');
    const socket = await enter(user);
    await runSql(stage.api.databaseUrl, end, [user.id]);
    expect((await socket.closed).code).toBe(1008);
    expect(socket.messages).toEqual([
      { type: 'auth', status: 'error', error: { code: 'TOKEN_EXPIRED', message: 'Token expired.' } },
    ]);
  });

  it('that reads too slowly is closed, and the others hear on', async () => {
    const { writer, create } = stage;
    const user = await stage.api.makeUser(stage.member.organizationId, 'member');
    const body = 'x'.repeat(60_000);
    for (let row = 0; row < 20; row += 1) await writer.place(user, { body });
    const [slow, other] = [await enter(user), await enter(user)];
    slow.pause();
    for (let uid = 0; uid < 40; uid += 1) slow.send({ type: 'subscribe', collection, uid });
    await pollUntil(() => stage.api.logged().includes('stream.too_slow'), 20_000, 'the end of the slow one');
    slow.resume();
    expect((await slow.closed).code).toBe(1013);
    other.send({ type: 'subscribe', collection, event: 'create', query: { fields: 'subject' } });
    await other.told(1);
    await create(user, ['Goes on']);
    expect((await other.told(2))[1]).toMatchObject({ data: [{ subject: 'Goes on' }] });
  });
});
