import { connectDatabase, inTransaction, setQuietHours, upsertPreferences } from '@carillon/db';
import { createLog, createNewId, version } from '@carillon/runtime';

/** @typedef {import('./subject.mjs').Subject} Subject */

const log = createLog({ service: 'bench', version, level: 'error' });
const zone = 'Europe/Berlin';

/** Its texts are those of the plain requests; the title ends in the item's number, as theirs do. */
export const template = {
  key: 'backup-finished',
  variant: {
    title: 'Backup finished {{number}}',
    body: 'All **{{databases}}** databases of {{region}} are safe, nothing has to be done{{hint}}.',
  },
};

/**
 * Ten rows for each of these users, some of them about what is sent here, and quiet hours that are not now: for
 * the first by the functions that the API calls, for the others copied, which takes a hundredth of the time.
 *
 * @param {Subject} subject
 * @param {string} databaseUrl
 * @param {readonly string[]} userIds
 */
export async function choosePolicies({ sql, seeded }, databaseUrl, userIds) {
  const { db, stop } = connectDatabase({ url: databaseUrl, log, name: 'bench-seed' });
  const newId = createNewId();
  const window = { ...notNow(new Date(), zone), zone, days: null, urgentPasses: true };
  const [first, ...others] = userIds;
  const owner = /** @type {any} */ ({ organizationId: seeded.organizationId, userId: first });
  try {
    await inTransaction(db, async (transaction) => {
      await upsertPreferences(transaction, owner, preferenceWrites(newId, window));
      await setQuietHours(transaction, owner, window);
    });
  } finally {
    await stop();
  }
  await sql.query(
    `insert into preferences (id, organization_id, user_id, category, environment, project, kind, enabled,
       window_start, window_end, zone, days, mode)
     select uuidv7(), p.organization_id, u.id, p.category, p.environment, p.project, p.kind, p.enabled,
       p.window_start, p.window_end, p.zone, p.days, p.mode
     from preferences p cross join unnest($2::uuid[]) u(id) where p.user_id = $1`,
    [first, others],
  );
  await sql.query(
    `insert into quiet_hours (user_id, organization_id, window_start, window_end, zone, days)
     select u.id, q.organization_id, q.window_start, q.window_end, q.zone, q.days
     from quiet_hours q cross join unnest($2::uuid[]) u(id) where q.user_id = $1`,
    [first, others],
  );
}

/**
 * Rows of somebody who looked through all categories. None keeps anything of this load back.
 *
 * @param {() => string} newId
 * @param {{ start: string, end: string }} window
 * @returns {import('@carillon/db').PreferenceWrite[]}
 */
export function preferenceWrites(newId, window) {
  const row = (/** @type {Partial<import('@carillon/db').PreferenceWrite>} */ fields) => ({
    ...{ id: newId(), category: '', environment: '', project: '', kind: /** @type {const} */ ('') },
    ...{ enabled: null, window: null, mode: null, ...fields },
  });
  const { start, end } = window;
  return [
    row({ kind: 'email', enabled: true }),
    row({ category: 'backups', enabled: true }),
    row({ category: 'backups', kind: 'null', enabled: true, mode: 'hold' }),
    row({ category: 'backups', environment: 'test', enabled: false }),
    row({ category: 'backups', project: 'website', kind: 'null', window: { start, end, zone, days: null } }),
    row({ category: 'builds', enabled: true, mode: 'digest' }),
    row({ category: 'builds', environment: 'test', enabled: false }),
    row({ category: 'marketing', enabled: false }),
    row({ category: 'security', enabled: true, mode: 'off' }),
    row({ project: 'engine', mode: 'digest' }),
  ];
}

/**
 * A window of eight hours on the wall of `inZone` that begins in six to seven hours.
 *
 * @param {Date} now
 * @param {string} inZone
 */
export function notNow(now, inZone) {
  const options = /** @type {const} */ ({ timeZone: inZone, hour: '2-digit', hourCycle: 'h23' });
  const hour = Number(new Intl.DateTimeFormat('en', options).format(now));
  const at = (/** @type {number} */ later) => `${String((hour + later) % 24).padStart(2, '0')}:00`;
  return { start: at(7), end: at(15) };
}

/**
 * Makes and publishes the template by the API.
 *
 * @param {Subject} subject
 */
export async function publishTemplate({ url, seeded }) {
  const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const response = await fetch(`${url}/v1/templates${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${seeded.senderToken}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST /v1/templates${path} answered ${response.status}: ${text}`);
  };
  await post('', { key: template.key, name: 'Backup finished', category: 'backups' });
  await post(`/${template.key}/versions`, { variants: [template.variant] });
  await post(`/${template.key}/versions/1/publish`, {});
}
