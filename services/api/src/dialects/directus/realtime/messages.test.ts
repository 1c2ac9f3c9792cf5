import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setRealtimeStage, type RawSocket, type RealtimeStage } from '../../../../test/realtime-stage.ts';
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

const error = (type: string, code: string, message: unknown, uid?: unknown) => ({
  ...{ type, status: 'error', error: { code, message } },
  ...(uid !== undefined && { uid }),
});
const noAccess = (name: string) =>
  `You don't have permission to access collection "${name}" or it does not exist. Queried in root.`;

describe('a message', () => {
  it.each([
    { name: 'a ping', send: { type: 'ping', uid: 'p' }, answer: { type: 'pong', uid: 'p' } },
    {
      ...{ name: 'what is no JSON', send: 'nonsense' },
      answer: error('server', 'INVALID_PAYLOAD', 'Unable to parse the incoming message.'),
    },
    {
      ...{ name: 'an array', send: [1] },
      answer: error('server', 'INVALID_PAYLOAD', 'Unable to parse the incoming message.'),
    },
    {
      ...{ name: 'a character that nobody can store', send: { type: 'subscribe', uid: 'a\0' } },
      answer: error('server', 'INVALID_PAYLOAD', expect.stringContaining('/uid')),
    },
    {
      ...{ name: 'a uid without end', send: { type: 'ping', uid: 'x'.repeat(300) } },
      answer: error('server', 'INVALID_PAYLOAD', expect.stringContaining('"uid"')),
    },
    {
      ...{
        name: 'items of a system collection',
        send: { type: 'items', collection, action: 'read', uid: 1 },
      },
      answer: error('items', 'INVALID_COLLECTION', 'Cannot trigger an action on a system collection.', 1),
    },
    {
      ...{ name: 'items of another collection', send: { type: 'items', collection: 'articles' } },
      answer: error('items', 'FORBIDDEN', noAccess('articles')),
    },
    {
      ...{
        name: 'a subscription to another collection',
        send: { type: 'subscribe', collection: 'a', uid: 2 },
      },
      answer: error('subscribe', 'FORBIDDEN', noAccess('a'), 2),
    },
    {
      ...{ name: 'a subscription to nothing', send: { type: 'subscribe', uid: 3 } },
      answer: error('subscribe', 'INVALID_PAYLOAD', expect.stringContaining('"collection"'), 3),
    },
    {
      ...{ name: 'an event that there is not', send: { type: 'subscribe', collection, event: 'read' } },
      answer: error('subscribe', 'INVALID_PAYLOAD', expect.stringContaining('"event"')),
    },
    {
      ...{ name: 'a query that is none', send: { type: 'subscribe', collection, query: 'x' } },
      answer: error('subscribe', 'INVALID_PAYLOAD', expect.stringContaining('"query"')),
    },
    {
      ...{
        name: 'a field that there is not',
        send: { type: 'subscribe', collection, query: { fields: 'x' } },
      },
      answer: error('subscribe', 'FORBIDDEN', expect.stringContaining('field "x"')),
    },
    {
      ...{
        name: 'a filter that cannot be read',
        send: { type: 'subscribe', collection, query: { filter: '{' } },
      },
      answer: error('subscribe', 'INVALID_QUERY', expect.stringContaining('Invalid JSON for filter')),
    },
    {
      ...{ name: 'an item that there is not', send: { type: 'subscribe', collection, item: 2_000_000 } },
      answer: error('subscribe', 'FORBIDDEN', "You don't have permission to access this."),
    },
    {
      ...{ name: 'an item that is no id', send: { type: 'subscribe', collection, item: 'abc' } },
      answer: error('subscribe', 'FORBIDDEN', "You don't have permission to access this."),
    },
    {
      ...{ name: 'a subscription that there is not', send: { type: 'unsubscribe', uid: 9 } },
      answer: { type: 'subscription', event: 'unsubscribe', uid: 9 },
    },
  ])('that is $name is answered, and the talk goes on', async ({ send, answer }) => {
    const socket = await enter(stage.member);
    socket.send(send);
    socket.send({ type: 'ping', uid: 'next' });
    expect(await socket.told(2)).toEqual([answer, { type: 'pong', uid: 'next' }]);
  });

  it('of an unknown type is not answered', async () => {
    const socket = await enter(stage.member);
    for (const type of ['nonsense', 'pong', '__proto__']) socket.send({ type });
    socket.send({ type: 'ping' });
    expect(await socket.told(1)).toEqual([{ type: 'pong' }]);
  });

  it('of more than 64 KiB ends the talk', async () => {
    const socket = await enter(stage.member);
    socket.send({ type: 'ping', padding: 'x'.repeat(70_000) });
    expect((await socket.closed).code).toBe(1009);
  });

  it('too many in a second end the talk', async () => {
    const socket = await enter(stage.member);
    for (let count = 0; count < 400; count += 1) socket.send({ type: 'nonsense' });
    expect((await socket.closed).code).toBe(1008);
    expect(socket.messages.at(-1)).toEqual(
      error('server', 'REQUESTS_EXCEEDED', 'Too many messages at once.'),
    );
  });

  it('cannot ask for a 51st subscription, but for one of the 50 again', async () => {
    const socket = await enter(stage.member);
    const subscribe = { type: 'subscribe', collection, event: 'create' };
    for (let uid = 1; uid <= 51; uid += 1) socket.send({ ...subscribe, uid });
    socket.send({ ...subscribe, uid: 50 });
    const answers = await socket.told(52);
    expect(answers[50]).toMatchObject(error('subscribe', 'INVALID_PAYLOAD', expect.anything(), 51));
    expect(answers[51]).toEqual({ type: 'subscription', event: 'init', uid: 50 });
  });
});
