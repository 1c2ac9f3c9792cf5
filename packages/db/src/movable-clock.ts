import { sql } from 'kysely';
import type { Database } from './connect.ts';

/**
 * Makes `carillon_now()` of this database movable: real time plus an offset, for people who test what Carillon does
 * tomorrow. Never on a database that serves anybody.
 */
export async function makeClockMovable(db: Database): Promise<void> {
  await sql`create table carillon_test_clock
    (only_row boolean primary key default true check (only_row), clock_offset interval not null)`.execute(db);
  await sql`insert into carillon_test_clock (clock_offset) values ('0')`.execute(db);
  await sql`grant select on carillon_test_clock to public`.execute(db);
  await sql`create or replace function carillon_now() returns timestamptz language sql stable
    as $$ select date_trunc('milliseconds', now() + clock_offset) from public.carillon_test_clock $$`.execute(
    db,
  );
}

/** Moves a movable clock by milliseconds. Nothing is woken: what becomes due is found by the next sweep. */
export async function moveClock(db: Database, byMs: number): Promise<void> {
  await sql`update carillon_test_clock
    set clock_offset = clock_offset + ${byMs}::double precision * interval '1 millisecond'`.execute(db);
}
