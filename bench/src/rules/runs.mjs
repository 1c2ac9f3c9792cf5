import { latenessOf } from '../held.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 *
 * @typedef {object} RunsAdvanced what became of runs whose waits ended one after the other
 * @property {number} count
 * @property {number} perSecond from the end of the first wait to the last step
 * @property {number} early steps that were done before their wait was over
 * @property {import('../held.mjs').Lateness} latenessSeconds how long after their wait's end the steps were done
 */

const users = 500;
/** Rows that are stored per second at least, so that all stand before the first is due. */
const storedPerSecond = 5_000;
const headStartSeconds = 5;
/**
 * Waits end faster than the floor of 3,000 per second: who does no more than that is late in the end, by 11 s of 100,000.
 */
export const endedPerSecond = 4_500;
const drainSeconds = (/** @type {number} */ count) => 30 + count / 500;

/**
 * Stores runs of people with six rules, ten preferences each, that wait before a message, as the worker leaves
 * them; their waits end one after the other. Then watches the running worker take them on: each step reads the rules, makes a delivery
 * and begins the next wait. The kind is paused, so that what is measured is the engine and not the sends after it.
 *
 * @param {Subject} subject
 * @param {number} count
 * @returns {Promise<RunsAdvanced>}
 */
export async function measureRuns(subject, count) {
  const { sql } = subject;
  const organizationId = await addOrganization(sql);
  const [clock] = (await sql.query('select extract(epoch from clock_timestamp())::float8 as seconds')).rows;
  const untilSeconds = Number(clock.seconds) + headStartSeconds + count / storedPerSecond;
  await sql.query(
    `with made as (
       insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, category,
         dispatched_at, inbox_at, inbox_reason)
       select uuidv7(), $1, n, $1, u.id, 'Told by rules ' || n, 'backups', now(), now(), 'placed'
       from generate_series(1, $2::int) n
       join (select id, row_number() over (order by id) as turn from users where organization_id = $1) u
         on u.turn = 1 + n % $3
       returning id, recipient_id, number)
     insert into rule_runs (notification_id, organization_id, user_id, list, urgent, sequence, rule_id, cursor_position,
       next_at)
     select m.id, $1, m.recipient_id, 'default', false, 1, r.id, r.position,
       to_timestamp($4 + (m.number - 1) / $5::float8)
     from made m join rules r on r.user_id = m.recipient_id and r.position = 0`,
    [organizationId, count, users, untilSeconds, endedPerSecond],
  );
  await sql.query('analyze notifications, rule_runs, rule_steps, rules');
  await advanced(sql, organizationId, count, untilSeconds + count / endedPerSecond);
  const { rows } = await sql.query(
    `select count(*)::int as steps, count(*) filter (where late < -0.001)::int as early, array_agg(late) as lateness,
       max(at) - $2 as seconds
     from (
       select at, at - $2 - (number - 1) / $3::float8 as late
       from (
         select extract(epoch from s.at)::float8 as at, n.number
         from rule_steps s join notifications n on n.id = s.notification_id
         where s.organization_id = $1 and s.decision = 'send') done) told`,
    [organizationId, untilSeconds, endedPerSecond],
  );
  const { steps, early, lateness, seconds } = rows[0];
  if (steps !== count) throw new Error(`${count} runs were due, but ${steps} steps were done`);
  return { count, perSecond: count / seconds, early, latenessSeconds: latenessOf(lateness) };
}

/**
 * People with rules and preferences in an organization that keeps its e-mail back.
 *
 * @param {import('pg').Pool} sql
 * @returns {Promise<string>} its id
 */
async function addOrganization(sql) {
  const { rows } = await sql.query(
    `insert into organizations (id, slug, name, paused_kinds)
     values (uuidv7(), 'rules-' || uuidv7(), 'Rules', '{email}') returning id`,
  );
  const id = String(rows[0].id);
  await sql.query(
    `with made as (
       insert into users (id, organization_id) select uuidv7(), $1 from generate_series(1, $2::int) returning id),
     inboxes as (insert into inbox_state (user_id, organization_id) select id, $1 from made),
     points as (
       insert into contact_points (id, organization_id, user_id, kind, address)
       select uuidv7(), $1, id, 'email', id || '@bench.example' from made),
     channel as (insert into channels (id, organization_id, kind, name) values (uuidv7(), $1, 'email', 'Mail')),
     chosen as (
       insert into preferences (id, organization_id, user_id, category, project, enabled)
       select uuidv7(), $1, m.id, case when n < 5 then 'backups' else 'builds' end, 'project-' || n, n % 2 = 0
       from made m, generate_series(1, 10) n)
     insert into rules (id, organization_id, user_id, position, type, wait_seconds)
     select uuidv7(), $1, m.id, n, case when n % 2 = 0 then 'wait' else 'notify_by_email' end,
       case when n % 2 = 0 then 600 end
     from made m, generate_series(0, 5) n`,
    [id, users],
  );
  return id;
}

/**
 * Resolves when none of them is due any more.
 *
 * @param {import('pg').Pool} sql
 * @param {string} organizationId
 * @param {number} count
 * @param {number} untilSeconds
 */
async function advanced(sql, organizationId, count, untilSeconds) {
  const look = async () => {
    const { rows } = await sql.query(
      `select extract(epoch from clock_timestamp())::float8 as seconds, (
         select count(*)::int from rule_runs
         where organization_id = $1 and state = 'running' and next_at <= to_timestamp($2)) as left`,
      [organizationId, untilSeconds],
    );
    return { seconds: Number(rows[0].seconds), left: Number(rows[0].left) };
  };
  const begin = await look();
  if (begin.seconds >= untilSeconds) throw new Error('The runs were stored too slowly');
  await pause((untilSeconds - begin.seconds) * 1000);
  const deadlineMs = performance.now() + drainSeconds(count) * 1000;
  for (let { left } = await look(); left > 0; { left } = await look()) {
    if (performance.now() > deadlineMs) throw new Error(`${left} of ${count} runs still wait`);
    // Seldom, because each look reads all of them.
    await pause(500);
  }
}

/** @param {number} durationMs */
function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, durationMs)));
}
