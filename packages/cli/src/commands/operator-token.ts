import type { AccessTokenId } from '@carillon/core';
import { insertAccessToken } from '@carillon/db';
import { createNewId, hashToken, newToken, tokenLookup } from '@carillon/runtime';
import { withDatabase } from './with-database.ts';

/**
 * `carillon operator-token`: makes a token that is bound to no organization and prints it, once. The
 * database keeps only its hash.
 */
export async function operatorToken({ name }: { name: string }): Promise<void> {
  const token = newToken();
  const id = createNewId()() as AccessTokenId;
  await withDatabase((db) =>
    insertAccessToken(db, {
      ...{ id, organizationId: null, userId: null, operator: true, name, scopes: [] },
      ...{ lookup: tokenLookup(token), hash: hashToken(token), expiresInSeconds: undefined },
    }),
  );
  console.log(token);
}
