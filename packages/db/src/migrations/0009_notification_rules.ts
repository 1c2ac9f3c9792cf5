import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Personal notification rules, and short ids for edges whose clients know no UUIDs: a letter and twelve characters of
 * A–Z without O and 1–9, cut from a digest of the UUID. 61 bits: among a million users two have the same in one of
 * five million installations. They are columns, because row-level security keeps an index from being asked with a
 * function of ours; adding the one of users writes that table anew, about 30 s for a million of them.
 * Code of schema 8 beside it writes users as before, knows no rules, and reaches everybody by preferences alone.
 */
export const migration: Migration = {
  number: 9,
  name: 'notification_rules',
  oldestCode: 8,
  async up(db) {
    await sql`
      create function carillon_short_id(prefix text, id uuid) returns text language plpgsql immutable strict parallel safe
        as $$
          declare
            rest bigint := ('x' || encode(substr(sha256(uuid_send(id)), 1, 8), 'hex'))::bit(64)::bigint
              & 9223372036854775807;
            made text := prefix;
          begin
            for place in 1..12 loop
              made := made || substr('ABCDEFGHIJKLMNPQRSTUVWXYZ123456789', (rest % 34)::int + 1, 1);
              rest := rest / 34;
            end loop;
            return made;
          end
        $$;

      alter table users add column short_id text not null generated always as (carillon_short_id('U', id)) stored;
      create index users_short_id on users (organization_id, short_id) where deleted_at is null;

      create table rules (
        id uuid primary key,
        short_id text not null unique generated always as (carillon_short_id('N', id)) stored,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        important boolean not null default false,
        position int not null check (position >= 0),
        type text not null,
        wait_seconds int check (wait_seconds between 60 and 86400),
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now(),
        constraint rules_position unique (user_id, important, position) deferrable,
        check ((type = 'wait') = (wait_seconds is not null))
      );
      create index rules_organization on rules (organization_id, user_id, important, position);

      create table rule_lists (
        user_id uuid not null references users on delete cascade,
        important boolean not null,
        organization_id uuid not null,
        repeat_times int not null default 0 check (repeat_times between 0 and 10),
        repeat_every_seconds int check (repeat_every_seconds between 60 and 86400),
        updated_at timestamptz not null default carillon_now(),
        primary key (user_id, important),
        check (repeat_times = 0 or repeat_every_seconds is not null)
      );
    `.execute(db);
  },
  protect: ['rules', 'rule_lists'],
};
