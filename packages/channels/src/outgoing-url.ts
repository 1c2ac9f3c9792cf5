import { isIP } from 'node:net';
import {
  isAllowedAddress,
  isAllowedTarget,
  isPublicAddress,
  parseEgressAllow,
  type EgressAllowance,
} from './egress-policy.ts';

/** Where a connection is meant to go, before any name was resolved. */
export interface Destination {
  /** Lower case, without trailing dot; an IPv6 address without brackets. */
  host: string;
  port: number;
  /** Opened by `host:port`: no address is refused. */
  opened: boolean;
  /** Only an address of an opened range will do, because scheme, port or name are not for public targets. */
  onlyOpened: boolean;
}

export type DestinationCheck = { destination: Destination } | { refused: string };

const urlLengthMax = 2_048;
/**
 * Ports above 1023 where something else than a web server listens: those that browsers refuse for
 * the same reason (Fetch standard, "bad ports"), and databases, brokers and machine controls.
 */
const refusedPorts = new Set([
  1433, 1521, 1719, 1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 4369, 5060,
  5061, 5432, 5672, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300,
  10_080, 10_250, 11_211, 25_672, 27_017,
]);

/**
 * Why an outgoing request to this URL would be refused, in words for the person who typed it, or
 * undefined. Judges literals only and resolves no name: what a name points to is checked at each connection.
 */
export function checkOutgoingUrl(url: string, egressAllow: readonly string[]): string | undefined {
  const check = checkHttpTarget(url, parseEgressAllow(egressAllow));
  return 'refused' in check ? check.refused : undefined;
}

/** The same rule for a parsed allowance, with the destination to dial. */
export function checkHttpTarget(text: string, allowance: EgressAllowance): DestinationCheck {
  if (text.length > urlLengthMax) return { refused: `is longer than ${urlLengthMax} characters` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return { refused: 'is not an absolute URL' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { refused: 'must begin with https://' };
  if (url.username !== '' || url.password !== '')
    return { refused: 'must not contain a user name or password' };
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const unusual = isSecure ? refusedPort(port) : 'must begin with https://';
  return checkDestination(url.hostname, port, unusual, allowance);
}

/**
 * Host and port of any protocol against the rules for names and literal addresses. `unusual` says
 * what is not for public targets (a scheme, a port) and is overlooked only for opened ones.
 */
export function checkDestination(
  urlHost: string,
  port: number,
  unusual: string | undefined,
  allowance: EgressAllowance,
): DestinationCheck {
  const hostname = urlHost.toLowerCase().replace(/\.+$/, '');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') return { refused: 'names no host' };
  const base = { host, port, opened: false, onlyOpened: false };
  if (isAllowedTarget(allowance, hostname, port)) return { destination: { ...base, opened: true } };
  const isLiteral = isIP(host) !== 0;
  if (isLiteral && isAllowedAddress(allowance, host)) return { destination: base };
  const refused = unusual ?? (isLiteral ? refusedLiteral(host) : refusedName(host));
  if (refused === undefined) return { destination: base };
  // A name may still resolve into an opened range; that is decided when it is dialled.
  if (!isLiteral && allowance.ranges.length > 0) return { destination: { ...base, onlyOpened: true } };
  return { refused };
}

function refusedPort(port: number): string | undefined {
  if (port === 443 || (port > 1_023 && !refusedPorts.has(port))) return undefined;
  return `must not use port ${port}`;
}

function refusedLiteral(address: string): string | undefined {
  return isPublicAddress(address) ? undefined : 'must not point to a private or reserved address';
}

function refusedName(host: string): string | undefined {
  const isInner = !host.includes('.') || /\.(localhost|internal|local|localdomain|home\.arpa)$/.test(host);
  return isInner ? 'must not point to a name of an inner network' : undefined;
}
