import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { pollUntil } from '@carillon/testkit';
import { setRealtimeStage, type RawSocket, type RealtimeStage } from '../../../../test/realtime-stage.ts';

let stage: RealtimeStage;
const open: RawSocket[] = [];
let client: Client | undefined;

beforeAll(async () => {
  stage = await setRealtimeStage();
});
afterAll(async () => {
  await client?.dispose();
  for (const socket of open) socket.drop();
  await stage.stop();
});

async function listen(path: string): Promise<RawSocket> {
  const { token } = stage.member;
  const headers = { authorization: `Bearer ${token}`, 'coder-session-token': token };
  const socket = await stage.open(path, { headers });
  open.push(socket);
  return socket;
}

/** Resolves when the server listens: it answers one operation after the other. */
async function subscribe(tell: (subject: string) => void): Promise<void> {
  client = createClient({
    ...{ url: `${stage.api.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 },
    connectionParams: { access_token: stage.member.token },
  });
  const query = 'subscription { directus_notifications_mutated(event: create) { data { subject } } }';
  client.subscribe<{ directus_notifications_mutated: { data: { subject: string } } }>(
    { query },
    {
      next: ({ data }) => tell(data?.directus_notifications_mutated.data.subject ?? ''),
      error: (error) => tell(String(error)),
      complete: () => undefined,
    },
  );
  for await (const answer of client.iterate({ query: '{ __typename }' }))
    expect(answer.errors).toBeUndefined();
}

describe('what is created by Directus’ calls', () => {
  it('rings on sockets of every form, and is in every inbox', async () => {
    const { member, create, call, api } = stage;
    const own = await listen('/v1/inbox/stream');
    await own.told(1);
    const coder = await listen('/api/v2/notifications/inbox/watch');
    const realtime = await stage.enter(member);
    open.push(realtime);
    realtime.send({ type: 'subscribe', collection: 'directus_notifications', query: { fields: 'subject' } });
    await realtime.told(1);
    const graphql: string[] = [];
    await subscribe((subject) => void graphql.push(subject));

    const [id] = await create(member, ['From Directus']);
    expect((await own.told(2))[1]).toMatchObject({ type: 'changes', placed: [{ title: 'From Directus' }] });
    expect((await coder.told(1))[0]).toMatchObject({
      notification: { title: 'From Directus' },
      unread_count: 1,
    });
    expect((await realtime.told(2))[1]).toMatchObject({
      event: 'create',
      data: [{ subject: 'From Directus' }],
    });
    await pollUntil(() => graphql.length > 0, 20_000, 'an event of GraphQL');
    expect(graphql).toEqual(['From Directus']);

    for (const path of ['/v1/inbox', '/api/v2/notifications/inbox', '/api/notifications']) {
      const headers = { authorization: `Bearer ${member.token}` };
      const text = await (await fetch(`${api.url}${path}`, { headers })).text();
      expect(text).toContain('From Directus');
    }
    await call(member, 'PATCH', `/notifications/${id}`, { status: 'archived' });
    const left = await api.ask('GET', '/v1/inbox', { token: member.token });
    expect(left.body.data).toEqual([]);
  });
});
