import type { IncomingMessage } from 'node:http';
import type { Credential } from '../dialect.ts';

const name = 'coder_session_token';
const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/** In the order in which Coder looks: cookie, query, header, then the forms of newer versions. */
export function credential(request: IncomingMessage, query: URLSearchParams): Credential | undefined {
  const { headers } = request;
  const found: [string | null | undefined, Credential['from']][] = [
    [readCookie(headers.cookie), 'cookie'],
    [query.get(name), 'query'],
    [first(headers['coder-session-token']), 'header'],
    [bearer.exec(headers.authorization ?? '')?.[1], 'header'],
    [query.get('access_token'), 'query'],
  ];
  for (const [token, from] of found) {
    if (token !== undefined && token !== null && token !== '') return { token, from };
  }
  return undefined;
}

function readCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name)
      return pair
        .slice(at + 1)
        .trim()
        .replaceAll('"', '');
  }
  return undefined;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
