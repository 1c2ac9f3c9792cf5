import { sql } from 'kysely';
import type { Database } from '../connect.ts';

/** What an operator wants to know of a PostgreSQL server before blaming something else. */
export interface ServerFacts {
  /** As `server_version_num` has it: 150004 for 15.4. */
  versionNumber: number;
  isStandby: boolean;
  /** Settings that lose what was answered with 2xx when they are off. */
  fsync: string;
  fullPageWrites: string;
  synchronousCommit: string;
  connectionsMax: number;
  connections: number;
  databaseBytes: number;
  /** How long the longest transaction of this database has been open; it keeps dead rows from being cleaned up. */
  longestTransactionSeconds: number;
  /** What replication slots that nobody reads keep on the disk. */
  idleSlots: { name: string; keptBytes: number }[];
  /** Transactions since the last freeze; PostgreSQL stops taking writes near 2,000,000,000. */
  transactionAge: number;
  /** Migrations that were applied; 0 for a database that was never migrated. */
  schema: number;
  /** The clock that decides what is due; undefined before the first migration, which makes it. */
  now: Date | undefined;
}

/** Asks for nothing that a login of the service may not ask; what it may not see counts as nothing. */
export async function loadServerFacts(db: Database): Promise<ServerFacts> {
  const { rows } = await sql<{
    version: number;
    standby: boolean;
    fsync: string;
    full_page_writes: string;
    synchronous_commit: string;
    connections_max: number;
    connections: number;
    bytes: number;
    age: number;
    is_made: boolean;
  }>`select current_setting('server_version_num')::int as version, pg_is_in_recovery() as standby,
      current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit,
      current_setting('max_connections')::int as connections_max,
      (select sum(numbackends)::int from pg_stat_database) as connections,
      pg_database_size(current_database())::float8 as bytes,
      (select max(age(datfrozenxid))::int from pg_database) as age,
      to_regclass('carillon_migrations') is not null as is_made`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new TypeError('a select without a table gives one row');
  return {
    ...{ versionNumber: facts.version, isStandby: facts.standby, fsync: facts.fsync },
    ...{ fullPageWrites: facts.full_page_writes, synchronousCommit: facts.synchronous_commit },
    ...{ connectionsMax: facts.connections_max, connections: facts.connections },
    ...{ databaseBytes: facts.bytes, transactionAge: facts.age },
    idleSlots: await listIdleSlots(db, facts.standby),
    ...(facts.is_made ? await loadOwnFacts(db) : { schema: 0, now: undefined, longestTransactionSeconds: 0 }),
  };
}

async function loadOwnFacts(
  db: Database,
): Promise<Pick<ServerFacts, 'schema' | 'now' | 'longestTransactionSeconds'>> {
  const { rows } = await sql<{ schema: number; now: Date; longest: number }>`
    select (select count(*)::int from carillon_migrations) as schema, carillon_now() as now,
      (select coalesce(max(extract(epoch from carillon_now() - xact_start)), 0)::float8 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()) as longest`.execute(db);
  const [own] = rows;
  if (own === undefined) throw new TypeError('a select without a table gives one row');
  return { schema: own.schema, now: own.now, longestTransactionSeconds: own.longest };
}

async function listIdleSlots(db: Database, isStandby: boolean): Promise<ServerFacts['idleSlots']> {
  // Where the log is written can be asked of a primary only.
  if (isStandby) return [];
  const { rows } = await sql<{ name: string; kept: number }>`
    select slot_name::text as name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as kept
    from pg_replication_slots where not active and restart_lsn is not null order by 2 desc limit 20`.execute(
    db,
  );
  return rows.map(({ name, kept }) => ({ name, keptBytes: kept }));
}
