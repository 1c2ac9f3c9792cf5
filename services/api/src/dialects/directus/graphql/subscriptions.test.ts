import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { pollUntil } from '@carillon/testkit';
import { setRealtimeStage, type RealtimeStage } from '../../../../test/realtime-stage.ts';
import type { Actor } from '../../../../test/test-api.ts';

/** Tests look into events freely. */
type Json = ReturnType<typeof JSON.parse>;

let stage: RealtimeStage;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  stage = await setRealtimeStage({ CARILLON_ALLOWED_ORIGINS: 'https://app.example.com' });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => stage.stop());

const livenessMs = 20_000;
const address = () => `${stage.api.url.replace('http', 'ws')}/graphql`;

/** A client of the protocol's own library. */
function connect(as: Actor): Client {
  const client = createClient({
    ...{ url: address(), webSocketImpl: WebSocket, retryAttempts: 0 },
    connectionParams: { access_token: as.token },
  });
  ends.push(() => client.dispose());
  return client;
}

interface Listening {
  told: Json[];
  /** The data of the first `count` events; throws when they do not come. */
  first(count: number): Promise<Json[]>;
  stop(): void;
}

/** Resolves when the server listens: it answers one operation after the other. */
async function listen(client: Client, selection: string, args = ''): Promise<Listening> {
  const told: Json[] = [];
  const query = `subscription { directus_notifications_mutated${args} { ${selection} } }`;
  const stop = client.subscribe<Json>(
    { query },
    {
      next: ({ data, errors }) => void told.push(data?.directus_notifications_mutated ?? errors),
      error: (error) => void told.push({ failed: error }),
      complete: () => undefined,
    },
  );
  await ask(client, '{ __typename }');
  return {
    ...{ told, stop },
    async first(count) {
      await pollUntil(
        () => told.length >= count,
        livenessMs,
        `${count} events, there were ${JSON.stringify(told)}`,
      );
      return told.slice(0, count);
    },
  };
}

function ask(client: Client, query: string): Promise<Json> {
  return new Promise((resolve, reject) => {
    let answer: Json;
    client.subscribe(
      { query },
      { next: (one) => (answer = one), error: reject, complete: () => resolve(answer) },
    );
  });
}

