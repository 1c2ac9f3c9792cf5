import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId, UserId } from '@carillon/core';
import {
  idsOf,
  makeOrganization,
  makeRequest,
  makeUser,
  makeUsers,
  newId,
  openTestStore,
} from '../../test/store.ts';
import type { TestStore } from '../../test/store.ts';
import { insertNotifications, resolveRecipients, type AcceptRequest, type RecipientQuery } from './accept.ts';
import { deleteOldIdempotencyKeys, loadStoredRequest, type IdempotencyKey } from './idempotency.ts';
import { deleteUser } from './users.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.stop());

const numbersOf = async (organizationId: OrganizationId) =>
  (
    await store.rows('select number::int from notifications where organization_id = $1 order by number', [
      organizationId,
    ])
  ).map((row) => row['number']);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('accepting', () => {
  it('keeps everything that was told', async () => {
    const organizationId = await makeOrganization(store.db);
    const [recipient, sender] = await makeUsers(store.db, organizationId, 2);
    const target = newId<string>();
    const request = makeRequest(organizationId, [recipient as UserId], {
      requestId: 'req-7',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      content: {
        ...{
          title: 'T "quoted" \\ 👩‍👩‍👧',
          body: '**b**',
          category: 'deploys',
          data: { a: [1, null, { b: 'x' }] },
        },
        ...{
          actions: [{ label: 'Go', url: 'https://ok.example' }],
          targets: [target],
          url: '/x',
          icon: '/i.png',
        },
        ...{ senderId: sender, environment: 'prod', project: 'p', urgent: true, kinds: ['inbox', 'email'] },
        ...{ expiresAt: new Date('2100-01-02T03:04:05.678Z') },
      },
    });
    await insertNotifications(store.db, [request]);
    const [row] = await store.rows('select * from notifications where organization_id = $1', [
      organizationId,
    ]);
    expect(row).toMatchObject({
      ...{
        id: idsOf(request)[0],
        recipient_id: recipient,
        sender_id: sender,
        trigger_id: request.triggers[0]?.id,
      },
      ...{
        title: 'T "quoted" \\ 👩‍👩‍👧',
        body: '**b**',
        category: 'deploys',
        data: { a: [1, null, { b: 'x' }] },
      },
      ...{
        actions: [{ label: 'Go', url: 'https://ok.example' }],
        targets: [target],
        url: '/x',
        icon: '/i.png',
      },
      ...{ environment: 'prod', project: 'p', urgent: true, kinds: ['inbox', 'email'], request_id: 'req-7' },
      ...{
        expires_at: new Date('2100-01-02T03:04:05.678Z'),
        dispatched_at: null,
        inbox_at: null,
        version: 1,
      },
    });
  });

  it('gives a job three seconds before the reconciler looks, and none where no job follows', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 1);
    const hinted = makeRequest(organizationId, users, { lane: 'hinted' });
    const bulk = makeRequest(organizationId, users, { lane: 'bulk' });
    await insertNotifications(store.db, [hinted, bulk]);
    const rows = await store.rows(
      `select extract(epoch from hint_after - created_at)::int as seconds from notifications
       where organization_id = $1 order by id = $2`,
      [organizationId, idsOf(hinted)[0]],
    );
    expect(rows.map((row) => row['seconds'])).toEqual([0, 3]);
  });

  it('numbers an organization 1..n without holes while twenty flushes run at once over several', async () => {
    const organizations = await Promise.all(upTo(4).map(() => makeOrganization(store.db)));
    const users = await Promise.all(organizations.map((id) => makeUsers(store.db, id, 2)));
    const counts = new Map(organizations.map((id) => [id, 0]));
    const flushes = upTo(20).map((flush) =>
      upTo(6).map((n) => {
        const index = (flush * n) % organizations.length;
        const organizationId = organizations[index] as OrganizationId;
        counts.set(organizationId, (counts.get(organizationId) ?? 0) + 2);
        return makeRequest(organizationId, users[index] ?? [], {
          idempotency: keyed(`k${(flush * 7 + n) % 120}-${flush}`),
        });
      }),
    );
    const before = await deadlocks();
    await Promise.all(flushes.map((requests) => insertNotifications(store.db, requests)));
    expect(await deadlocks()).toBe(before);
    for (const [organizationId, count] of counts)
      expect(await numbersOf(organizationId)).toEqual(upTo(count));
  });

  it('takes all of a flush or nothing', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 1);
    const good = makeRequest(organizationId, users, { idempotency: keyed('with-a-bad-one') });
    const bad = makeRequest(organizationId, users, { content: { title: 'no \u0000 in PostgreSQL' } });
    await expect(insertNotifications(store.db, [good, bad])).rejects.toMatchObject({ code: '22P05' });
    expect(await numbersOf(organizationId)).toEqual([]);
    await insertNotifications(store.db, [good]);
    expect(await numbersOf(organizationId)).toEqual([1]);
  });

  it('writes nothing twice for the same request', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 3);
    const withKey = makeRequest(organizationId, users, { idempotency: keyed('again') });
    const without = makeRequest(organizationId, users);
    await insertNotifications(store.db, [withKey, without]);
    const again = await insertNotifications(store.db, [withKey, without]);
    expect(again.alreadyKeyed).toEqual(new Set([withKey.id]));
    expect(await numbersOf(organizationId)).toEqual(upTo(6));
  });
});

