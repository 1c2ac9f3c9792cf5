import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Channels know how many messages a second they may send, and whether their target failed so often in a row that
 * nothing is sent to it but a probe. What waits for such a target is not looked at by the due-scan (`scan_after`
 * is infinity) and found by its channel when that works again. An attempt tells through which channel it went: with
 * several channels of a kind one is tried after the other.
 * Code of schema 8 beside it sends through channels as if they worked, as fast as it can, and leaves alone what waits;
 * its attempts tell no channel.
 */
export const migration: Migration = {
  number: 12,
  name: 'circuits_and_rates',
  oldestCode: 8,
  async up(db) {
    await sql`
      alter table channels
        add column rate jsonb,
        add column opened_at timestamptz,
        add column probe_at timestamptz,
        add check ((opened_at is null) = (probe_at is null));
      alter table attempts add column channel_id uuid;
      create index deliveries_circuit on deliveries (channel_id, not_before)
        where state = 'pending' and reason = 'circuit_open';
    `.execute(db);
  },
  protect: [],
};
