import type { EgressAllowance } from '../egress-policy.ts';
import { checkDestination, type Destination } from '../outgoing-url.ts';
import { parseSmtpUrl, type SmtpServer } from './smtp-url.ts';

export type SmtpServerCheck = { server: SmtpServer; destination: Destination } | { refused: string };

/** Where mail servers listen; any other port would make mail a tool to knock at other services. */
const mailPorts = new Set([25, 465, 587, 2525]);

/**
 * A mail server that an organization named for itself, under the rules of every outgoing connection.
 * Servers that the operator configured are not judged: they may well be inside.
 */
export function checkSmtpServer(smtpUrl: string, allowance: EgressAllowance): SmtpServerCheck {
  const server = parseSmtpUrl(smtpUrl);
  if (server === undefined) return { refused: 'must be smtp://user:password@host:port or smtps://…' };
  const unusual = mailPorts.has(server.port) ? undefined : `must not use port ${server.port}`;
  const check = checkDestination(server.urlHost, server.port, unusual, allowance);
  return 'refused' in check ? check : { server, destination: check.destination };
}
