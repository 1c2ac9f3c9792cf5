import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * The store of the first version: organizations, users and how to reach them, notifications that are
 * at once the inbox item and the outbox entry, deliveries and their attempts.
 * Nothing older exists, so no older code can run beside it.
 */
export const migration: Migration = {
  number: 1,
  name: 'store',
  oldestCode: 1,
  async up(db) {
    await sql`
      -- To the millisecond, so that an instant is the same value in SQL, in a program and in a cursor.
      create function carillon_now() returns timestamptz language sql stable
        as $$ select date_trunc('milliseconds', now()) $$;

      create table settings (
        key text primary key,
        value jsonb not null
      );
      insert into settings (key, value)
        values ('epoch', to_jsonb(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)));

      create table organizations (
        id uuid primary key,
        slug text not null unique,
        name text not null,
        zone text not null default 'UTC',
        locale text not null default 'en',
        paused_at timestamptz,
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now()
      );

      create table organization_numbers (
        organization_id uuid primary key,
        next_number bigint not null default 1
      ) with (fillfactor = 50);

      create table users (
        id uuid primary key,
        organization_id uuid not null references organizations,
        external_id text,
        username text,
        email text,
        name text,
        zone text,
        locale text,
        role text not null default 'member' check (role in ('admin', 'member', 'system')),
        password_hash text,
        profile jsonb not null default '{}',
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now(),
        deleted_at timestamptz
      );
      create unique index users_external_id on users (organization_id, external_id) where external_id is not null;
      create unique index users_email on users (organization_id, lower(email)) where email is not null;
      create unique index users_username on users (organization_id, lower(username)) where username is not null;
      create index users_updated on users (organization_id, updated_at, id) where deleted_at is null;
      create index users_deleted on users (deleted_at) where deleted_at is not null;

      create table inbox_state (
        user_id uuid primary key,
        organization_id uuid not null,
        head bigint not null default 0,
        resync_below bigint not null default 0
      ) with (fillfactor = 50);

      create table contact_points (
        id uuid primary key,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        kind text not null,
        address text not null,
        verified_at timestamptz,
        bad_reason text,
        created_at timestamptz not null default carillon_now(),
        unique (user_id, kind, address)
      );

      create table access_tokens (
        id uuid primary key,
        organization_id uuid references organizations,
        user_id uuid references users on delete cascade,
        operator boolean not null default false,
        name text not null default '',
        lookup text not null unique,
        hash text not null,
        scopes text[] not null default '{}',
        created_at timestamptz not null default carillon_now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        check (operator or user_id is not null)
      );
      create index access_tokens_user on access_tokens (user_id);

      create table stream_tickets (
        hash text primary key,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        token_id uuid,
        credential_expires_at timestamptz,
        expires_at timestamptz not null
      );

      create table idempotency_keys (
        organization_id uuid not null,
        caller_id uuid not null,
        route text not null,
        key text not null,
        body_hash text not null,
        request_id uuid not null,
        ids uuid[] not null default '{}',
        details jsonb,
        created_at timestamptz not null default carillon_now(),
        primary key (organization_id, caller_id, route, key)
      );
      create index idempotency_keys_created on idempotency_keys (created_at);

      create table channels (
        id uuid primary key,
        organization_id uuid not null references organizations,
        kind text not null,
        name text not null,
        enabled boolean not null default true,
        position int not null default 0,
        settings jsonb not null default '{}',
        secrets text,
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now()
      );
      create index channels_organization on channels (organization_id, position, id);

      create table notifications (
        id uuid primary key,
        organization_id uuid not null,
        number bigint not null,
        trigger_id uuid not null,
        recipient_id uuid not null,
        sender_id uuid,
        template_id uuid,
        template_version int,
        category text not null default 'general',
        title text not null,
        body text not null default '',
        icon text,
        actions jsonb not null default '[]',
        targets uuid[] not null default '{}',
        data jsonb not null default '{}',
        url text,
        collection text,
        item text,
        environment text not null default '',
        project text not null default '',
        urgent boolean not null default false,
        kinds text[],
        subject_key text,
        collapse_key text,
        inbox_always boolean not null default false,
        request_id text,
        traceparent text,
        send_at timestamptz,
        expires_at timestamptz,
        created_at timestamptz not null default carillon_now(),
        hint_after timestamptz not null default carillon_now(),
        dispatch_tries int not null default 0,
        dispatched_at timestamptz,
        cancelled_at timestamptz,
        inbox_at timestamptz,
        inbox_reason text,
        decisions jsonb,
        status text not null default 'inbox',
        archived_at timestamptz,
        read_at timestamptz,
        seen_at timestamptz,
        acknowledged_at timestamptz,
        dismissed_at timestamptz,
        snoozed_until timestamptz,
        expired_at timestamptz,
        deleted_at timestamptz,
        timestamp_override timestamptz,
        placed_sequence bigint,
        changed_sequence bigint,
        version int not null default 1
      ) with (fillfactor = 80, autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.1);

      create index notifications_inbox on notifications (recipient_id, inbox_at desc, id desc)
        where inbox_at is not null and archived_at is null and dismissed_at is null
          and snoozed_until is null and expired_at is null and deleted_at is null;
      create index notifications_unread on notifications (recipient_id) include (seen_at)
        where read_at is null and inbox_at is not null and archived_at is null and dismissed_at is null
          and snoozed_until is null and expired_at is null and deleted_at is null;
      create index notifications_changes on notifications (recipient_id, changed_sequence, id)
        where placed_sequence is not null;
      create index notifications_undispatched on notifications (organization_id, hint_after)
        where dispatched_at is null;
      create unique index notifications_number on notifications (organization_id, number) where deleted_at is null;
      create index notifications_expiring on notifications (expires_at)
        where expires_at is not null and expired_at is null and inbox_at is not null and deleted_at is null;
      create index notifications_tombstones on notifications (deleted_at) where deleted_at is not null;

      create table deliveries (
        id uuid primary key,
        organization_id uuid not null,
        notification_id uuid not null,
        recipient_id uuid not null,
        step int not null default 0,
        kind text not null,
        channel_id uuid not null,
        contact_point_id uuid,
        state text not null default 'pending' check (state in ('pending', 'sending', 'sent', 'suppressed',
          'cancelled', 'expired', 'digested', 'dead', 'unknown')),
        reason text,
        not_before timestamptz not null default carillon_now(),
        scan_after timestamptz not null default carillon_now(),
        lease_token uuid,
        lease_until timestamptz,
        attempts_made int not null default 0,
        crashes int not null default 0,
        message jsonb,
        provider_id text,
        feedback text,
        created_at timestamptz not null default carillon_now(),
        settled_at timestamptz,
        unique nulls not distinct (notification_id, step, kind, contact_point_id)
      ) with (fillfactor = 70, autovacuum_analyze_threshold = 500);
      create index deliveries_scan on deliveries (organization_id, kind, scan_after) where state = 'pending';
      create index deliveries_leases on deliveries (lease_until) where state = 'sending';
      create index deliveries_log on deliveries (organization_id, id desc);

      create table attempts (
        delivery_id uuid not null,
        number int not null,
        organization_id uuid not null,
        lease_token uuid not null,
        started_at timestamptz not null default carillon_now(),
        ended_at timestamptz,
        outcome text,
        reason text,
        status_code int,
        provider_id text,
        primary key (delivery_id, number)
      ) with (fillfactor = 80);
    `.execute(db);
  },
  protect: [
    'organization_numbers',
    'users',
    'inbox_state',
    'contact_points',
    'access_tokens',
    'stream_tickets',
    'idempotency_keys',
    'channels',
    'notifications',
    'deliveries',
    'attempts',
  ],
};
