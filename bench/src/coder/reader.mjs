import { createNewId } from '@carillon/runtime';
import { addToken } from '../token.mjs';

/**
 * @typedef {import('../subject.mjs').Subject} Subject
 *
 * @typedef {object} Reader a user of an organization that has nothing else to do
 * @property {string} userId
 * @property {string} token
 * @property {number} unread
 */

const otherUsers = 100;
/** The newest of the reader's rows. */
const unread = 100;

/**
 * An organization with `count` notifications, all placed: every second one is the reader's, the rest are others'.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {number} count
 * @returns {Promise<Reader>}
 */
export async function addReader({ sql }, databaseUrl, count) {
  const newId = createNewId();
  const organizationId = newId();
  await sql.query('insert into organizations (id, slug, name) values ($1, $2, $2)', [
    ...[organizationId, `readers-${count}`],
  ]);
  const { rows } = await sql.query(
    `with made as (
       insert into users (id, organization_id, external_id)
       select uuidv7(), $1, 'reader-' || n from generate_series(0, $2::int) n returning id)
     insert into inbox_state (user_id, organization_id, head) select id, $1, $3 from made returning user_id`,
    [organizationId, otherUsers, count],
  );
  const [userId = '', ...otherIds] = rows.map((row) => String(row.user_id));
  await sql.query(
    `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, body, category,
       created_at, dispatched_at, inbox_at, inbox_reason, read_at, seen_at, placed_sequence, changed_sequence)
     select uuidv7(), $1, n, $1,
       case when n % 2 = 0 then $2::uuid else ($3::uuid[])[1 + n / 2 % cardinality($3::uuid[])] end,
       'Backup finished ' || n, 'All **twelve** databases of the east region are safe, nothing has to be done.',
       'backups', at, at, at, 'placed', read_at, read_at, n, n
     from generate_series(1, $4::int) n,
       lateral (select now() - interval '1 ms' * ($4 - n) as at) placed,
       lateral (select case when n <= $4 - 2 * $5::int then at end as read_at) been_read`,
    [organizationId, userId, otherIds, count, unread],
  );
  return { userId, unread, token: await addToken(databaseUrl, newId, organizationId, userId) };
}
