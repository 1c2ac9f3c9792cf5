import type { Router } from 'express';
import {
  createToken,
  listTokens,
  revokeToken,
  type AccessToken,
  type NewAccessToken,
} from '@carillon/contracts';
import type { AccessTokenId } from '@carillon/core';
import type { TokenRecord } from '@carillon/db';
import { issueToken, listTokensOf, revokeOne } from '../../actions/tokens.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Credentials of users. */
export function mountTokens(deps: ApiDeps, router: Router): void {
  bind(deps, router, createToken, async ({ params, body, caller }) => {
    const { name, expires_in: expiresInSeconds, scopes } = body;
    const wish = { name, expiresInSeconds, scopes };
    const { token, record } = await issueToken(deps, asUser(caller), params.id, wish);
    const made: NewAccessToken = { ...sharedOf(record), token };
    return {
      status: 201,
      body: made,
      headers: { ...noStore, Location: `/v1/users/${record.user_id}/tokens` },
    };
  });

  bind(deps, router, listTokens, async ({ params, caller }) => {
    const tokens = await listTokensOf(deps, asUser(caller), params.id);
    return { status: 200, body: { data: tokens.map(fromToken) } };
  });

  bind(deps, router, revokeToken, async ({ params, caller }) => {
    await revokeOne(deps, asUser(caller), params.id, params.token_id as AccessTokenId);
    return { status: 204 };
  });
}

function sharedOf(record: TokenRecord) {
  return {
    id: record.id,
    name: record.name,
    scopes: record.scopes,
    created_at: record.created_at.toISOString(),
    expires_at: isoOrNull(record.expires_at),
  };
}

function fromToken(record: TokenRecord): AccessToken {
  return {
    ...sharedOf(record),
    revoked_at: isoOrNull(record.revoked_at),
    last_used_at: isoOrNull(record.last_used_at),
  };
}
