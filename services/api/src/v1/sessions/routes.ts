import type { Router } from 'express';
import { createSession, endSession, refreshSession, type Session } from '@carillon/contracts';
import { login, logout, refresh, type SessionGrant } from '../../actions/sessions.ts';
import type { ApiDeps } from '../../deps.ts';
import { noStore } from '../../http/bind.ts';
import { bindOpen } from '../../http/bind-open.ts';

/** Logging in to pages of ours. Tokens are in bodies, never in cookies: no other site's page can use them. */
export function mountSessions(deps: ApiDeps, router: Router): void {
  bindOpen(deps, router, createSession, async ({ body, clientIp, context }) => {
    const { email, password, organization } = body;
    const origin = { clientIp, requestId: context.requestId };
    const granted = await login(deps, { email, password, organization }, origin);
    return { status: 201, body: fromGrant(granted), headers: noStore };
  });

  bindOpen(deps, router, refreshSession, async ({ body }) => {
    const granted = await refresh(deps, body.refresh_token);
    return { status: 200, body: fromGrant(granted), headers: noStore };
  });

  bindOpen(deps, router, endSession, async ({ body }) => {
    await logout(deps, body.refresh_token);
    return { status: 204 };
  });
}

function fromGrant({ accessToken, refreshToken, expiresInMs, sessionMs }: SessionGrant): Session {
  return {
    access_token: accessToken,
    expires_in: Math.floor(expiresInMs / 1000),
    refresh_token: refreshToken,
    session_expires_in: Math.floor(sessionMs / 1000),
  };
}
