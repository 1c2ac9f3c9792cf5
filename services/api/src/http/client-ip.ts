import type { IncomingMessage } from 'node:http';
import proxyAddress, { compile } from 'proxy-addr';

/** Where a request came from, as far as the proxies before us are trusted: what Express tells of the requests it sees. */
export function createClientIp(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = compile([...trustedProxies]);
  return (request) => proxyAddress(request, isTrusted);
}
