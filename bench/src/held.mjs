import { quantile } from './statistics.mjs';

/**
 * @typedef {import('./subject.mjs').Subject} Subject
 *
 * @typedef {object} Release what became of deliveries that were held until one instant
 * @property {number} count
 * @property {number} perSecond from the start of the first attempt to the record of the last
 * @property {number} early attempts that began before the time that was shown
 * @property {Lateness} latenessSeconds how long after the time shown the attempts began
 *
 * @typedef {{ p50: number, max: number }} Lateness
 *
 * @typedef {object} WindowChange
 * @property {number} count deliveries that the user's window held
 * @property {number} answerSeconds of the PUT
 * @property {number} decidedSeconds from the PUT until all of them were held again by the new window
 */

const usersOfRelease = 500;
/** Rows that are stored per second at least, so that all stand before the first is due. */
const storedPerSecond = 8_000;
const headStartSeconds = 3;
/** What the slowest acceptable release would take, twice. */
const drainSeconds = (/** @type {number} */ count) => 30 + count / 500;

/**
 * Holds null deliveries of users whose quiet hours end at one instant, and watches the running worker release
 * them. They are stored as the worker stores them; that instant is after the end of the window, as the spread
 * over two minutes would have it, but the same for all: more at once than the spread lets happen.
 *
 * @param {Subject} subject
 * @param {number} count
 * @returns {Promise<Release>}
 */
export async function measureRelease(subject, count) {
  const { sql } = subject;
  const nowMs = await databaseNowMs(sql);
  // The minute that has just begun is the first that is not quiet any more.
  const window = { start: wallTime(nowMs - 8 * hourMs), end: wallTime(nowMs) };
  const untilMs = nowMs + (headStartSeconds + count / storedPerSecond) * 1000;
  const users = await addUsers(subject, 'released', Math.min(usersOfRelease, count), window);
  const shown = await holdFor(subject, users, count, untilMs);
  if ((await databaseNowMs(sql)) >= untilMs)
    throw new Error('The rows of the release were stored too slowly');
  await settled(sql, count, untilMs, shown);
  const { rows } = await sql.query(
    `select count(*)::int as tried, count(distinct a.delivery_id)::int as sent,
       count(*) filter (where a.started_at < s.not_before)::int as early,
       array_agg(extract(epoch from a.started_at - s.not_before)::float8) as lateness,
       extract(epoch from max(d.settled_at) - min(a.started_at))::float8 as seconds
     from ${shown} s join deliveries d on d.id = s.delivery_id and d.state = 'sent'
     join attempts a on a.delivery_id = d.id`,
  );
  const { tried, sent, early, lateness, seconds } = rows[0];
  if (tried !== count || sent !== count) {
    throw new Error(`${count} were held, but ${sent} were sent, by ${tried} attempts`);
  }
  return { count, perSecond: count / seconds, early, latenessSeconds: latenessOf(lateness) };
}

/**
 * @param {readonly number[]} seconds
 * @returns {Lateness}
 */
export function latenessOf(seconds) {
  return { p50: quantile(seconds, 0.5), max: quantile(seconds, 1) };
}

/**
 * Moves the end of the window that holds deliveries of one user, by the API, and waits until the worker has held
 * all of them again.
 *
 * @param {Subject} subject
 * @param {number} count
 * @returns {Promise<WindowChange>}
 */