/** A socket without a client's library; a text is sent as it is, anything else as JSON. */
async function open(path = '/graphql', { origin = '', protocol = 'graphql-transport-ws' } = {}) {
  const url = `${stage.api.url.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url, protocol, origin === '' ? {} : { origin });
  ends.push(() => socket.terminate());
  const messages: Json[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString('utf8'))));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return {
    closed,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async told(count: number): Promise<Json[]> {
      const what = () => `${count} messages, there were ${JSON.stringify(messages)}`;
      await pollUntil(() => messages.length >= count, livenessMs, what());
      return messages.slice(0, count);
    },
  };
}

describe('directus_notifications_mutated', () => {
  it('tells what is created, changed and deleted, with what was selected', async () => {
    const { member, admin, create, call } = stage;
    const listening = await listen(
      connect(member),
      'key event data { id subject recipient who: recipient { id } }',
    );
    const [id] = await create(member, ['New']);
    await listening.first(1);
    await call(admin, 'PATCH', `/notifications/${id}`, { subject: 'Changed' });
    await listening.first(2);
    await call(admin, 'DELETE', `/notifications/${id}`);
    const key = String(id);
    const row = { id: key, recipient: member.id, who: { id: member.id } };
    expect(await listening.first(3)).toEqual([
      { key, event: 'create', data: { ...row, subject: 'New' } },
      { key, event: 'update', data: { ...row, subject: 'Changed' } },
      { key, event: 'delete', data: null },
    ]);
  });

  it('tells members of the own rows only, also of those that are deleted, and admins of all in the organization', async () => {
    const { member, other, admin, stranger, create, call, writer } = stage;
    const clients = [member, admin, stranger].map(connect);
    const [own, all, elsewhere] = await Promise.all(
      clients.map((one) => listen(one, 'event data { subject }')),
    );
    const [id] = await create(other, ['For the other']);
    // What is deleted before it was told is told only as deleted.
    await all?.first(1);
    await call(admin, 'DELETE', `/notifications/${id}`);
    await writer.place(stranger, { title: 'For the stranger' });
    await create(member, ['For the member']);
    const created = (subject: string) => ({ event: 'create', data: { subject } });
    expect(await all?.first(3)).toEqual([
      ...[created('For the other'), { event: 'delete', data: null }, created('For the member')],
    ]);
    expect(await own?.first(1)).toEqual([created('For the member')]);
    expect(await elsewhere?.first(1)).toEqual([created('For the stranger')]);
    expect([own?.told.length, elsewhere?.told.length]).toEqual([1, 1]);
  });

  it('tells only the event that was asked for, without a row where none is selected', async () => {
    const { member, admin, create, call } = stage;
    const client = connect(member);
    const [created, deleted] = [
      await listen(client, 'key', '(event: create)'),
      await listen(client, 'key event', '(event: delete)'),
    ];
    const [id] = await create(member, ['Short']);
    await created.first(1);
    await call(admin, 'DELETE', `/notifications/${id}`);
    expect(await deleted.first(1)).toEqual([{ key: String(id), event: 'delete' }]);
    expect(created.told).toEqual([{ key: String(id) }]);
  });

  it('tells one row under several names, each with what it asks for', async () => {
    const { member, create } = stage;
    const listening = await listen(
      connect(member),
      'a: data { subject recipient { id } } data { recipient } b: data { recipient(filter: { email: { _eq: "x" } }) { id } }',
    );
    await create(member, ['Named']);
    expect(await listening.first(1)).toEqual([
      {
        ...{ a: { subject: 'Named', recipient: { id: member.id } }, data: { recipient: member.id } },
        b: { recipient: null },
      },
    ]);
  });

  it('is over at once for who completes it, and goes on for others on the socket', async () => {
    const { member, create } = stage;
    const client = connect(member);
    const [one, two] = [await listen(client, 'key'), await listen(client, 'key')];
    one.stop();
    await ask(client, '{ __typename }');
    const [id] = await create(member, ['After']);
    expect(await two.first(1)).toEqual([{ key: String(id) }]);
    expect(one.told).toEqual([]);
  });
});

describe('the socket', () => {
  it('answers queries and mutations in the words of HTTP', async () => {
    const { member, admin, create } = stage;
    const [id] = await create(member, ['Asked']);
    expect(await ask(connect(member), `{ notifications_by_id(id: ${id}) { recipient } }`)).toEqual({
      data: { notifications_by_id: { recipient: member.id } },
    });
    expect(
      await ask(connect(admin), 'mutation { update_notifications_item(id: 99999, data: {}) { id } }'),
    ).toEqual({
      data: { update_notifications_item: null },
      errors: [
        {
          message: "You don't have permission to access this.",
          ...{ extensions: { code: 'FORBIDDEN' }, locations: [{ line: 1, column: 12 }] },
          path: ['update_notifications_item'],
        },
      ],
    });
  });

  it.each([
    { name: 'an unknown field', payload: { query: 'subscription { nope }' }, code: 'GRAPHQL_VALIDATION' },
    {
      name: 'too many aliases',
      payload: { query: `{ ${Array.from({ length: 21 }, (_, at) => `a${at}: __typename`).join(' ')} }` },
      code: 'GRAPHQL_VALIDATION',
    },
    { name: 'an empty query', payload: { query: '' }, code: 'INVALID_PAYLOAD' },
    {
      name: 'a name that is not taken',
      payload: JSON.parse('{"query":"{ __typename }","variables":{"__proto__":1}}'),
      code: 'INVALID_PAYLOAD',
    },
  ])('refuses an operation with $name and goes on', async ({ payload, code }) => {
    const socket = await open();
    socket.send({ type: 'connection_init', payload: { access_token: stage.member.token } });
    socket.send({ type: 'ping' });
    await socket.told(2);
    socket.send({ id: '1', type: 'subscribe', payload });
    socket.send({ id: '2', type: 'subscribe', payload: { query: '{ __typename }' } });
    const [, , refused, next] = await socket.told(4);
    expect(refused).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code } }] });
    expect(next).toEqual({ id: '2', type: 'next', payload: { data: { __typename: 'Query' } } });
  });

  it('takes a token in the address as well', async () => {
    const socket = await open(`/graphql?access_token=${stage.member.token}`);
    socket.send({ type: 'connection_init' });
    expect(await socket.told(1)).toEqual([{ type: 'connection_ack' }]);
    expect(stage.api.logged()).not.toContain(stage.member.token.split('-')[1]);
  });

  it.each([
    {
      name: 'a token that is none',
      message: { type: 'connection_init', payload: { access_token: 'wrong' } },
      code: 4403,
    },
    { name: 'no token', message: { type: 'connection_init' }, code: 4403 },
    {
      name: 'an operation before the handshake',
      message: { id: '1', type: 'subscribe', payload: { query: '{ __typename }' } },
      code: 4401,
    },
    { name: 'what is no JSON', message: '{', code: 4400 },
    { name: 'a message that there is not', message: { type: 'nope' }, code: 4400 },
  ])('ends by $name', async ({ message, code }) => {
    const socket = await open();
    socket.send(message);
    expect((await socket.closed).code).toBe(code);
  });

  it('ends for who speaks another protocol', async () => {
    const socket = await open('/graphql', { protocol: 'graphql-ws' });
    expect((await socket.closed).code).toBe(4406);
  });

  it('ends with its token, and is told why', async () => {
    const { member, api, admin } = stage;
    const token = await api.makeToken(member, []);
    const socket = await open();
    socket.send({ type: 'connection_init', payload: { access_token: token } });
    await socket.told(1);
    const { body } = await api.ask('GET', `/v1/users/${member.id}/tokens`, { token: admin.token });
    const newest = body.data.toSorted((a: Json, b: Json) => (a.id < b.id ? 1 : -1))[0];
    await api.ask('DELETE', `/v1/users/${member.id}/tokens/${newest.id}`, { token: admin.token });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'revoked' });
  });

  it('is refused to a page of another origin', async () => {
    await expect(open('/graphql', { origin: 'https://evil.example.com' })).rejects.toThrow(/40[13]/);
  });

  it('is not served below: the upgrade is answered', async () => {
    await expect(open('/graphql/system')).rejects.toThrow('Unexpected server response: 404');
  });

  it('has no more than 50 operations at once', async () => {
    const socket = await open();
    socket.send({ type: 'connection_init', payload: { access_token: stage.member.token } });
    const query = 'subscription { directus_notifications_mutated { key } }';
    await socket.told(1);
    for (let id = 0; id <= 50; id += 1)
      socket.send({ id: String(id), type: 'subscribe', payload: { query } });
    const [, refused] = await socket.told(2);
    expect(refused).toMatchObject({
      id: '50',
      type: 'error',
      payload: [{ extensions: { code: 'INVALID_PAYLOAD' } }],
    });
  });
});
