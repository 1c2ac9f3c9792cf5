import { runSql } from './database.ts';

/** Makes the template's `carillon_now()` movable: real time, to the millisecond as in production, plus an offset that each cloned database keeps. */
export async function installTestClock(url: string): Promise<void> {
  await runSql(
    url,
    `CREATE TABLE carillon_test_clock (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), clock_offset interval NOT NULL);
     INSERT INTO carillon_test_clock (clock_offset) VALUES ('0');
     GRANT SELECT ON carillon_test_clock TO PUBLIC;
     CREATE OR REPLACE FUNCTION carillon_now() RETURNS timestamptz LANGUAGE sql STABLE
       AS $$ SELECT date_trunc('milliseconds', now() + clock_offset) FROM public.carillon_test_clock $$;`,
  );
}

/**
 * Moves the clock of one suite's database forward (back with a negative number). Transactions that are
 * open keep the time they began with. Nothing is woken: what becomes due is found by the next scan.
 */
export async function advanceDatabaseClock(database: { url: string }, byMs: number): Promise<void> {
  await runSql(
    database.url,
    "UPDATE carillon_test_clock SET clock_offset = clock_offset + $1 * interval '1 millisecond'",
    [byMs],
  );
}
