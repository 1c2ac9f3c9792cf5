import { sql } from 'kysely';
import type { Log } from '@carillon/core';
import type { Database } from './connect.ts';

/**
 * Two roles beside the owner of the tables: `carillon_api` reads and writes rows of one organization
 * only (row-level security), `carillon_system` serves the group commit, the worker and the sweeps.
 */
export type DatabaseRole = 'carillon_api' | 'carillon_system';

/**
 * From PostgreSQL 16 on, who makes a role is a member that may grant it and may not act as it, so
 * being a member says nothing there; before, the word `SET` is unknown.
 */
const toActAs = sql`case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end`;

/** Makes the roles where the login may; elsewhere Carillon runs without them, and says so. */
export async function makeRoles(db: Database, log: Log): Promise<void> {
  try {
    await sql`do $$
      declare role_name text;
      begin
        foreach role_name in array array['carillon_api', 'carillon_system'] loop
          if not exists (select from pg_roles where rolname = role_name) then
            begin
              execute format('create role %I nologin', role_name);
            exception when duplicate_object or unique_violation then
              null; -- another database of this cluster made it at the same moment
            end;
          end if;
          if not pg_has_role(current_user, role_name, ${toActAs}) then
            execute format('grant %I to current_user', role_name);
          end if;
        end loop;
      end $$`.execute(db);
  } catch (cause) {
    log.warn({
      event: 'schema.roles_unavailable',
      detail: 'this login may not create roles; running without row-level security',
      cause: cause instanceof Error ? cause.message : String(cause),
    });
  }
}

/**
 * Whether the login may act as `role` and the tables were made with it (a role that came later has no
 * rights on them): otherwise everything runs as the owner, without
 * row-level security.
 */
export async function mayActAs(db: Database, role: DatabaseRole): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select exists (
      select from pg_roles where rolname = ${role} and pg_has_role(current_user, oid, ${toActAs})
        and coalesce(has_table_privilege(oid, to_regclass('notifications'), 'select'), true)) as may
  `.execute(db);
  return rows[0]?.may ?? false;
}

/**
 * Asked once in a statement: a setting that is asked for with each row costs as much as the row, and hides from the
 * planner that it is the same for all of them.
 */
export const isOwn = sql`organization_id = (select nullif(current_setting('carillon.organization_id', true), '')::uuid)`;

/** Row-level security for one table with an `organization_id`; the owner of the table passes it. */
export async function protectTable(db: Database, table: string): Promise<void> {
  const name = sql.table(table);
  await sql`alter table ${name} enable row level security`.execute(db);
  await sql`do $$ begin
    if exists (select from pg_roles where rolname = 'carillon_api') then
      create policy organization on ${name} to carillon_api
        using (${isOwn}) with check (${isOwn});
      create policy system on ${name} to carillon_system using (true) with check (true);
    end if; end $$`.execute(db);
}

/** Lets both roles use what a migration made. */
export async function grantSchema(db: Database): Promise<void> {
  await sql`do $$ begin
    if exists (select from pg_roles where rolname = 'carillon_api') then
      grant select, insert, update, delete on all tables in schema public to carillon_api, carillon_system;
      grant execute on all functions in schema public to carillon_api, carillon_system;
    end if; end $$`.execute(db);
}
