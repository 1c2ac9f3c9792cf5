import type { IncomingMessage } from 'node:http';
import { bearerOf } from '../../http/authenticate.ts';
import type { Credential } from '../dialect.ts';

const bareToken = /^[\x21-\x7e]+$/;

/** `Authorization: <token>`, as OnCall has it; with `Bearer` before it as well, which people expect of curl. */
export function credential(request: IncomingMessage): Credential | undefined {
  const { authorization } = request.headers;
  const bare = authorization?.trim() ?? '';
  const token = bareToken.test(bare) ? bare : bearerOf(authorization);
  return token === undefined ? undefined : { token, from: 'header' };
}
