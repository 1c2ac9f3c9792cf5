import type { IncomingMessage } from 'node:http';
import { bearerOf } from '../../http/authenticate.ts';
import { readCookie } from '../../http/cookies.ts';
import type { Credential } from '../dialect.ts';
import { accessCookie } from './auth-cookies.ts';
import { twoCredentials } from './errors.ts';

/** A header, a parameter or a cookie; another scheme than Bearer counts as no credential. Throws DirectusError for two. */
export function credential(request: IncomingMessage, query: URLSearchParams): Credential | undefined {
  const header = bearerOf(request.headers.authorization);
  const parameter = query.get('access_token') ?? undefined;
  if (header !== undefined && parameter !== undefined) throw twoCredentials();
  if (header !== undefined) return { token: header, from: 'header' };
  if (parameter !== undefined) return { token: parameter, from: 'query' };
  const cookie = readCookie(request.headers.cookie, accessCookie);
  return cookie === undefined ? undefined : { token: cookie, from: 'cookie' };
}
