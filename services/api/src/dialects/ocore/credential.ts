import type { IncomingMessage } from 'node:http';
import type { Credential } from '../dialect.ts';

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/** In the one place that oCore names: `Authorization: Bearer <token>`. */
export function credential(request: IncomingMessage): Credential | undefined {
  const token = bearer.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : { token, from: 'header' };
}