export async function measureWindowChange(subject, count) {
  const { sql, url, seeded } = subject;
  const nowMs = await databaseNowMs(sql);
  const start = wallTime(nowMs - 2 * hourMs);
  const window = { start, end: wallTime(nowMs + 6 * hourMs) };
  const users = await addUsers(subject, 'changed', 1, window);
  const shown = await holdFor(subject, users, count, nowMs + 6 * hourMs);
  const startMs = performance.now();
  const response = await fetch(`${url}/v1/users/${users[0]}/quiet-hours`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${seeded.senderToken}` },
    body: JSON.stringify({ start, end: wallTime(nowMs + 7 * hourMs), zone: 'UTC' }),
  });
  const text = await response.text();
  const answerSeconds = secondsSince(startMs);
  if (!response.ok) throw new Error(`PUT quiet-hours answered ${response.status}: ${text}`);
  await heldAgain(sql, count, shown);
  return { count, answerSeconds, decidedSeconds: secondsSince(startMs) };
}

const hourMs = 3_600_000;

/**
 * `HH:MM` in UTC.
 *
 * @param {number} ms since 1970
 */
export function wallTime(ms) {
  return new Date(ms).toISOString().slice(11, 16);
}

/** @param {number} startMs */
function secondsSince(startMs) {
  return (performance.now() - startMs) / 1000;
}

/** @param {import('pg').Pool} sql */
async function databaseNowMs(sql) {
  const { rows } = await sql.query('select extract(epoch from clock_timestamp())::float8 * 1000 as ms');
  return Number(rows[0].ms);
}

/**
 * @param {Subject} subject
 * @param {string} name
 * @param {number} count
 * @param {{ start: string, end: string }} window in UTC
 * @returns {Promise<string[]>} ids
 */
async function addUsers({ sql, seeded }, name, count, { start, end }) {
  const { rows } = await sql.query(
    `with made as (
       insert into users (id, organization_id, external_id)
       select uuidv7(), $1, $2 || '-' || uuidv7() from generate_series(1, $3::int) returning id),
     inboxes as (insert into inbox_state (user_id, organization_id) select id, $1 from made)
     insert into quiet_hours (user_id, organization_id, window_start, window_end, zone)
     select id, $1, $4, $5, 'UTC' from made returning user_id`,
    [seeded.organizationId, name, count, start, end],
  );
  return rows.map((row) => String(row.user_id));
}

/**
 * Stores notifications that stand in inboxes and their deliveries that wait, and writes down what was shown.
 *
 * @param {Subject} subject
 * @param {readonly string[]} users recipients in turn
 * @param {number} count
 * @param {number} untilMs
 * @returns {Promise<string>} the table with the times that were shown
 */
async function holdFor({ sql, seeded }, users, count, untilMs) {
  const shown = `bench_shown_${users[0]?.replaceAll('-', '')}`;
  await sql.query(`create table ${shown} (delivery_id uuid primary key, not_before timestamptz not null)`);
  await sql.query(
    `with made as (
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, category,
         dispatched_at, inbox_at, inbox_reason)
       select uuidv7(), $1, (select coalesce(max(number), 0) from notifications where organization_id = $1) + n, $1,
         ($2::uuid[])[1 + n % cardinality($2::uuid[])], 'Held ' || n, 'backups', now(), now(), 'placed'
       from generate_series(1, $3::int) n returning id, recipient_id),
     held as (
       insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, reason,
         not_before, scan_after)
       select uuidv7(), $1, m.id, m.recipient_id, 'null', c.id, 'quiet_hours', to_timestamp($4), to_timestamp($4)
       from made m join channels c on c.organization_id = $1 and c.kind = 'null' returning id, not_before)
     insert into ${shown} select id, not_before from held`,
    [seeded.organizationId, users, count, untilMs / 1000],
  );
  // What waits for hours has been looked at by autovacuum meanwhile.
  await sql.query(`analyze notifications, deliveries, ${shown}`);
  return shown;
}

/**
 * Resolves when none of them waits or is being sent.
 *
 * @param {import('pg').Pool} sql
 * @param {number} count
 * @param {number} untilMs
 * @param {string} shown
 */
async function settled(sql, count, untilMs, shown) {
  await pause(untilMs - (await databaseNowMs(sql)));
  await poll(count, async () => {
    const { rows } = await sql.query(
      `select count(*)::int as left from ${shown} s join deliveries d on d.id = s.delivery_id
       where d.state in ('pending', 'sending')`,
    );
    return rows[0].left;
  });
}

/**
 * Resolves when all of them wait for a later time than was shown.
 *
 * @param {import('pg').Pool} sql
 * @param {number} count
 * @param {string} shown
 */
async function heldAgain(sql, count, shown) {
  await poll(count, async () => {
    const { rows } = await sql.query(
      `select count(*)::int as left from ${shown} s join deliveries d on d.id = s.delivery_id
       where not (d.state = 'pending' and d.reason = 'quiet_hours' and d.not_before > s.not_before)`,
    );
    return rows[0].left;
  });
}

/**
 * @param {number} count
 * @param {() => Promise<number>} countLeft
 */
async function poll(count, countLeft) {
  const deadlineMs = performance.now() + drainSeconds(count) * 1000;
  for (let left = await countLeft(); left > 0; left = await countLeft()) {
    if (performance.now() > deadlineMs) throw new Error(`${left} of ${count} held deliveries still wait`);
    // Seldom, because each look reads all of them.
    await pause(200);
  }
}

/** @param {number} durationMs */
function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, durationMs)));
}