describe('an idempotency key', () => {
  it('raced by twenty requests has one winner, and each loser can read it', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 2);
    const requests = upTo(20).map(() => makeRequest(organizationId, users, { idempotency: keyed('race') }));
    const results = await Promise.all(requests.map((request) => insertNotifications(store.db, [request])));
    const winners = requests.filter((request, index) => !results[index]?.alreadyKeyed.has(request.id));
    expect(winners).toHaveLength(1);
    const stored = await loadStoredRequest(store.db, keyOf(organizationId, keyed('race')));
    expect(stored).toEqual({
      requestId: winners[0]?.id,
      bodyHash: 'hash',
      ids: idsOf(winners[0] as AcceptRequest),
      details: { merged: [] },
    });
    expect(await numbersOf(organizationId)).toEqual([1, 2]);
  });

  it('used twice inside one flush has one winner', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 1);
    const requests = upTo(2).map(() => makeRequest(organizationId, users, { idempotency: keyed('twins') }));
    const { alreadyKeyed } = await insertNotifications(store.db, requests);
    expect(alreadyKeyed.size).toBe(1);
    expect(await numbersOf(organizationId)).toEqual([1]);
  });

  it('means nothing to another caller, organization or route', async () => {
    const [here, there] = [await makeOrganization(store.db), await makeOrganization(store.db)];
    const userHere = await makeUsers(store.db, here, 1);
    const userThere = await makeUsers(store.db, there, 1);
    const requests = [
      makeRequest(here, userHere, { idempotency: keyed('same') }),
      makeRequest(here, userHere, { idempotency: { ...keyed('same'), callerId: newId() } }),
      makeRequest(here, userHere, { idempotency: { ...keyed('same'), route: 'POST /v1/other' } }),
      makeRequest(there, userThere, { idempotency: keyed('same') }),
    ];
    expect((await insertNotifications(store.db, requests)).alreadyKeyed.size).toBe(0);
    expect(await numbersOf(here)).toEqual([1, 2, 3]);
    expect(await numbersOf(there)).toEqual([1]);
  });

  it('is kept for a day and then forgotten', async () => {
    const organizationId = await makeOrganization(store.db);
    const users = await makeUsers(store.db, organizationId, 1);
    const requests = ['old', 'new'].map((key) =>
      makeRequest(organizationId, users, { idempotency: keyed(key) }),
    );
    await insertNotifications(store.db, requests);
    await store.rows(
      `update idempotency_keys set created_at = carillon_now() - interval '24 hours 1 second'
       where organization_id = $1 and key = 'old'`,
      [organizationId],
    );
    expect(await deleteOldIdempotencyKeys(store.db, 100)).toBe(1);
    expect(await loadStoredRequest(store.db, keyOf(organizationId, keyed('old')))).toBeUndefined();
    expect(await loadStoredRequest(store.db, keyOf(organizationId, keyed('new')))).toBeDefined();
  });
});

describe('finding recipients', () => {
  it('knows users by id, external id and e-mail in any case, and nobody else', async () => {
    const [here, there] = [await makeOrganization(store.db), await makeOrganization(store.db)];
    const ada = await makeUser(store.db, here, { externalId: 'ada', email: 'Ada@Example.com' });
    const umlaut = await makeUser(store.db, here, { email: 'Ärger@example.com' });
    const gone = await makeUser(store.db, here, { externalId: 'gone', email: 'gone@example.com' });
    await deleteUser(store.db, here, gone);
    const foreign = await makeUser(store.db, there, { externalId: 'foreign', email: 'foreign@example.com' });
    const refs: [RecipientQuery['ref'], UserId | undefined][] = [
      [{ by: 'id', id: ada }, ada],
      [{ by: 'external_id', externalId: 'ada' }, ada],
      [{ by: 'external_id', externalId: 'ADA' }, undefined],
      [{ by: 'email', email: 'aDA@exAMPLE.COM' }, ada],
      [{ by: 'email', email: 'Ärger@Example.com' }, umlaut],
      [{ by: 'id', id: gone }, undefined],
      [{ by: 'external_id', externalId: 'gone' }, undefined],
      [{ by: 'email', email: 'gone@example.com' }, undefined],
      [{ by: 'id', id: foreign }, undefined],
      [{ by: 'external_id', externalId: 'foreign' }, undefined],
      [{ by: 'email', email: 'foreign@example.com' }, undefined],
      [{ by: 'id', id: newId<UserId>() }, undefined],
    ];
    const queries = refs.map(([ref], ordinal) => ({ ordinal, organizationId: here, ref }));
    const found = await resolveRecipients(store.db, queries);
    expect(refs.map((_, ordinal) => found.get(ordinal))).toEqual(refs.map(([, id]) => id));
  });

  it('asks nothing for nobody', async () => {
    expect(await resolveRecipients(store.db, [])).toEqual(new Map());
  });
});

const callerId = newId<string>();
function keyed(key: string) {
  return { callerId, route: 'POST /v1/notifications', key, bodyHash: 'hash', details: { merged: [] } };
}
function keyOf(organizationId: OrganizationId, given: ReturnType<typeof keyed>): IdempotencyKey {
  return { organizationId, callerId: given.callerId, route: given.route, key: given.key };
}
async function deadlocks(): Promise<unknown> {
  const [row] = await store.rows('select deadlocks from pg_stat_database where datname = current_database()');
  return row?.['deadlocks'];
}
