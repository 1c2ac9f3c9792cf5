import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Runs of notification rules and what their steps came to. A notification has one recipient and is dispatched once, so
 * that its id is the key of its run: there is no second. `sequence` counts the steps; deliveries of a step carry
 * its number in `step`.
 * `bundles` of an inbox holds when its rules last told by a kind.
 * Code of schema 8 beside it starts no runs and goes on with none; what it dispatches goes out by preferences alone, and
 * what waits is taken on by newer workers.
 */
export const migration: Migration = {
  number: 10,
  name: 'rule_runs',
  oldestCode: 8,
  async up(db) {
    await sql`
      create table rule_runs (
        notification_id uuid primary key,
        organization_id uuid not null,
        user_id uuid not null,
        list text not null check (list in ('default', 'important')),
        urgent boolean not null,
        state text not null default 'running' check (state in ('running', 'finished', 'stopped')),
        reason text,
        sequence int not null default 0,
        rule_id uuid,
        cursor_position int,
        round int not null default 0,
        paused_at timestamptz,
        fell_back boolean not null default false,
        next_at timestamptz not null default carillon_now(),
        started_at timestamptz not null default carillon_now(),
        ended_at timestamptz,
        check ((state = 'running') = (ended_at is null))
      ) with (fillfactor = 70, autovacuum_analyze_threshold = 500);
      create index rule_runs_due on rule_runs (organization_id, next_at) where state = 'running';
      create index rule_runs_paused on rule_runs (organization_id, user_id)
        where state = 'running' and paused_at is not null;

      create table rule_steps (
        notification_id uuid not null,
        sequence int not null,
        organization_id uuid not null,
        rule_id uuid,
        type text not null,
        decision text not null check (decision in ('send', 'wait', 'hold', 'suppress')),
        code text,
        until timestamptz,
        at timestamptz not null default carillon_now(),
        primary key (notification_id, sequence)
      );

      alter table inbox_state add column bundles jsonb;
      drop index deliveries_held;
      create index deliveries_held on deliveries (recipient_id, kind)
        where state = 'pending' and reason in ('quiet_hours', 'muted', 'digest', 'bundled');
    `.execute(db);
  },
  protect: ['rule_runs', 'rule_steps'],
};
