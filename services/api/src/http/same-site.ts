import type { IncomingMessage } from 'node:http';
import type { ApiDeps } from '../deps.ts';

/**
 * Whether a request comes from a page that may act with the cookies of this server: one of its own, or of an
 * origin that is named in CARILLON_ALLOWED_ORIGINS (`*` names none, because then any page could act for whoever
 * looks at it). Browsers tell the origin of a page with every request that changes something (Fetch standard,
 * section 3.2) and with every handshake of a socket; a request that tells nothing is none of theirs, and has no cookie
 * of theirs either.
 */
export function isOwnPage(
  { allowedOrigins, publicUrl }: Pick<ApiDeps['config'], 'allowedOrigins' | 'publicUrl'>,
  { headers }: Pick<IncomingMessage, 'headers'>,
): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  if (allowedOrigins.includes(origin) || origin === new URL(publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
