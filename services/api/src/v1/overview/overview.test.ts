import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { createConsumer } from '@carillon/queue';
import { pollUntil, runSql, silentLog, testRedisUrl } from '@carillon/testkit';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
// An organization of its own for each: what one was told is remembered for three seconds.
beforeEach(async () => {
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
});

const newId = createNewId();
const look = async () => (await api.ask('GET', '/v1/overview', { token: admin.token })).body;
const run = (text: string, values: unknown[] = []) => runSql(api.databaseUrl, text, values);

async function notify(): Promise<string> {
  const body = { to: [admin.id], title: 'Hello' };
  const answer = await api.ask('POST', '/v1/notifications', { token: admin.token, body });
  return answer.body.notifications[0].id;
}

interface Stored {
  state: string;
  kind?: string;
  dueInMinutes?: number;
  settledMinutesAgo?: number;
  acceptedHoursAgo?: number;
}

/** A delivery as a worker would have left it. */
async function deliver({ state, kind = 'email', dueInMinutes = 0, ...more }: Stored): Promise<void> {
  const settledAgo = more.settledMinutesAgo;
  const acceptedAgoMs = (more.acceptedHoursAgo ?? 0) * 3_600_000;
  const hex = (Date.now() - acceptedAgoMs).toString(16).padStart(12, '0');
  const notificationId = `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`;
  await run(
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state,
       not_before, scan_after, settled_at)
     values ($1, $2, $7, $3, $4, $2, $5, carillon_now() + $6 * interval '1 minute',
       carillon_now() + $6 * interval '1 minute', carillon_now() - $8::float8 * interval '1 minute')`,
    [newId(), admin.organizationId, admin.id, kind, state, dueInMinutes, notificationId, settledAgo ?? null],
  );
}

describe('GET /v1/overview', () => {
  it('is all zeros for an organization that has done nothing', async () => {
    const overview = await look();
    expect(overview).toMatchObject({
      ...{ accepted: 0, sent: 0, due: 0, held: 0, dead_letters: 0, undispatched: 0, oldest_due_seconds: 0 },
      ...{ paused_at: null, delivery_mode: 'live', kinds: [] },
    });
    expect(overview.pieces).toHaveLength(30);
  });

  it('puts what was accepted where it belongs in the last hour, and leaves out what is older', async () => {
    const ages = [0.1, 0.2, 1, 3, 3.5, 58, 59.5, 61, 180];
    const ids: string[] = [];
    for (const _ of ages) ids.push(await notify());
    // Numbers rise with time: the first that was made is the oldest.
    for (const [index, age] of ages.toReversed().entries()) {
      const text = `update notifications set created_at = carillon_now() - $2::float8 * interval '1 minute' where id = $1`;
      await run(text, [ids[index], age]);
    }
    const { accepted, pieces } = await look();
    expect(accepted).toBe(7);
    expect(pieces.map((piece: { accepted: number }) => piece.accepted)).toEqual([
      ...[2, ...Array.from({ length: 27 }, () => 0), 2, 3],
    ]);
  });

  it('counts right past numbers that are gone', async () => {
    const ids = [await notify(), await notify(), await notify()];
    await run('update notifications set number = number + 1000 where id = $1', [ids[2]]);
    await run(`update notifications set created_at = carillon_now() - interval '2 hours' where id = $1`, [
      ids[0],
    ]);
    expect((await look()).accepted).toBeGreaterThanOrEqual(2);
  });

  it('tells what is due, what waits and what was given up, by channel kind', async () => {
    await deliver({ state: 'pending', dueInMinutes: -5 });
    await deliver({ state: 'pending', dueInMinutes: 30 });
    await deliver({ state: 'pending', dueInMinutes: 60, kind: 'sms' });
    await deliver({ state: 'dead', settledMinutesAgo: 10 });
    await deliver({ state: 'unknown', settledMinutesAgo: 90 });
    const overview = await look();
    expect(overview).toMatchObject({ due: 1, held: 2, dead_letters: 2, dead_letters_lately: 1 });
    expect(overview.oldest_due_seconds).toBeGreaterThanOrEqual(299);
    expect(overview.kinds).toMatchObject([
      { kind: 'email', due: 1, held: 1, dead_letters: 2, failed: 1 },
      { kind: 'sms', due: 0, held: 1, dead_letters: 0 },
    ]);
  });

  it('counts what quiet hours held overnight when it is sent', async () => {
    await deliver({ state: 'sent', settledMinutesAgo: 1, acceptedHoursAgo: 9 });
    await deliver({ state: 'sent', settledMinutesAgo: 70, acceptedHoursAgo: 9 });
    const { sent, pieces } = await look();
    expect({ sent, last: pieces.at(-1).sent }).toEqual({ sent: 1, last: 1 });
  });

  it('counts nothing of another organization', async () => {
    await notify();
    await deliver({ state: 'dead', settledMinutesAgo: 1 });
    admin = await api.makeUser(await api.makeOrganization(), 'admin');
    expect(await look()).toMatchObject({ accepted: 0, dead_letters: 0 });
  });

  it('tells how each kind is set up, and what is paused', async () => {
    const { token } = admin;
    const make = async (body: object) => (await api.ask('POST', '/v1/channels', { token, body })).body.id;
    await make({ kind: 'email', name: 'Mail' });
    await make({ kind: 'email', name: 'Spare', enabled: false });
    const broken = await make({ kind: 'email', name: 'Broken' });
    await run('update channels set opened_at = carillon_now(), probe_at = carillon_now() where id = $1', [
      broken,
    ]);
    await api.ask('PUT', '/v1/paused', { token, body: { paused: true, channels: ['email'] } });
    const overview = await look();
    expect(overview.paused_at).not.toBeNull();
    expect(overview.kinds).toMatchObject([
      { kind: 'email', channels: 3, enabled: 2, paused: 0, not_answering: 1, is_paused: true },
    ]);
  });

  it('counts the workers that are alive', async () => {
    const consumer = createConsumer({
      ...{ redisUrl: testRedisUrl(), log: silentLog, queue: 'dispatch-normal', concurrency: 1 },
      onJob: async () => undefined,
    });
    try {
      await pollUntil(async () => {
        admin = await api.makeUser(await api.makeOrganization(), 'admin');
        return (await look()).workers_alive > 0;
      });
    } finally {
      await consumer.stop(1_000);
    }
  });
});
