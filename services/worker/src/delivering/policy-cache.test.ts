import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserPolicy } from '@carillon/db';
import { inTransaction, loadDispatchBatch, setQuietHours } from '@carillon/db';
import { createClock } from '@carillon/runtime';
import { makeDeliveryRows, type DeliveryRows } from '../../test/delivery-rows.ts';
import { createPolicyCache, type PolicyCache } from './policy-cache.ts';

describe('kept policies', () => {
  let rows: DeliveryRows;
  let cache: PolicyCache;
  let elapsedMs = 0;

  beforeAll(async () => {
    rows = await makeDeliveryRows();
  });
  beforeEach(() => {
    const clock = createClock();
    const monotonicMs = () => clock.monotonicMs() + elapsedMs;
    cache = createPolicyCache({ db: rows.connected.db, clock: { ...clock, monotonicMs } });
  });
  afterAll(() => rows.stop());

  it('are the very ones that were loaded before, as long as nothing changed', async () => {
    expect(await policy()).toBe(await policy());
  });

  it('are loaded again at once after the user changed something', async () => {
    const before = await policy();
    await inTransaction(rows.connected.db, (db) =>
      setQuietHours(
        db,
        { organizationId: rows.organizationId, userId: rows.userId },
        {
          ...{ start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null, urgentPasses: false },
        },
      ),
    );
    const after = await policy();
    expect(after?.version).toBe((before?.version ?? 0) + 1);
    expect(after?.window).toEqual({ start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null });
  });

  it('are loaded again when the organization moved to another zone', async () => {
    await policy();
    await rows.sql(`update organizations set zone = 'Asia/Kathmandu'`);
    expect((await policy())?.zone).toBe('Asia/Kathmandu');
  });

  it('are loaded again after a minute, whatever the version says', async () => {
    const before = await policy();
    await rows.sql('update quiet_hours set urgent_passes = true');
    expect(await policy()).toBe(before);
    elapsedMs += 60_001;
    expect((await policy())?.urgentPasses).toBe(true);
  });

  it('are not kept where there are too many rows of them', async () => {
    await rows.sql(
      `insert into preferences (id, organization_id, user_id, project, enabled)
       select gen_random_uuid(), $1, $2, 'p' || n, true from generate_series(1, 101) n`,
      [rows.organizationId, rows.userId],
    );
    elapsedMs += 60_001;
    const first = await policy();
    expect(first?.rows).toHaveLength(101);
    expect(await policy()).not.toBe(first);
    await rows.sql('delete from preferences');
  });

  async function policy(): Promise<UserPolicy | undefined> {
    const batch = await loadDispatchBatch(rows.connected.db, await rows.accept(1));
    const { users } = await cache.ofBatch(batch, [rows.userId]);
    return users.get(rows.userId);
  }
});
