import type { TokenKeeper } from '../token.ts';
import type { Channel, Locks, TabShare } from './tab-feed.ts';

/** What of the platform tabs share by; tests give their own. */
export interface SharePlatform {
  locks: Locks;
  openChannel: (name: string) => Channel;
}

/** A browser's means to share; undefined outside of pages, in old browsers and without HTTPS. */
export function platformShare(): SharePlatform | undefined {
  const navigator: unknown = Reflect.get(globalThis, 'navigator');
  const locks: unknown =
    typeof navigator === 'object' && navigator !== null ? Reflect.get(navigator, 'locks') : undefined;
  const Constructor: unknown = Reflect.get(globalThis, 'BroadcastChannel');
  if (Reflect.get(globalThis, 'document') === undefined || typeof Constructor !== 'function')
    return undefined;
  if (typeof locks !== 'object' || locks === null) return undefined;
  const ChannelConstructor = Constructor as new (name: string) => Channel;
  return { locks: locks as Locks, openChannel: (name) => new ChannelConstructor(name) };
}

/**
 * What this client shares with other tabs, named by the API and by who the user is: what a JWT says of its
 * subject, else a digest of the token itself. So never by two users, even where both are signed in one after the
 * other on one page; two tokens of one user are not known to be of one, unless `name` says so.
 */
export async function shareOf(
  platform: SharePlatform | undefined,
  url: string,
  token: TokenKeeper,
  name: string | undefined,
): Promise<TabShare | undefined> {
  if (platform === undefined) return undefined;
  const identity = name ?? subjectOf((await token.get()) ?? '');
  const bytes = new TextEncoder().encode(`${url}\n${identity}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ...platform, name: `carillon-${hex}` };
}

/** Claims of a JWT that say when, not who (RFC 7519, section 4.1). */
const aboutTime = new Set(['exp', 'nbf', 'iat', 'jti']);

function subjectOf(token: string): string {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return token;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return token;
    const who = Object.entries(claims).filter(([claim]) => !aboutTime.has(claim));
    return JSON.stringify(who.sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return token;
  }
}
