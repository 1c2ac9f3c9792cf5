import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '@carillon/core';
import { createPreparedNames, discardUselessClients } from './pool-client.ts';
import { mayActAs, type DatabaseRole } from './roles.ts';
import type { Schema } from './schema.ts';

/** A pool or a transaction: what every query takes first. */
export type Database = Kysely<Schema>;

export interface ConnectedDatabase {
  db: Database;
  /** Callers that wait for a connection right now. */
  waiting(): number;
  stop(): Promise<void>;
}

export interface ConnectOptions {
  url: string;
  log: Log;
  /** What `pg_stat_activity` shows. */
  name?: string;
  /** Connections at most; 10 unless told. */
  poolMax?: number;
  /** Act as this role from the first statement on; the login must be a member of it. */
  role?: DatabaseRole;
  /**
   * For the hot path: long statements are parsed and planned once per connection. Their plans are made
   * without arguments and outlive the growth of a table, so sequential scans are off for these connections.
   */
  prepares?: boolean;
  /** 4,500 unless told; 0 means no limit. */
  statementTimeoutMs?: number;
}

/**
 * The one place where connections to PostgreSQL are made. A terminated backend never ends the
 * process: pool and clients have error listeners, and every wait has a limit, so that a half-open
 * link costs one error per connection and then heals.
 */
export function connectDatabase(options: ConnectOptions): ConnectedDatabase {
  const statementTimeoutMs = options.statementTimeoutMs ?? 4_500;
  const settings = [
    ...(options.role === undefined ? [] : [`role=${options.role}`]),
    ...(options.prepares === true ? ['enable_seqscan=off'] : []),
  ];
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax ?? 10,
    application_name: `carillon-${options.name ?? 'service'}`,
    connectionTimeoutMillis: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    // Only around reads is anything sent before the last answer has come (pool-client.ts).
    pipeline: true,
    types,
    ...(statementTimeoutMs > 0 && {
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + 500,
    }),
    ...(settings.length > 0 && { options: settings.map((setting) => `-c ${setting}`).join(' ') }),
  });
  pool.on('error', (cause) => {
    options.log.warn({ event: 'database.connection_lost', detail: cause.message });
  });
  // A client that is checked out has no listener of the pool; without one its death would be uncaught.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const prepared = options.prepares === true ? createPreparedNames() : undefined;
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: discardUselessClients(pool, prepared) }) }),
    waiting: () => pool.waitingCount,
    stop: () => pool.end(),
  };
}

/**
 * Connects as `role` where the login may act as it, and as the login itself elsewhere: then there is
 * no row-level security, and the log says so.
 */
export async function connectAs(
  options: ConnectOptions & { role: DatabaseRole },
): Promise<ConnectedDatabase> {
  const { role, ...asLogin } = options;
  const login = connectDatabase({ ...asLogin, poolMax: 1 });
  let may = false;
  try {
    may = await mayActAs(login.db, role);
  } finally {
    await login.stop();
  }
  if (may) return connectDatabase(options);
  options.log.warn({ event: 'database.role_missing', role, detail: 'running without row-level security' });
  return connectDatabase(asLogin);
}

const int8 = 20;

/** Sequences and counts stay far below 2^53, so bigint columns come back as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === int8 && format !== 'binary') return Number;
    return pg.types.getTypeParser(oid, format);
  },
};
