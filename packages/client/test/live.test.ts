import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pollUntil } from '@carillon/testkit';
import { WebSocket } from 'ws';
import { createInboxWriter, type InboxWriter } from '../../../services/api/test/inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from '../../../services/api/test/test-api.ts';
import {
  createCarillon,
  type Carillon,
  type CarillonOptions,
  type InboxItem,
  type LiveInbox,
} from '../src/index.ts';
import { signUserToken } from '../src/server/index.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { createTabs } from './tabs.ts';

/** Calls and streams that take longer have failed: these limits stay, waits between tries are twenty times shorter. */
const limitsMs = new Set([10_000, 15_000, 30_000]);
const clock = {
  nowMs: () => performance.now(),
  after(delayMs: number, wake: () => void) {
    const timer = setTimeout(wake, limitsMs.has(delayMs) ? delayMs : delayMs / 20);
    return () => clearTimeout(timer);
  },
};

const jwt = {
  secret: 'a secret of thirty-two bytes or more',
  issuer: 'https://shop.example',
  audience: 'carillon',
};

/** A copy that somebody looks at, with all that it has announced. */
interface Watched {
  client: Carillon;
  live: LiveInbox;
  arrived: string[];
  states: string[];
}

describe('inbox.live over two API instances', () => {
  let apis: TestApi[];
  let writer: InboxWriter;
  let balancer: Balancer;
  let ada: Actor;
  const watched: Watched[] = [];

  beforeAll(async () => {
    const first = await startTestApi({
      ...{ CARILLON_JWT_SECRET: jwt.secret, CARILLON_JWT_ISSUER: jwt.issuer },
      ...{ CARILLON_JWT_AUDIENCE: jwt.audience, CARILLON_JWT_CREATE_USERS: 'true' },
      CARILLON_JWT_ORGANIZATION_CLAIM: 'shop',
    });
    apis = [first, await startTestApi({ DATABASE_URL: first.databaseUrl })];
    writer = createInboxWriter(first);
    balancer = await startBalancer(apis.map(({ url }) => url));
    ada = await first.makeUser(await first.makeOrganization(), 'member');
  });
  afterAll(async () => {
    for (const { live } of watched) live.stop();
    await writer.stop();
    await balancer.stop();
    for (const api of apis.reverse()) await api.stop();
  });

  function clientOf(options: Partial<CarillonOptions> = {}): Carillon {
    const socket = WebSocket as unknown as NonNullable<CarillonOptions['WebSocket']>;
    return createCarillon({ url: balancer.url, token: ada.token, clock, WebSocket: socket, ...options });
  }

  async function watch(client: Carillon): Promise<Watched> {
    const live = client.inbox.live({ limit: 100 });
    const one: Watched = { client, live, arrived: [], states: [] };
    live.subscribe((snapshot, arrived) => {
      one.arrived.push(...arrived.map(({ id }) => id));
      const { state } = snapshot.connection;
      if (one.states.at(-1) !== state) one.states.push(state);
    });
    watched.push(one);
    await live.ready;
    return one;
  }

  async function databaseCopy(): Promise<{ items: string[]; counts: object }> {
    const { inbox } = createCarillon({ url: apis[0]?.url ?? '', token: ada.token });
    const items: InboxItem[] = [];
    for await (const item of inbox.list({ limit: 100 })) items.push(item);
    const { unread, unseen } = await inbox.counts();
    return { items: items.map(asState), counts: { unread, unseen } };
  }

  const asState = ({ id, sequence, read_at: read }: InboxItem): string =>
    `${id}@${sequence} ${read ?? 'unread'}`;
  const copyOf = ({ live }: Watched) => {
    const { items, counts } = live.snapshot();
    return { items: items.map(asState), counts };
  };
  const isOpen = ({ live }: Watched): boolean => live.snapshot().connection.state === 'open';

  async function expectCopyOfDatabase(one: Watched): Promise<void> {
    const truth = JSON.stringify(await databaseCopy());
    await pollUntil(() => JSON.stringify(copyOf(one)) === truth, 15_000).catch(() => undefined);
    expect(copyOf(one)).toEqual(JSON.parse(truth));
  }

  /** Places, reads, archives, deletes; each change by whoever's turn it is. Answers what is still there. */
  async function makeNoise(changes: number, clients: readonly Watched[]): Promise<string[]> {
    const placed: string[] = [];
    const verbs = ['read', 'archive', 'unarchive', 'unread', 'delete'] as const;
    for (let index = 0; index < changes; index += 1) {
      const id = placed[Math.floor(placed.length / 2)];
      if (index % 3 === 0 || id === undefined) placed.push(await writer.place(ada));
      else {
        const verb = verbs[index % verbs.length] ?? 'read';
        await clients[index % clients.length]?.client.inbox[verb](id);
        if (verb === 'delete') placed.splice(placed.indexOf(id), 1);
      }
      if (index % 10 === 9) balancer.cut();
    }
    return placed;
  }

  it('keeps every copy the database, whatever carries it, though connections are cut again and again', async () => {
    await writer.place(ada);
    const clients = [
      await watch(clientOf()),
      await watch(clientOf({ live: { transports: ['sse'] } })),
      await watch(clientOf({ live: { transports: [], pollMs: 400 } })),
    ];
    await pollUntil(() => clients.every(isOpen));
    const placed = await makeNoise(50, clients);
    // What a client does itself it has without a connection.
    await pollUntil(() => clients.every(isOpen));
    for (const one of clients) await expectCopyOfDatabase(one);
    for (const { arrived } of clients) expect(new Set(arrived).size).toBe(arrived.length);
    // Who is told by a stream is told of each one.
    for (const { arrived } of clients.slice(0, 2))
      expect(placed.filter((id) => !arrived.includes(id))).toEqual([]);
    expect(clients.map(({ live }) => live.snapshot().connection)).toMatchObject([
      { transport: 'websocket' },
      { transport: 'sse' },
      { transport: 'polling' },
    ]);
    expect(balancer.streams()).toBeGreaterThan(6);
  });

  it('says that the connection is lost, and that it is back with all that happened meanwhile', async () => {
    const [one] = watched;
    if (one === undefined) throw new Error('nobody watches');
    balancer.close();
    await pollUntil(() => one.live.snapshot().connection.state === 'waiting');
    const id = await writer.place(ada);
    expect(one.live.snapshot().items.some((item) => item.id === id)).toBe(false);
    balancer.admit();
    await pollUntil(() => one.arrived.includes(id));
    await expectCopyOfDatabase(one);
    expect(one.states).toContain('waiting');
    expect(isOpen(one)).toBe(true);
  });

  it('shows what a call of its own has changed before the stream has told it', async () => {
    const { client, live } = watched[2] ?? (await watch(clientOf()));
    // By its id: what others have sent may come in meanwhile, above it.
    const id = live.snapshot().items[0]?.id ?? '';
    const shown = () => live.snapshot().items.find((one) => one.id === id);
    const { item } = await client.inbox.read(id);
    expect(shown()).toEqual(item);
    await client.inbox.archive(id);
    expect(shown()).toBeUndefined();
  });

  it('takes Server-Sent Events where no WebSocket can be opened', async () => {
    class NoSocket extends WebSocket {
      constructor() {
        super('ws://127.0.0.1:9/closed');
      }
    }
    const one = await watch(clientOf({ WebSocket: NoSocket as never }));
    const shown = await pollUntil(() => isOpen(one) && one.live.snapshot().connection);
    expect(shown).toEqual({ state: 'open', transport: 'sse', shared: false });
    one.live.stop();
    expect(one.live.snapshot().connection).toEqual({ state: 'stopped' });
  });

  it('says that the credential is refused, and goes on when there is a better one', async () => {
    let token = 'wrong';
    const client = clientOf({ token: () => token });
    const live = client.inbox.live();
    const refused = await pollUntil(() => {
      const { connection } = live.snapshot();
      return connection.state === 'refused' && connection;
    });
    expect(refused.error).toMatchObject({ code: 'auth.invalid', status: 401 });
    token = ada.token;
    live.reconnect();
    await live.ready;
    await pollUntil(() => live.snapshot().connection.state === 'open');
    live.stop();
  });

  it('shares one connection between copies of a client', async () => {
    const client = clientOf();
    const before = balancer.streams();
    const all = await watch({ ...client });
    await pollUntil(() => isOpen(all));
    const unread = client.inbox.live({ status: 'unread', limit: 100 });
    await unread.ready;
    const id = await writer.place(ada);
    await pollUntil(() => unread.snapshot().items.some((item) => item.id === id));
    await client.inbox.read(id);
    expect(unread.snapshot().items.some((item) => item.id === id)).toBe(false);
    await expectCopyOfDatabase(all);
    expect(balancer.streams()).toBe(before + 1);
    unread.stop();
    all.live.stop();
  });

  it('shares one connection between tabs, which another tab takes over without a gap', async () => {
    const sharePlatform = createTabs();
    const before = balancer.streams();
    const tabs: Watched[] = [];
    for (let index = 0; index < 3; index += 1) {
      tabs.push(await watch(clientOf({ live: { sharePlatform } })));
    }
    await pollUntil(() => tabs.every(isOpen));
    expect(tabs.map(({ live }) => live.snapshot().connection)).toMatchObject([
      { shared: false },
      { shared: true },
      { shared: true },
    ]);
    const placed = [await writer.place(ada)];
    for (const tab of tabs) await expectCopyOfDatabase(tab);
    expect(balancer.streams()).toBe(before + 1);
    tabs[0]?.live.stop();
    placed.push(await writer.place(ada), await writer.place(ada));
    for (const tab of tabs.slice(1)) {
      await expectCopyOfDatabase(tab);
      expect(tab.arrived).toEqual(placed);
    }
    expect(balancer.streams()).toBe(before + 2);
    expect(tabs[1]?.live.snapshot().connection).toMatchObject({ state: 'open', shared: false });
    for (const { live } of tabs) live.stop();
  });

  it('reads older pages on demand and keeps them too', async () => {
    for (let index = 0; index < 16; index += 1) await writer.place(ada);
    const client = clientOf();
    const live = client.inbox.live({ limit: 5 });
    await live.ready;
    expect(live.snapshot()).toMatchObject({ hasMore: true, isLoaded: true });
    await Promise.all([live.loadMore(), live.loadMore()]);
    const { items } = live.snapshot();
    expect(items).toHaveLength(15);
    const oldest = items.at(-1)?.id ?? '';
    await client.inbox.delete(oldest);
    expect(live.snapshot().items.map(({ id }) => id)).toEqual(items.slice(0, 14).map(({ id }) => id));
    while (live.snapshot().hasMore) await live.loadMore();
    expect(live.snapshot().items.map(asState)).toEqual((await databaseCopy()).items);
    live.stop();
  });

  it('lets in a user with a token that the server of a product has signed', async () => {
    const user = { ...jwt, userId: 'grace', claims: { shop: ada.organizationId } };
    const token = (): Promise<string> => signUserToken(user);
    const { inbox, users } = createCarillon({ url: apis[0]?.url ?? '', token });
    await expect(inbox.counts()).resolves.toMatchObject({ unread: 0 });
    await expect(users.get('me')).resolves.toMatchObject({ external_id: 'grace', role: 'member' });
    const old = signUserToken({ ...user, now: new Date(0) });
    const refused = createCarillon({ url: apis[0]?.url ?? '', token: () => old }).inbox.counts();
    await expect(refused).rejects.toMatchObject({ code: 'auth.invalid' });
    await expect(signUserToken({ ...user, secret: 'short' })).rejects.toThrow('32 bytes');
  });
});
