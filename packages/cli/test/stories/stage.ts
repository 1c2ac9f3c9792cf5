import { randomBytes } from 'node:crypto';
import type {
  AccessTokenId,
  ChannelId,
  ExternalKind,
  OrganizationId,
  TokenScope,
  UserId,
} from '@carillon/core';
import {
  connectDatabase,
  insertAccessToken,
  insertChannel,
  insertOrganization,
  upsertUser,
  type ConnectedDatabase,
  type Database,
} from '@carillon/db';
import { createNewId, createSealer, hashToken, newToken, tokenLookup } from '@carillon/runtime';
import {
  createTestDatabase,
  runSql,
  silentLog,
  startFaultProxy,
  startOwnRedis,
  startService,
  type FaultProxy,
  type ServiceProcess,
} from '@carillon/testkit';

/** A person of the story, with a token. */
export interface Person {
  id: UserId;
  token: string;
  tokenId: AccessTokenId;
}

export interface StageOptions {
  /** Members with a token each; 3 unless told. */
  people?: number;
  /** Settings of every service of the stage. */
  env?: Record<string, string>;
  /** Instead of a database of the run's server. */
  database?: { url: string };
  /** Services reach Redis and PostgreSQL by way of proxies. */
  proxied?: boolean;
}

/** One installation: a database, a Redis, an organization with people, and services as child processes. */
export interface Stage {
  database: { url: string };
  redisUrl: string;
  /** Between the services and Redis; only on a proxied stage. */
  redisProxy: FaultProxy;
  databaseProxy: FaultProxy;
  organizationId: OrganizationId;
  /** May send, and administrates. */
  admin: Person;
  people: readonly Person[];
  startApi(env?: Record<string, string>): Promise<ServiceProcess>;
  startWorker(env?: Record<string, string>): Promise<ServiceProcess>;
  addChannel(kind: ExternalKind, settings: object, secrets?: object): Promise<ChannelId>;
  addPerson(fields?: { email?: string; scopes?: TokenScope[] }): Promise<Person>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** What no route does for a story is done as the services' own queries do it. */
  withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /** Stops the services that still run, in order; fails when one does not end well. */
  stop(): Promise<void>;
}

const newId = createNewId();

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const database = options.database ?? (await createTestDatabase());
  const redis = await startOwnRedis();
  const redisProxy = await startFaultProxy({ port: redis.port });
  const databaseProxy = await startFaultProxy({ port: Number(new URL(database.url).port) });
  const secretKey = randomBytes(32);
  const connection = connectDatabase({ url: database.url, log: silentLog, name: 'story', poolMax: 2 });
  const organizationId = await makeOrganization(connection);
  const services: ServiceProcess[] = [];
  const isProxied = options.proxied === true;
  const common = {
    NODE_ENV: 'test',
    DATABASE_URL: isProxied ? databaseProxy.through(database.url) : database.url,
    REDIS_URL: isProxied ? redisProxy.through(redis.url) : redis.url,
    CARILLON_SECRET_KEY: secretKey.toString('base64'),
    CARILLON_EGRESS_ALLOW: '127.0.0.0/8',
    ...options.env,
  };
  const start = async (name: 'api' | 'worker', env: Record<string, string> = {}) => {
    const service = await startService(name, { ...common, ...env });
    services.push(service);
    return service;
  };
  const addPerson: Stage['addPerson'] = (fields) => makePerson(connection, organizationId, 'member', fields);
  const admin = await makePerson(connection, organizationId, 'admin');
  const people: Person[] = [];
  for (let index = 0; index < (options.people ?? 3); index += 1) people.push(await addPerson());

  return {
    ...{ database, redisUrl: redis.url, redisProxy, databaseProxy, organizationId, admin, people, addPerson },
    startApi: (env) => start('api', env),
    startWorker: (env) => start('worker', env),
    async addChannel(kind, settings, secrets) {
      const id = newId() as ChannelId;
      const place = { organizationId, table: 'channels', rowId: id, column: 'secrets' };
      const sealed =
        secrets === undefined ? null : createSealer({ key: secretKey }).seal(JSON.stringify(secrets), place);
      await insertChannel(connection.db, {
        ...{ id, organizationId, kind, name: kind, settings: { ...settings }, secrets: sealed },
      });
      return id;
    },
    sql: (text, values) => runSql(database.url, text, values),
    withDatabase: (work) => work(connection.db),
    async stop() {
      try {
        // The API first: it makes work for the workers.
        for (const service of services) await stopUnlessKilled(service);
      } finally {
        await connection.stop();
        await Promise.all([redisProxy.stop(), databaseProxy.stop()]);
        await redis.stop();
        if ('stop' in database) await (database as { stop(): Promise<void> }).stop();
      }
    },
  };
}

/** A service that the story killed needs no stop; one that ended by itself in disorder fails the story. */
async function stopUnlessKilled(service: ServiceProcess): Promise<void> {
  const end = await Promise.race([service.ended, Promise.resolve(undefined)]);
  if (end === undefined) await service.stop();
  else if (end.signal !== 'SIGKILL' && end.exitCode !== 0) {
    const last = service
      .lines()
      .slice(-5)
      .map((line) => JSON.stringify(line));
    throw new Error(`a service ended with ${end.exitCode ?? end.signal}:\n${last.join('\n')}`);
  }
}

async function makeOrganization({ db }: ConnectedDatabase): Promise<OrganizationId> {
  const { id } = await insertOrganization(db, {
    ...{ id: newId() as OrganizationId, slug: 'story', name: 'Story', paused: false },
  });
  return id;
}

async function makePerson(
  { db }: ConnectedDatabase,
  organizationId: OrganizationId,
  role: 'admin' | 'member',
  fields: { email?: string; scopes?: TokenScope[] } = {},
): Promise<Person> {
  const { user } = await db.transaction().execute((transaction) =>
    upsertUser(transaction, {
      id: newId() as UserId,
      organizationId,
      fields: { externalId: newId(), role, email: fields.email },
    }),
  );
  const token = newToken();
  const tokenId = newId() as AccessTokenId;
  await insertAccessToken(db, {
    ...{ id: tokenId, organizationId, userId: user.id, operator: false, name: 'story' },
    ...{ lookup: tokenLookup(token), hash: hashToken(token) },
    ...{ scopes: fields.scopes ?? [], expiresInSeconds: undefined },
  });
  return { id: user.id, token, tokenId };
}
