import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Fewer writes for each delivery. An attempt that is under way stands on its delivery
 * (`attempt_started_at` while it is `sending`) and becomes a row of `attempts` when its outcome is
 * known. The unique key begins with the organization, so that it serves the log as well and
 * `deliveries_log` can go.
 * Code of schema 2 writes attempts that are not over, so it cannot run beside.
 */
export const migration: Migration = {
  number: 3,
  name: 'leaner_deliveries',
  oldestCode: 3,
  async up(db) {
    await sql`
      alter table deliveries add column attempt_started_at timestamptz;
      update deliveries d set attempt_started_at = a.started_at from attempts a
        where d.state = 'sending' and a.delivery_id = d.id and a.number = d.attempts_made
          and a.lease_token = d.lease_token and a.ended_at is null;
      delete from attempts where ended_at is null;
      alter table attempts drop column lease_token, alter column started_at drop default,
        alter column ended_at set default carillon_now(), alter column ended_at set not null,
        alter column outcome set not null;

      alter table deliveries drop constraint deliveries_notification_id_step_kind_contact_point_id_key;
      alter table deliveries add constraint deliveries_notification
        unique nulls not distinct (organization_id, notification_id, step, kind, contact_point_id);
      drop index deliveries_log;
    `.execute(db);
  },
  protect: [],
};
