import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What is due is found by channel. Where an endpoint is slow, nothing more is wanted for its channels: by time alone a
 * look at what is due walked over all that waits for them, each time.
 */
export const migration: Migration = {
  number: 18,
  name: 'due_by_channel',
  oldestCode: 8,
  async up(db) {
    await sql`
      drop index deliveries_scan;
      create index deliveries_scan on deliveries (kind, organization_id, channel_id, scan_after)
        where state = 'pending';
    `.execute(db);
  },
  protect: [],
};
