import type { AccessTokenId } from '@carillon/core';
import { insertAccessToken } from '@carillon/db';
import { createNewId, hashToken, newToken, tokenLookup } from '@carillon/runtime';
import { withDatabase } from '../local/with-database.ts';

/** Makes a token that is bound to no organization and gives it, once. The database keeps only its hash. */
export async function makeOperatorToken({ name }: { name: string }): Promise<{ id: string; token: string }> {
  const token = newToken();
  const id = createNewId()() as AccessTokenId;
  await withDatabase((db) =>
    insertAccessToken(db, {
      ...{ id, organizationId: null, userId: null, operator: true, name, scopes: [] },
      ...{ lookup: tokenLookup(token), hash: hashToken(token), expiresInSeconds: undefined },
    }),
  );
  return { id, token };
}
