import { connectDatabase, insertAccessToken } from '@carillon/db';
import { createLog, hashToken, newToken, tokenLookup, version } from '@carillon/runtime';

const log = createLog({ service: 'bench', version, level: 'error' });

/**
 * A token without an end, of a user that exists.
 *
 * @param {string} databaseUrl
 * @param {() => any} newId
 * @param {any} organizationId
 * @param {any} userId
 */
export async function addToken(databaseUrl, newId, organizationId, userId) {
  const { db, stop } = connectDatabase({ url: databaseUrl, log, name: 'bench-token' });
  const token = newToken();
  try {
    await insertAccessToken(db, {
      ...{ id: newId(), organizationId, userId, operator: false, name: 'bench' },
      ...{ lookup: tokenLookup(token), hash: hashToken(token), scopes: [], expiresInSeconds: undefined },
    });
  } finally {
    await stop();
  }
  return token;
}
