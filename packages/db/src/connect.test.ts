import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { InvalidError, type OrganizationId } from '@carillon/core';
import { createTestDatabase, pollUntil, runSql, silentLog, type TestDatabase } from '@carillon/testkit';
import { connectDatabase, type ConnectedDatabase } from './connect.ts';
import { ping } from './queries/settings.ts';
import { inTransaction, readInOrganization } from './transactions.ts';
import { asUnavailable, sqlState } from './unavailable.ts';

let database: TestDatabase;
let uncaught: string[] = [];
// As text: these errors hold on to whole clients, which no report can print.
const note = (cause: unknown) => void uncaught.push(String(cause));
beforeAll(async () => {
  database = await createTestDatabase();
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
beforeEach(() => {
  uncaught = [];
});
afterEach(() => expect(uncaught).toEqual([]));
afterAll(async () => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  await database.stop();
});

async function withPool<T>(
  options: Partial<Parameters<typeof connectDatabase>[0]>,
  work: (connected: ConnectedDatabase) => Promise<T>,
): Promise<T> {
  const connected = connectDatabase({ url: database.url, log: silentLog, name: 'under-test', ...options });
  try {
    return await work(connected);
  } finally {
    await connected.stop();
  }
}
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
const nameOf = (cause: unknown) => asUnavailable(cause)?.name ?? 'none';
const terminate = () =>
  runSql(
    database.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'carillon-under-test'",
  );
const sleeping = async () => {
  const rows = await runSql(
    database.url,
    "select 1 from pg_stat_activity where application_name = 'carillon-under-test' and query like '%pg_sleep%'",
  );
  return rows.length > 0;
};

describe('a connection', () => {
  it('that is terminated in a query costs one error that means "not now"', async () => {
    await withPool({}, async ({ db }) => {
      const running = failureOf(sql`select pg_sleep(20)`.execute(db));
      await pollUntil(sleeping);
      await terminate();
      expect(asUnavailable(await running)).toMatchObject({
        code: 'database.unavailable',
        retryAfterMs: 5_000,
      });
      await ping(db);
    });
  });

  it('that is terminated in a transaction costs one error, though the rollback fails as well', async () => {
    await withPool({ poolMax: 1 }, async ({ db }) => {
      const running = failureOf(
        inTransaction(db, (transaction) => sql`select pg_sleep(20)`.execute(transaction)),
      );
      await pollUntil(sleeping);
      await terminate();
      expect(nameOf(await running)).toBe('UnavailableError');
      await ping(db);
    });
  });

  it('that is terminated between two statements costs one error', async () => {
    await withPool({ poolMax: 1 }, async ({ db }) => {
      const failure = await failureOf(
        inTransaction(db, async (transaction) => {
          await ping(transaction);
          await terminate();
          await ping(transaction);
        }),
      );
      expect(nameOf(failure)).toBe('UnavailableError');
      await ping(db);
    });
  });

  it('that is terminated while idle is replaced unseen', async () => {
    let lost = 0;
    const log = { ...silentLog, warn: () => void (lost += 1) };
    await withPool({ log }, async ({ db }) => {
      await ping(db);
      await terminate();
      await pollUntil(() => lost > 0);
      await ping(db);
    });
  });

  it('does what the role may do, and gives sequences as numbers', async () => {
    await withPool({ role: 'carillon_api' }, async ({ db }) => {
      const { rows } = await sql`select current_user::text as me, 9007199254740991::bigint as big`.execute(
        db,
      );
      expect(rows).toEqual([{ me: 'carillon_api', big: Number.MAX_SAFE_INTEGER }]);
    });
  });
});

describe('waiting has a limit', () => {
  it('for a statement', async () => {
    await withPool({ statementTimeoutMs: 50 }, async ({ db }) => {
      const failure = await failureOf(sql`select pg_sleep(20)`.execute(db));
      expect(sqlState(failure)).toBe('57014');
      expect(nameOf(failure)).toBe('UnavailableError');
      await ping(db);
    });
  });

  it('for a free connection', async () => {
    await withPool({ poolMax: 1 }, async ({ db, waiting }) => {
      let letGo = (): void => undefined;
      const released = new Promise<void>((resolve) => (letGo = resolve));
      const holding = inTransaction(db, async (transaction) => {
        await ping(transaction);
        await released;
      });
      const failing = failureOf(ping(db));
      await pollUntil(() => waiting() === 1);
      expect(nameOf(await failing)).toBe('UnavailableError');
      letGo();
      await holding;
    });
  });

  const inside: [string, typeof inTransaction][] = [
    ['transaction', inTransaction],
    ['read', (db, work) => readInOrganization(db, randomUUID() as OrganizationId, work)],
  ];
  it.each(inside)(
    'on a link that went silent, for a %s: one error, then a fresh connection',
    async (_, run) => {
      const link = await openLink(database.url);
      await withPool({ url: link.url, poolMax: 1, statementTimeoutMs: 100 }, async ({ db }) => {
        await ping(db);
        link.freeze();
        const failure = await failureOf(run(db, (transaction) => ping(transaction)));
        expect(nameOf(failure)).toBe('UnavailableError');
        await ping(db);
      });
      await link.close();
    },
  );
});

/** A link to the database of which the connections made so far can be silenced, both sides staying open. */
async function openLink(url: string) {
  const target = new URL(url);
  const [port, host] = [Number(target.port), target.hostname];
  const sockets: [Socket, Socket][] = [];
  const server: Server = createServer((near) => {
    const far = connect(port, host);
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    sockets.push([near, far]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: target.href,
    freeze() {
      for (const [near, far] of sockets) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    async close() {
      for (const socket of sockets.flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('telling "not now" from "not so"', () => {
  const failing = (code: string, message = 'x') => Object.assign(new Error(message), { code });

  it.each([
    '08006',
    '08001',
    '53300',
    '53100',
    '57P01',
    '57P02',
    '57P03',
    '58030',
    '25006',
    '57014',
    '55P03',
    '25P03',
  ])('SQLSTATE %s is "not now"', (code) =>
    expect(asUnavailable(failing(code))).toMatchObject({ name: 'UnavailableError' }),
  );
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
    '%s is "not now"',
    (code) => expect(asUnavailable(failing(code))).toMatchObject({ code: 'database.unavailable' }),
  );
  it.each(['23505', '23503', '22P02', '22P05', '42P01', '42501', '40001', '40P01', '28P01', 'P0001'])(
    'SQLSTATE %s is not',
    (code) => expect(asUnavailable(failing(code))).toBeUndefined(),
  );

  it('keeps what happened for the log and tells none of it', () => {
    const cause = failing('ECONNREFUSED', 'connect ECONNREFUSED 10.1.2.3:5432');
    const error = asUnavailable(cause);
    expect(error?.cause).toBe(cause);
    expect(error?.message).not.toContain('10.1.2.3');
  });

  it('takes a server that is not there for "not now"', async () => {
    const failure = await withPool({ url: 'postgres://nobody@127.0.0.1:1/none' }, ({ db }) =>
      failureOf(ping(db)),
    );
    expect(nameOf(failure)).toBe('UnavailableError');
  });

  it('takes a broken rule, a refused value and anything else as they are', async () => {
    await withPool({}, async ({ db }) => {
      const insert = () => sql`insert into settings (key, value) values ('twice', '1')`.execute(db);
      await insert();
      expect(nameOf(await failureOf(insert()))).toBe('none');
      expect(nameOf(await failureOf(sql`select 'x'::uuid`.execute(db)))).toBe('none');
    });
    for (const other of [
      new InvalidError('a.b', 'c'),
      new TypeError('x'),
      'text',
      undefined,
      { code: '08006' },
    ]) {
      expect(asUnavailable(other)).toBeUndefined();
    }
  });
});

describe('a transaction that conflicts', () => {
  it('is tried three times as a whole, and then fails with the conflict', async () => {
    await withPool({}, async ({ db }) => {
      const run = (failures: number) => {
        let tries = 0;
        const work = inTransaction(db, async (transaction) => {
          tries += 1;
          await sql`insert into settings (key, value) values (${`try-${failures}-${tries}`}, '1')`.execute(
            transaction,
          );
          if (tries <= failures) await sql`do $$ begin raise sqlstate '40P01'; end $$`.execute(transaction);
          return tries;
        });
        return failureOf(work).then((failure) => [sqlState(failure), tries]);
      };
      expect(await run(2)).toEqual([undefined, 3]);
      expect(await run(3)).toEqual(['40P01', 3]);
      const rows = await runSql(database.url, "select key from settings where key like 'try-%' order by key");
      expect(rows).toEqual([{ key: 'try-2-3' }]);
    });
  });
});
