import type { SessionGrant } from '../../actions/sessions.ts';
import type { ApiDeps } from '../../deps.ts';
import { readCookie, writeCookie } from '../../http/cookies.ts';

/** Holds an access token: a credential of every call. */
export const accessCookie = 'directus_session_token';
/** Sent along to the calls that take refresh tokens, and to no others. */
const refreshCookie = { name: 'directus_refresh_token', path: '/auth' };

type Urls = Pick<ApiDeps['config'], 'publicUrl'>;

/** Both tokens of a grant, each for as long as it is good. */
export function sessionCookies(config: Urls, grant: SessionGrant): string[] {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return [
    write(config, accessCookie, grant.accessToken, '/', seconds(grant.expiresInMs)),
    write(config, refreshCookie.name, grant.refreshToken, refreshCookie.path, seconds(grant.sessionMs)),
  ];
}

/** Removes both. */
export function clearedCookies(config: Urls): string[] {
  return [
    write(config, accessCookie, '', '/', 0),
    write(config, refreshCookie.name, '', refreshCookie.path, 0),
  ];
}

/** The refresh token that a browser sent along. */
export function readRefreshCookie(header: string | undefined): string | undefined {
  return readCookie(header, refreshCookie.name);
}

function write({ publicUrl }: Urls, name: string, value: string, path: string, maxAgeSeconds: number) {
  return writeCookie(name, value, { path, maxAgeSeconds, secure: publicUrl.startsWith('https:') });
}
