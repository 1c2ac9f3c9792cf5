import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/**
 * The pool as Kysely sees it, except that a client whose answer did not come in time is thrown away:
 * pg would put it back with the unanswered query in front of all later ones, so that a half-open link
 * would cost every caller a timeout until TCP gives up.
 */
export function discardSilentClients(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => new GuardedClient(await pool.connect()),
    end: () => pool.end(),
  };
}

class GuardedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #silence: Error | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  async query(sql: string, parameters: readonly unknown[] = []): Promise<unknown> {
    // What follows on this client, a rollback say, would wait as long again.
    if (this.#silence !== undefined) throw this.#silence;
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (cause) {
      if (cause instanceof Error && cause.message === 'Query read timeout') this.#silence = cause;
      throw cause;
    }
  }

  release(): void {
    this.#client.release(this.#silence);
  }
}
