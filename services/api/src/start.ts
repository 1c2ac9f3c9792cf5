import { createServer, type Server } from 'node:http';
import { createVendorTexts } from '@carillon/channels/inbound';
import { compileAhead, createNotification, createNotificationBatch } from '@carillon/contracts';
import type { Log } from '@carillon/core';
import { connectAs, ensureFirstAdmin, getEpoch, migrate, ping } from '@carillon/db';
import { createInboxPublisher, createInboxSubscriber, createProducer, createThrottle } from '@carillon/queue';
import {
  createClock,
  createFaults,
  createHealth,
  createMailLayoutCompiler,
  createMetrics,
  createNewId,
  createPasswords,
  createRenderPool,
  createSealer,
  createUnsubscribeTokens,
  every,
  hashToken,
  randomBytes,
  requireStores,
  tokenLookup,
  version,
  type Config,
  type Environment,
  type RunningProcess,
  type Stores,
} from '@carillon/runtime';
import { createAcceptor } from './actions/accept.ts';
import { seedSystemTemplates } from './actions/system-templates.ts';
import { createApp } from './app.ts';
import type { ApiDeps } from './deps.ts';
import { loadDialects } from './dialects/list.ts';
import { dialectSockets } from './dialects/mount.ts';
import { createJwtVerifier } from './http/jwt.ts';
import { createSessionTokens } from './http/session-tokens.ts';
import { createTokenHolders } from './http/token-holders.ts';
import { listen, stopListening } from './http/listen.ts';
import { createHub } from './live/hub.ts';
import { createOrganizationFeeds } from './live/organization-feeds.ts';
import { serveWebSockets } from './live/websocket.ts';
import { checkSealedChannels } from './sealed-channels.ts';

/** Starts an API instance: migrates if needed, then serves until it is stopped. */
export async function startApi(config: Config, log: Log, environment: Environment): Promise<RunningProcess> {
  const stores = requireStores(config);
  await migrate({ url: stores.databaseUrl, log });
  const { deps, stop } = await createDeps(config, stores, log, environment);
  if (config.adminToken !== undefined) await seedFirstAdmin(deps, config.adminToken);
  // After the first admin, whose organization is to have them too.
  await seedSystemTemplates(deps);
  await checkSealedChannels(deps);
  const app = createApp(deps, stores.secretKey);
  const server: Server = createServer({ maxHeaderSize: 16 * 1024, noDelay: true }, app);
  const streams = deps.dialects.flatMap((dialect) => dialectSockets(deps, dialect));
  const sockets = serveWebSockets(deps, server, streams);
  // The calls that come in bursts: none of the first shall wait for a compiler.
  compileAhead([createNotification, createNotificationBatch]);
  await listen(server, config, log);
  return {
    async stop({ reason, withinMs }) {
      deps.health.drain();
      const stopping = stopListening(server, reason === 'crash' ? 1 : Math.min(15_000, withinMs - 3_000));
      await deps.hub.stop();
      await deps.organizations.stop();
      await stopping;
      sockets.stop();
      await stop();
    },
  };
}

/** The first admin is no operator: an operator's token is made by the command line. */
async function seedFirstAdmin(
  deps: Pick<ApiDeps, 'system' | 'newId' | 'config'>,
  token: string,
): Promise<void> {
  await ensureFirstAdmin(deps.system, {
    token: { lookup: tokenLookup(token), hash: hashToken(token) },
    ...{ operator: false, newId: deps.newId, paused: deps.config.startPaused },
  });
}

const epochRefreshMs = 10_000;

async function createDeps(
  config: Config,
  stores: Stores,
  log: Log,
  environment: Environment,
): Promise<{ deps: ApiDeps; stop(): Promise<void> }> {
  const { databaseUrl: url, redisUrl } = stores;
  const api = await connectAs({ url, log, name: 'api', role: 'carillon_api', poolMax: 10 });
  const system = await connectAs({
    url,
    log,
    name: 'api-system',
    role: 'carillon_system',
    prepares: true,
    poolMax: 6,
  });
  const inboxes = await connectAs({
    ...{ url, log, name: 'api-inboxes', role: 'carillon_api', prepares: true, poolMax: 6 },
  });
  const metrics = createMetrics({ service: 'api', version });
  const dialects = await loadDialects(config);
  const base = {
    ...{ config, log, metrics, randomBytes, clock: createClock(), newId: createNewId() },
    ...{
      fault: createFaults(environment),
      dialects,
      systemTemplates: dialects.flatMap((dialect) => dialect.templates),
    },
    ...{ db: api.db, inboxes: inboxes.db, system: system.db },
    producer: createProducer({ redisUrl, log }),
    publisher: createInboxPublisher({ redisUrl, log }),
    ...{
      throttle: createThrottle({ redisUrl, log }),
      passwords: createPasswords({ ln: config.passwordCost }),
    },
    sealer: createSealer({ key: stores.secretKey, previous: config.previousSecretKeys }),
    vendorTexts: createVendorTexts({ log, egressAllow: config.egressAllow }),
    unsubscribeTokens: createUnsubscribeTokens({
      key: stores.secretKey,
      previous: config.previousSecretKeys,
    }),
    renderPool: createRenderPool({ log }),
    mailLayouts: createMailLayoutCompiler(),
  };
  // A restore renews the epoch under a running process.
  const epoch = { value: await getEpoch(system.db) };
  const refreshing = every(epochRefreshMs, async () => void (epoch.value = await getEpoch(system.db)), {
    onError: () => undefined,
  });
  const subscriber = createInboxSubscriber({
    ...{ redisUrl, log },
    onHint: (userId, head) => hub.onHint(userId, head),
    onMoves: (moves) => organizations.onMoves(moves),
    onReconnect() {
      hub.onReconnect();
      organizations.onReconnect();
    },
  });
  const hub = createHub({ ...base, epoch: () => epoch.value }, subscriber);
  const organizations = createOrganizationFeeds(base, subscriber);
  const deps: ApiDeps = {
    ...base,
    ...{
      hub,
      organizations,
      epoch: () => epoch.value,
      acceptor: createAcceptor(base),
      tokens: createTokenHolders(base),
    },
    sessions: createSessionTokens(base, stores.secretKey),
    jwt: config.jwt === undefined ? undefined : createJwtVerifier(config.jwt, base),
    health: createHealth({
      ...{ service: 'api', version, clock: base.clock, facts: { delivery_mode: config.delivery.mode } },
      checks: [
        { name: 'postgres', decisive: true, check: () => ping(system.db) },
        {
          name: 'redis',
          decisive: false,
          check: async () => {
            if (!base.producer.healthy() || !subscriber.healthy()) throw new Error('Redis takes no hints');
          },
        },
      ],
    }),
  };
  metrics.beforeScrape(() => {
    metrics.redisUp.set(base.producer.healthy() && subscriber.healthy() ? 1 : 0);
    metrics.poolWaiting.set(api.waiting() + inboxes.waiting() + system.waiting());
  });
  return {
    deps,
    async stop() {
      await Promise.all([
        refreshing.stop(),
        deps.tokens.stop(),
        base.renderPool.stop(),
        base.mailLayouts.stop(),
      ]);
      await Promise.all([base.producer.stop(), base.publisher.stop(), subscriber.stop()]);
      await Promise.all([base.throttle.stop(), base.vendorTexts.stop()]);
      await Promise.all([api.stop(), inboxes.stop(), system.stop()]);
    },
  };
}
