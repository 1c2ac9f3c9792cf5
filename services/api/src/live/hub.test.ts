import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerFrame } from '@carillon/contracts';
import type { AccessTokenId, NotificationId, OrganizationId, SessionId, UserId } from '@carillon/core';
import { connectDatabase, insertOrganization, upsertUser, type ConnectedDatabase } from '@carillon/db';
import { createClock, createMetrics, createNewId } from '@carillon/runtime';
import { createTestDatabase, pollUntil, runSql, silentLog, type TestDatabase } from '@carillon/testkit';
import type { CloseReason, Connection } from './connection.ts';
import { v1Form } from './frames.ts';
import { createHub, type Hub } from './hub.ts';

const newId = createNewId();
const epoch = 'life';

/** A stream whose other side is the test. */
interface Recorded extends Connection {
  sent: { frame: ServerFrame; resumeAt: string | undefined }[];
  closed: CloseReason[];
  unreadBytes: number;
}

describe('the hub', () => {
  let database: TestDatabase;
  let connected: ConnectedDatabase;
  let organizationId: OrganizationId;
  beforeAll(async () => {
    database = await createTestDatabase();
    connected = connectDatabase({ url: database.url, log: silentLog });
    const id = newId() as OrganizationId;
    await insertOrganization(connected.db, { id, slug: 'hub', name: 'Hub', paused: false });
    organizationId = id;
  });
  afterAll(async () => {
    await connected.stop();
    await database.stop();
  });

  it('keeps no room for a stream that closed before it was ready', async () => {
    const { hub, user } = await stage();
    for (let round = 0; round < 12; round += 1) {
      const gone = connect(user);
      const joining = hub.join(gone, undefined);
      hub.leave(gone);
      await joining;
      expect(gone.sent).toEqual([]);
    }
    expect(hub.room(user)).toBe('open');
    await hub.stop();
  });

  it('lets in ten streams of one user when twenty come at once', async () => {
    const { hub, user } = await stage();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => hub.join(connect(user), undefined)),
    );
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
    expect(hub.room(user)).toBe('user_full');
    await hub.stop();
  });

  it('keeps listening when the last stream leaves while another joins', async () => {
    const { hub, user, listening } = await stage();
    const first = connect(user);
    await hub.join(first, undefined);
    const second = hub.join(connect(user), undefined);
    hub.leave(first);
    await second;
    expect(listening()).toEqual([user]);
    await hub.stop();
  });

  it('leaves a stream alone that joins while a heartbeat asks for the others', async () => {
    const { hub, user } = await stage();
    const late = await makeUser();
    await hub.join(connect(user), undefined);
    const unlock = await lockUsers();
    hub.onReconnect();
    await pollUntil(async () => (await waitingForLock()) > 0);
    const joined = connect(late);
    await hub.join(joined, undefined);
    await unlock();
    hub.onReconnect();
    await pollUntil(() => joined.sent.some(({ frame }) => frame.type === 'heartbeat') || joined.closed[0]);
    expect(joined.closed).toEqual([]);
    await hub.stop();
  });

  it('tells a stream everything it missed though it comes back while the others are being told', async () => {
    const { hub, user } = await stage();
    await hub.join(connect(user), undefined);
    await place(user);
    for (let head = 2; head <= 60; head += 1) {
      const [placed, back] = [place(user), connect(user)];
      hub.onHint(user, await placed);
      await hub.join(back, { epoch, sequence: head - 2 });
      const seen = () => back.sent.flatMap(({ frame }) => (frame.type === 'changes' ? [frame] : []));
      await pollUntil(() => seen().at(-1)?.position === `${epoch}.${head}`);
      expect(seen().flatMap((frame) => frame.placed.map((item) => item.sequence))).toEqual([head - 1, head]);
      hub.leave(back);
    }
    await hub.stop();
  });

  it('gives a stream that comes back the place to resume from before it has caught up', async () => {
    const { hub, user } = await stage();
    for (let index = 0; index < 3; index += 1) await place(user);
    const back = connect(user);
    await hub.join(back, { epoch, sequence: 1 });
    expect(back.sent[0]).toMatchObject({
      frame: { type: 'ready', position: `${epoch}.3` },
      resumeAt: `${epoch}.1`,
    });
    await pollUntil(() => back.sent.length === 2);
    expect(back.sent[1]).toMatchObject({ frame: { type: 'changes' }, resumeAt: `${epoch}.3` });
    await hub.stop();
  });

  it.each([
    { name: 'another life of the database', after: { epoch: 'other', sequence: 1 }, reason: 'other_epoch' },
    { name: 'more than there is', after: { epoch, sequence: 9 }, reason: 'ahead_of_head' },
  ])('tells who saw $name to start afresh, with nothing to resume from until then', async (row) => {
    const { hub, user } = await stage();
    await place(user);
    const stream = connect(user);
    await hub.join(stream, row.after);
    expect(stream.sent).toEqual([
      { frame: expect.objectContaining({ type: 'ready' }), resumeAt: undefined },
      { frame: expect.objectContaining({ type: 'resync', reason: row.reason }), resumeAt: `${epoch}.1` },
    ]);
    await hub.stop();
  });

  it('counts exactly when streams come and go between changes that nobody was told of', async () => {
    const { hub, user } = await stage();
    const first = connect(user);
    await hub.join(first, undefined);
    await place(user);
    await place(user);
    const second = connect(user);
    await hub.join(second, undefined);
    hub.leave(first);
    hub.onHint(user, await place(user));
    await pollUntil(() => second.sent.some(({ frame }) => frame.type === 'changes'));
    expect(second.sent.at(-1)?.frame).toMatchObject({ counts: { unread: 3, unseen: 3 } });
    await hub.stop();
  });

  it('tells an expired item as gone', async () => {
    const { hub, user } = await stage();
    await place(user);
    const stream = connect(user);
    await hub.join(stream, undefined);
    await runSql(database.url, 'update inbox_state set head = 2 where user_id = $1', [user]);
    const [row] = await runSql(
      database.url,
      'update notifications set expired_at = carillon_now(), changed_sequence = 2 where recipient_id = $1 returning id',
      [user],
    );
    hub.onHint(user, 2);
    await pollUntil(() => stream.sent.some(({ frame }) => frame.type === 'changes'));
    expect(stream.sent.at(-1)?.frame).toMatchObject({
      ...{ placed: [], changed: [], deleted: [row?.['id']], counts: { unread: 0, unseen: 0 } },
    });
    await hub.stop();
  });

  it('closes a stream that leaves a megabyte unread, and writes nothing more to it', async () => {
    const { hub, user } = await stage();
    const slow = connect(user);
    await hub.join(slow, undefined);
    slow.unreadBytes = 1024 * 1024 + 1;
    hub.onHint(user, await place(user));
    await pollUntil(() => slow.closed.length > 0);
    hub.onHint(user, await place(user));
    await hub.stop();
    expect({ closed: slow.closed, frames: slow.sent.map(({ frame }) => frame.type) }).toEqual({
      ...{ closed: ['slow'], frames: ['ready'] },
    });
  });

  it('keeps a stream whose form would rather miss what it does not read, and tells it what comes then', async () => {
    const { hub, user } = await stage();
    const slow = connect(user);
    slow.form = { ...v1Form, slow: 'drop' };
    await hub.join(slow, undefined);
    const other = connect(user);
    await hub.join(other, undefined);
    slow.unreadBytes = 1024 * 1024 + 1;
    hub.onHint(user, await place(user));
    await pollUntil(() => other.sent.length === 2);
    slow.unreadBytes = 0;
    hub.onHint(user, await place(user));
    await pollUntil(() => slow.sent.length === 2);
    await hub.stop();
    const placed = slow.sent.flatMap(({ frame }) => (frame.type === 'changes' ? frame.placed : []));
    expect(placed.map((item) => item.sequence)).toEqual([2]);
    expect(slow.closed).toEqual(['restart']);
  });

  it.each([
    {
      name: 'whose token was revoked',
      end: 'update access_tokens set revoked_at = carillon_now() where id = $1',
    },
    {
      name: 'whose token has expired',
      end: `update access_tokens set expires_at = carillon_now() where id = $1`,
    },
    {
      name: 'whose user was removed',
      end: `update users set deleted_at = carillon_now() where id = (select user_id from access_tokens where id = $1)`,
    },
    {
      name: 'whose session was ended',
      by: 'session',
      end: 'update sessions set revoked_at = carillon_now() where id = $1',
    },
  ])('closes a stream $name, and no other', async ({ end, by }) => {
    const { hub, user } = await stage();
    const id = newId();
    await runSql(
      database.url,
      `insert into access_tokens (id, organization_id, user_id, lookup, hash) values ($1, $2, $3, $4, 'x')`,
      [id, organizationId, user, id],
    );
    await runSql(
      database.url,
      `insert into sessions (id, organization_id, user_id, lookup, refresh_hash, expires_at)
        values ($1, $2, $3, $4, 'x', carillon_now() + interval '1 day')`,
      [id, organizationId, user, id],
    );
    const credential = by === 'session' ? { sessionId: id as SessionId } : { tokenId: id as AccessTokenId };
    const ended = connect(user, credential);
    const other = connect(await makeUser());
    await hub.join(ended, undefined);
    await hub.join(other, undefined);
    await runSql(database.url, end, [id]);
    hub.onReconnect();
    await pollUntil(() => ended.closed.length > 0);
    expect({ ended: ended.closed, other: other.closed }).toEqual({ ended: ['revoked'], other: [] });
    expect(ended.sent.at(-1)?.frame).toMatchObject({ type: 'error', code: 'auth.revoked' });
    await hub.stop();
  });

  async function stage(): Promise<{ hub: Hub; user: UserId; listening(): UserId[] }> {
    const subscribed = new Set<UserId>();
    const hub = createHub(
      {
        ...{ system: connected.db, log: silentLog, clock: createClock(), epoch: () => epoch },
        metrics: createMetrics({ service: 'api', version: 'test' }),
      },
      {
        subscribe: async (userId) => void subscribed.add(userId),
        unsubscribe: async (userId) => void subscribed.delete(userId),
      },
    );
    return { hub, user: await makeUser(), listening: () => [...subscribed] };
  }

  async function makeUser(): Promise<UserId> {
    const { user } = await upsertUser(connected.db, {
      ...{ id: newId() as UserId, organizationId, fields: { externalId: newId() } },
    });
    return user.id;
  }

  function connect(userId: UserId, more: { tokenId?: AccessTokenId; sessionId?: SessionId } = {}): Recorded {
    const recorded: Recorded = {
      caller: {
        ...{ userId, organizationId, expiresAt: undefined },
        ...{ tokenId: more.tokenId, sessionId: more.sessionId },
      },
      ...{ transport: 'websocket', sent: [], closed: [], unreadBytes: 0 },
      form: v1Form,
      send: ({ text, resumeAt }) => recorded.sent.push({ frame: JSON.parse(text), resumeAt }),
      bufferedBytes: () => recorded.unreadBytes,
      close: (reason) => recorded.closed.push(reason),
    };
    return recorded;
  }

  /** An item that entered the inbox; answers the head. */
  async function place(user: UserId): Promise<number> {
    const id = newId() as NotificationId;
    const rows = await runSql(
      database.url,
      `with bumped as (update inbox_state set head = head + 1 where user_id = $3 returning head)
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, dispatched_at, inbox_at,
         placed_sequence, changed_sequence)
       select $1, $2, (select count(*) + 1 from notifications), $1, $3, 'x', carillon_now(), carillon_now(), head, head from bumped
       returning placed_sequence::int as head`,
      [id, organizationId, user],
    );
    return Number(rows[0]?.['head']);
  }

  /** Nobody reads `users` until the answer is called. */
  async function lockUsers(): Promise<() => Promise<void>> {
    let release = (): void => undefined;
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve;
    });
    const holding = connected.db.transaction().execute(async (transaction) => {
      // ALTER TABLE takes the strongest lock there is, until the transaction ends.
      const { schema } = transaction;
      await schema
        .alterTable('users')
        .alterColumn('name', (column) => column.dropDefault())
        .execute();
      locked();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await isLocked;
    return async () => {
      release();
      await holding;
    };
  }

  async function waitingForLock(): Promise<number> {
    const rows = await runSql(
      database.url,
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return Number(rows[0]?.['n']);
  }
});
