import type { IncomingMessage } from 'node:http';
import { openInboxStream, compileRoute } from '@carillon/contracts';
import {
  ForbiddenError,
  MalformedError,
  parsePosition,
  TooManyError,
  UnauthenticatedError,
  type StreamPosition,
} from '@carillon/core';
import { takeStreamTicket } from '@carillon/db';
import { hashToken } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { authenticate } from '../http/authenticate.ts';
import { refuseTokens } from '../http/bind.ts';
import { asUser, authorize, type UserCaller } from '../http/caller.ts';
import { isOriginAllowed } from '../http/cors.ts';
import type { LiveCaller } from './connection.ts';
import type { StreamForm } from './form.ts';
import { v1Form } from './frames.ts';

/** Somebody who may open a stream, and where it goes on. */
export interface Admitted {
  caller: LiveCaller;
  after: StreamPosition | undefined;
  form: StreamForm;
}

const stream = compileRoute(openInboxStream);
type AdmitDeps = Pick<ApiDeps, 'tokens' | 'sessions' | 'jwt' | 'system' | 'hub' | 'config' | 'log'>;

/**
 * Decides before anything is opened, the same for both transports: the query's form, the origin, the
 * credential (header or one-use ticket), the room left. Throws what the refusal is.
 */
export async function admit(
  deps: AdmitDeps,
  request: IncomingMessage,
  query: Record<string, unknown>,
): Promise<Admitted> {
  const checked = stream.query(refuseTokens(query));
  if (!checked.ok) {
    const first = checked.errors[0];
    throw new MalformedError('request.invalid', `${first?.pointer}: ${first?.detail}`, {
      errors: checked.errors,
    });
  }
  const { origin } = request.headers;
  if (!isOriginAllowed(deps.config.allowedOrigins, origin)) {
    deps.log.warn({ event: 'origin.refused', origin, setting: 'CARILLON_ALLOWED_ORIGINS' });
    throw new ForbiddenError('origin.refused', 'This origin is not in CARILLON_ALLOWED_ORIGINS');
  }
  const caller = await whoOpens(deps, request.headers.authorization, checked.value.ticket);
  needRoom(deps, caller);
  const last = request.headers['last-event-id'];
  const after = typeof last === 'string' && last !== '' ? last : checked.value.after;
  return { caller, form: v1Form, after: after === undefined ? undefined : positionOf(after) };
}

/** Throws TooManyError where one more stream of this user has no room. */
export function needRoom({ hub }: Pick<AdmitDeps, 'hub'>, { userId }: LiveCaller): void {
  const room = hub.room(userId);
  if (room === 'open') return;
  const whose = room === 'user_full' ? 'this user has' : 'this server has';
  throw new TooManyError('rate.limited', `Too many streams are open: ${whose} no room for another`, {
    retryAfterMs: 10_000,
  });
}

/** The caller as a stream keeps it. */
export function toLiveCaller({ user, tokenId, sessionId, expiresAt }: UserCaller): LiveCaller {
  return { userId: user.id, organizationId: user.organizationId, tokenId, sessionId, expiresAt };
}

async function whoOpens(
  deps: AdmitDeps,
  authorization: string | undefined,
  ticket: string | undefined,
): Promise<LiveCaller> {
  if (ticket === undefined) {
    const caller = asUser(await authenticate(deps, authorization));
    if (openInboxStream.auth !== 'public') authorize(openInboxStream.auth, caller);
    return toLiveCaller(caller);
  }
  const taken = await takeStreamTicket(deps.system, hashToken(ticket));
  if (taken === undefined) {
    throw new UnauthenticatedError(
      'auth.invalid',
      'The ticket is unknown, was used, or is older than 60 seconds',
    );
  }
  return {
    userId: taken.userId,
    organizationId: taken.organizationId,
    tokenId: taken.tokenId,
    sessionId: taken.sessionId,
    expiresAt: taken.credentialExpiresAt,
  };
}

/** `Last-Event-ID` has no schema; what is not a position means another life, and so a resync. */
function positionOf(text: string): StreamPosition {
  return parsePosition(text) ?? { epoch: '', sequence: 0 };
}
