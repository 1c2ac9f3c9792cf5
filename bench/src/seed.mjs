import {
  connectDatabase,
  ensureFirstAdmin,
  insertAccessToken,
  insertChannel,
  migrate,
  upsertUsers,
} from '@carillon/db';
import { createLog, createNewId, hashToken, newToken, tokenLookup, version } from '@carillon/runtime';

/**
 * @typedef {object} Seeded
 * @property {string} organizationId
 * @property {string} senderToken
 * @property {string[]} userIds
 * @property {string[]} userTokens of the same users, in the same order
 */

const tokensAtOnce = 20;
const log = createLog({ service: 'bench', version, level: 'error' });

/**
 * One organization with a `null` channel, a sender, and users with a token each: what the API would make, by
 * the functions that the API calls.
 *
 * @param {string} databaseUrl
 * @param {number} userCount
 * @returns {Promise<Seeded>}
 */
export async function seed(databaseUrl, userCount) {
  await migrate({ url: databaseUrl, log });
  const { db, stop } = connectDatabase({ url: databaseUrl, log, name: 'bench-seed' });
  const newId = createNewId();
  const id = /** @returns {any} */ () => newId();
  try {
    const senderToken = newToken();
    const admin = { token: hashed(senderToken), operator: false, newId, paused: false };
    const { organizationId } = await ensureFirstAdmin(db, admin);
    await insertChannel(db, { id: id(), organizationId, kind: 'null', name: 'Null', settings: {} });
    /** @type {any[]} */
    const userIds = [];
    for (let start = 0; start < userCount; start += 500) {
      const part = Array.from({ length: Math.min(500, userCount - start) }, (_, index) => ({
        ...{ id: id(), organizationId },
        fields: { externalId: `user-${start + index}`, name: `User ${start + index}` },
      }));
      await upsertUsers(db, part);
      userIds.push(...part.map((user) => user.id));
    }
    const userTokens = userIds.map(newToken);
    const insertToken = (/** @type {string} */ token, /** @type {number} */ index) =>
      insertAccessToken(db, {
        ...{ id: id(), organizationId, userId: userIds[index], operator: false, name: 'bench' },
        ...{ ...hashed(token), scopes: [], expiresInSeconds: undefined },
      });
    // All at once would wait for connections longer than they may on a busy machine.
    for (let start = 0; start < userCount; start += tokensAtOnce) {
      await Promise.all(
        userTokens
          .slice(start, start + tokensAtOnce)
          .map((token, index) => insertToken(token, start + index)),
      );
    }
    return { organizationId, senderToken, userIds, userTokens };
  } finally {
    await stop();
  }
}

/** @param {string} token */
function hashed(token) {
  return { lookup: tokenLookup(token), hash: hashToken(token) };
}

/**
 * Puts `count` rows into a paused organization: one half are notifications that wait for dispatch, the other
 * deliveries that are due. Nobody may touch them while it is paused, and looking past them must cost nothing.
 *
 * @param {import('pg').Pool} sql
 * @param {number} count
 */
export async function addPausedRows(sql, count) {
  const half = Math.ceil(count / 2);
  const organizationId = crypto.randomUUID();
  const userId = crypto.randomUUID();
  await sql.query('insert into organizations (id, slug, name, paused_at) values ($1, $2, $2, now())', [
    organizationId,
    'paused',
  ]);
  await sql.query('insert into users (id, organization_id, external_id) values ($1, $2, $3)', [
    ...[userId, organizationId, 'paused'],
  ]);
  await sql.query(
    `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title)
     select gen_random_uuid(), $1, n, $2, $2, 'paused' from generate_series(1, $3::int) n`,
    [organizationId, userId, half],
  );
  await sql.query(
    `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id)
     select gen_random_uuid(), $1, gen_random_uuid(), $2, 'null', $2 from generate_series(1, $3::int)`,
    [organizationId, userId, half],
  );
  await sql.query('vacuum analyze notifications, deliveries');
}
