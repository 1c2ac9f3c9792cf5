import type { IncomingMessage } from 'node:http';
import { bearerOf } from '../../http/authenticate.ts';
import type { Credential } from '../dialect.ts';

/** In the one place that oCore names: `Authorization: Bearer <token>`. */
export function credential(request: IncomingMessage): Credential | undefined {
  const token = bearerOf(request.headers.authorization);
  return token === undefined ? undefined : { token, from: 'header' };
}
