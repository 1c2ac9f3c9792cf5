import pg from 'pg';

/**
 * What PostgreSQL takes on this machine: rows of seven columns with a primary key and one more index, each
 * commit on disk.
 *
 * @typedef {object} RawInserts
 * @property {(durationMs: number) => Promise<number>} single one row per statement, 32 at once: rows per second
 * @property {(durationMs: number) => Promise<number>} multi 100 rows per statement, 4 at once: rows per second
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} url
 * @returns {Promise<RawInserts>}
 */
export async function prepareRawInserts(url) {
  const pool = new pg.Pool({ connectionString: url, max: 32 });
  await pool.query(`create table raw_rows (id uuid primary key default gen_random_uuid(), recipient_id uuid not null,
    organization_id uuid not null, title text not null, body text not null, data jsonb not null,
    created_at timestamptz not null default now())`);
  await pool.query('create index on raw_rows (recipient_id, id)');
  return {
    single: (durationMs) => repeat(pool, durationMs, 32, 1),
    multi: (durationMs) => repeat(pool, durationMs, 4, 100),
    stop: () => pool.end(),
  };
}

const text = 'All twelve databases of the east region are safe, nothing has to be done.';

/**
 * @param {pg.Pool} pool
 * @param {number} durationMs
 * @param {number} atOnce
 * @param {number} rows
 */
async function repeat(pool, durationMs, atOnce, rows) {
  const statement =
    rows === 1
      ? 'insert into raw_rows (recipient_id, organization_id, title, body, data) values ($1, $2, $3, $4, $5)'
      : `insert into raw_rows (recipient_id, organization_id, title, body, data)
         select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[])`;
  const row = [crypto.randomUUID(), crypto.randomUUID(), 'Backup finished', text, '{"databases":12}'];
  /** @type {unknown[]} */
  const values = rows === 1 ? row : row.map((value) => Array.from({ length: rows }, () => value));
  const startMs = performance.now();
  const endMs = startMs + durationMs;
  let inserted = 0;
  const loop = async () => {
    while (performance.now() < endMs) {
      await pool.query(statement, values);
      inserted += rows;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return (inserted / (performance.now() - startMs)) * 1000;
}
