import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/**
 * The pool as Kysely sees it, except that a client is thrown away whose answer did not come in time or whose
 * backend said that it ends. pg would put the first one back with the unanswered query in front of all later
 * ones, so that a half-open link would cost every caller a timeout until TCP gives up; the second it would lend
 * to the next caller until it sees the end of the connection.
 */
export function discardUselessClients(pool: pg.Pool, prepared: PreparedNames | undefined): PostgresPool {
  return {
    connect: async () => new GuardedClient(await pool.connect(), prepared),
    end: () => pool.end(),
  };
}

class GuardedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  /** Why this connection is of no more use. */
  #fault: Error | undefined;
  /** Whether a transaction is open that can write nothing. */
  #reads = false;
  /** The answers to what was sent ahead of the next statement. */
  #ahead: Promise<unknown> | undefined;

  readonly #prepared: PreparedNames | undefined;

  constructor(client: pg.PoolClient, prepared: PreparedNames | undefined) {
    this.#client = client;
    this.#prepared = prepared;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  async query(sql: string, parameters: readonly unknown[] = []): Promise<unknown> {
    // What follows on this client, a rollback say, would fail too, or wait as long again.
    if (this.#fault !== undefined) throw this.#fault;
    const answer = this.#send(sql, parameters);
    if (this.#sendsAhead(sql)) {
      this.#ahead = Promise.all([this.#ahead, answer]);
      // Told to the statement that follows, be it a rollback.
      this.#ahead.catch(() => undefined);
      return nothing;
    }
    try {
      const [result] = await Promise.all([answer, this.#ahead]);
      return result;
    } catch (cause) {
      if (cause instanceof Error && isUseless(cause)) this.#fault = cause;
      throw cause;
    } finally {
      this.#ahead = undefined;
    }
  }

  /**
   * Nobody reads the answers to what opens and closes a transaction that only reads: the statement that follows is
   * sent behind them at once, so that one read is one way to the server instead of four. Of others each answer is
   * waited for, because a write must not go out behind a BEGIN that may have failed.
   */
  #sendsAhead(sql: string): boolean {
    if (sql === startOfRead) this.#reads = true;
    const isAhead =
      this.#reads && (sql === startOfRead || sql === 'commit' || sql.startsWith(organizationSetting));
    if (sql === 'commit' || sql === 'rollback') this.#reads = false;
    return isAhead;
  }

  #send(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    const name = this.#prepared?.nameOf(sql);
    return this.#client.query({ text: sql, values: [...parameters], ...(name !== undefined && { name }) });
  }

  release(): void {
    this.#client.release(this.#fault);
  }
}

/** As Kysely writes it for `readInOrganization`. */
const startOfRead = 'start transaction read only';
const organizationSetting = "select set_config('carillon.organization_id'";
const nothing = { command: 'SELECT', rowCount: 0, rows: [] };

/** Unanswered, or ended by the server, whose word comes before the end of the connection. */
function isUseless(cause: Error): boolean {
  return cause.message === 'Query read timeout' || ('severity' in cause && cause.severity === 'FATAL');
}

/** Names under which a connection keeps statements that it has parsed. */
export interface PreparedNames {
  /** Undefined for a text that is not worth it. */
  nameOf(sql: string): string | undefined;
}

/** Parsing and planning the long statements of the hot path costs as much as running them on ten rows. */
const preparedLengthMin = 400;
/** Texts that vary with their arguments must not fill the memory of the server. */
const preparedMax = 100;

export function createPreparedNames(): PreparedNames {
  const names = new Map<string, string>();
  return {
    nameOf(sql) {
      if (sql.length < preparedLengthMin) return undefined;
      const known = names.get(sql);
      if (known !== undefined || names.size >= preparedMax) return known;
      const name = `carillon_${names.size + 1}`;
      names.set(sql, name);
      return name;
    },
  };
}
