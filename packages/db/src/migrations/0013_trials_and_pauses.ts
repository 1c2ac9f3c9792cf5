import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Channels and templates can be paused by themselves. What a paused one keeps back is set aside (`scan_after`, of what
 * is undispatched `hint_after`, is infinity) and looked at again when it is resumed. `captured` holds what an
 * installation on trial would have sent to the outside; its ids are those of the deliveries, or of channel tests.
 * Code of schema 8 beside it knows no such pause: it sends what comes to it by a job, and leaves alone what was set
 * aside; it captures nothing, so that an installation on trial needs all of its workers to be of this schema.
 */
export const migration: Migration = {
  number: 13,
  name: 'trials_and_pauses',
  oldestCode: 8,
  async up(db) {
    await sql`
      alter table channels add column paused_at timestamptz;
      alter table templates add column paused_at timestamptz;
      create index channels_paused on channels (organization_id, kind) where paused_at is not null;
      create index templates_paused on templates (organization_id) where paused_at is not null;

      create table captured (
        id uuid primary key,
        organization_id uuid not null,
        kind text not null,
        channel_id uuid not null,
        notification_id uuid,
        recipient_id uuid not null,
        address text,
        settings jsonb not null,
        message jsonb,
        captured_at timestamptz not null default carillon_now()
      );
      create index captured_log on captured (organization_id, captured_at desc, id desc);
      create index captured_notification on captured (notification_id);
      create index captured_recipient on captured (recipient_id, captured_at desc, id desc);
      create index captured_age on captured (captured_at);
    `.execute(db);
  },
  protect: ['captured'],
};
