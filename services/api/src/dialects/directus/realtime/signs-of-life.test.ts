import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { AccessTokenId, OrganizationId, UserId } from '@carillon/core';
import {
  connectDatabase,
  insertAccessToken,
  insertOrganization,
  upsertUser,
  type ConnectedDatabase,
} from '@carillon/db';
import { createClock, createMetrics, createNewId, hashToken, newToken, tokenLookup } from '@carillon/runtime';
import { createTestDatabase, pollUntil, runSql, silentLog, type TestDatabase } from '@carillon/testkit';
import type { ApiDeps } from '../../../deps.ts';
import { createTokenHolders, type TokenHolders } from '../../../http/token-holders.ts';
import { createHub } from '../../../live/hub.ts';
import { createOrganizationFeeds } from '../../../live/organization-feeds.ts';
import { serveWebSockets, type SocketServer } from '../../../live/websocket.ts';
import { realtimeSocket } from './socket.ts';

const newId = createNewId();
const pingMs = 150;

/** The socket with pings that come sooner than every half minute. */
describe('a realtime socket', () => {
  let database: TestDatabase;
  let connected: ConnectedDatabase;
  let tokens: TokenHolders;
  let deps: ApiDeps;
  let server: Server;
  let sockets: SocketServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    connected = connectDatabase({ url: database.url, log: silentLog });
    const { db } = connected;
    const base = { system: db, log: silentLog, clock: createClock() };
    tokens = createTokenHolders(base);
    const metrics = createMetrics({ service: 'api', version: 'test' });
    const deaf = { subscribe: async () => undefined, unsubscribe: async () => undefined };
    const deafToo = {
      subscribeOrganization: async () => undefined,
      unsubscribeOrganization: async () => undefined,
    };
    deps = {
      ...{ ...base, db, metrics, newId, tokens, jwt: undefined },
      config: { trustedProxies: [], allowedOrigins: [] },
      hub: createHub({ ...base, metrics, epoch: () => 'life' }, deaf),
      organizations: createOrganizationFeeds(base, deafToo),
    } as unknown as ApiDeps;
    const { path, open } = realtimeSocket(deps, { handshakeMs: 10_000, pingMs });
    server = createServer();
    sockets = serveWebSockets(deps, server, [
      {
        path,
        admit: (request, query) => open(request, query, { requestId: 'test', traceparent: undefined }),
        refuse: (error) => ({ status: 500, headers: {}, body: String(error) }),
      },
    ]);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    sockets.stop();
    await deps.hub.stop();
    await deps.organizations.stop();
    await tokens.stop();
    await new Promise((resolve) => server.close(resolve));
    await connected.stop();
    await database.stop();
  });

  it('is dropped when it does not answer pings, and kept as long as it does', async () => {
    const { token } = await makeUser();
    const answering = connect(token, true);
    for (let count = 0; count < 2; count += 1) {
      const silent = connect(token, false);
      expect(await silent.closed).toBe(1006);
      expect(silent.pings()).toBeGreaterThanOrEqual(1);
    }
    const { pings } = answering;
    const seen = pings();
    await pollUntil(() => pings() > seen + 1);
    expect(answering.isOpen()).toBe(true);
    answering.socket.terminate();
    await answering.closed;
  });

  it('ends when its user has another role by now', async () => {
    const { id, token } = await makeUser();
    const one = connect(token, true);
    await pollUntil(() => one.pings() > 1);
    await runSql(database.url, `update users set role = 'member' where id = $1`, [id]);
    expect(await one.closed).toBe(1008);
    expect(one.texts.at(-1)).toContain('TOKEN_EXPIRED');
  });

  function connect(token: string, answers: boolean) {
    const { port } = server.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/websocket?access_token=${token}`);
    const texts: string[] = [];
    const ping = '{"type":"ping"}';
    socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      texts.push(text);
      if (answers && text === ping) socket.send('{"type":"pong"}');
    });
    return {
      ...{ socket, texts },
      pings: () => texts.filter((text) => text === ping).length,
      isOpen: () => socket.readyState === WebSocket.OPEN,
      closed: new Promise<number>((resolve) => void socket.on('close', resolve)),
    };
  }

  async function makeUser(): Promise<{ id: UserId; token: string }> {
    const { db } = connected;
    const organizationId = newId() as OrganizationId;
    const slug = `o-${organizationId.slice(-12)}`;
    await insertOrganization(db, { id: organizationId, slug, name: slug, paused: false });
    const { user } = await upsertUser(db, {
      ...{ id: newId() as UserId, organizationId, fields: { externalId: newId(), role: 'admin' } },
    });
    const token = newToken();
    await insertAccessToken(db, {
      ...{ id: newId() as AccessTokenId, organizationId, userId: user.id, operator: false, name: '' },
      ...{ lookup: tokenLookup(token), hash: hashToken(token), scopes: [], expiresInSeconds: undefined },
    });
    return { id: user.id, token };
  }
});
