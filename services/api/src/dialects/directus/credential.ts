import type { IncomingMessage } from 'node:http';
import type { Credential } from '../dialect.ts';
import { twoCredentials } from './errors.ts';

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;
const cookieName = 'directus_session_token';

/** A header, a parameter or a cookie; another scheme than Bearer counts as no credential. Throws DirectusError for two. */
export function credential(request: IncomingMessage, query: URLSearchParams): Credential | undefined {
  const header = bearer.exec(request.headers.authorization ?? '')?.[1];
  const parameter = query.get('access_token') ?? undefined;
  if (header !== undefined && parameter !== undefined) throw twoCredentials();
  if (header !== undefined) return { token: header, from: 'header' };
  if (parameter !== undefined) return { token: parameter, from: 'query' };
  const cookie = readCookie(request.headers.cookie);
  return cookie === undefined ? undefined : { token: cookie, from: 'cookie' };
}

function readCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === cookieName) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
