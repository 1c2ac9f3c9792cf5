import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What people want and when (categories, preferences, quiet hours), what product teams write
 * (templates with their versions, partials and layouts), and what is held for later.
 * Code of schema 3 beside it decides without them and leaves scheduled and held rows alone, because it
 * looks at times only.
 */
export const migration: Migration = {
  number: 4,
  name: 'preferences_and_templates',
  oldestCode: 3,
  async up(db) {
    await sql`
      create table categories (
        organization_id uuid not null,
        key text not null,
        name text not null,
        description text not null default '',
        mandatory boolean not null default false,
        quiet_mode text not null default 'hold' check (quiet_mode in ('hold', 'drop', 'digest', 'off')),
        default_enabled boolean not null default true,
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now(),
        primary key (organization_id, key)
      );

      create table preferences (
        id uuid primary key,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        category text not null default '',
        environment text not null default '',
        project text not null default '',
        kind text not null default '',
        enabled boolean,
        window_start text,
        window_end text,
        zone text,
        days int[],
        mode text check (mode in ('hold', 'drop', 'digest', 'off')),
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now(),
        unique (user_id, category, environment, project, kind),
        check ((window_start is null) = (window_end is null))
      );

      create table template_preferences (
        id uuid primary key,
        organization_id uuid not null,
        user_id uuid not null references users on delete cascade,
        template_id uuid not null,
        kind text not null default '',
        enabled boolean not null,
        updated_at timestamptz not null default carillon_now(),
        unique (user_id, template_id, kind)
      );

      create table quiet_hours (
        user_id uuid primary key references users on delete cascade,
        organization_id uuid not null,
        window_start text,
        window_end text,
        zone text,
        days int[],
        urgent_passes boolean not null default true,
        muted_until timestamptz,
        updated_at timestamptz not null default carillon_now(),
        check ((window_start is null) = (window_end is null))
      );

      create table templates (
        id uuid primary key,
        organization_id uuid not null,
        key text not null,
        name text not null,
        source text not null default 'custom' check (source in ('custom', 'system')),
        group_name text not null default '',
        category text not null default 'general',
        urgent boolean not null default false,
        mandatory boolean not null default false,
        kinds text[],
        default_enabled boolean,
        dispatch_method text,
        enabled boolean not null default true,
        published_version int,
        created_at timestamptz not null default carillon_now(),
        updated_at timestamptz not null default carillon_now(),
        deleted_at timestamptz
      );
      create unique index templates_key on templates (organization_id, key) where deleted_at is null;

      create table template_versions (
        template_id uuid not null references templates on delete cascade,
        version int not null,
        organization_id uuid not null,
        variants jsonb not null,
        layout text,
        layout_source text,
        data_schema jsonb,
        sample_data jsonb not null default '{}',
        on_missing text not null default 'empty' check (on_missing in ('empty', 'refuse')),
        partials jsonb not null default '{}',
        created_by uuid,
        created_at timestamptz not null default carillon_now(),
        published_at timestamptz,
        primary key (template_id, version)
      );

      create table template_parts (
        organization_id uuid not null,
        part text not null check (part in ('partial', 'layout')),
        key text not null,
        source text not null,
        updated_at timestamptz not null default carillon_now(),
        primary key (organization_id, part, key)
      );

      alter table inbox_state add column policy_version int not null default 0;
      alter table organizations add column paused_kinds text[] not null default '{}';

      alter table deliveries add column digest_id uuid,
        add column attempts_before_replay int not null default 0,
        add column past_expiry boolean not null default false;
      create index deliveries_held on deliveries (recipient_id, kind)
        where state = 'pending' and reason in ('quiet_hours', 'muted', 'digest');
      create index deliveries_dead on deliveries (organization_id, settled_at desc, id desc)
        where state in ('dead', 'unknown');
    `.execute(db);
  },
  protect: [
    'categories',
    'preferences',
    'template_preferences',
    'quiet_hours',
    'templates',
    'template_versions',
    'template_parts',
  ],
};
