import type { IncomingMessage } from 'node:http';
import { bearerOf } from '../../http/authenticate.ts';
import { readCookie } from '../../http/cookies.ts';
import type { Credential } from '../dialect.ts';

const name = 'coder_session_token';

/** In the order in which Coder looks: cookie, query, header, then the forms of newer versions. */
export function credential(request: IncomingMessage, query: URLSearchParams): Credential | undefined {
  const { headers } = request;
  const found: [string | null | undefined, Credential['from']][] = [
    [readCookie(headers.cookie, name), 'cookie'],
    [query.get(name), 'query'],
    [first(headers['coder-session-token']), 'header'],
    [bearerOf(headers.authorization), 'header'],
    [query.get('access_token'), 'query'],
  ];
  for (const [token, from] of found) {
    if (token !== undefined && token !== null && token !== '') return { token, from };
  }
  return undefined;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
