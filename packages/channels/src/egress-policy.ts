import { InvalidError } from '@carillon/core';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What an installation opened for outgoing requests although it is private. */
export interface EgressAllowance {
  /** Ranges of addresses, any port. */
  ranges: readonly (readonly [Address, number])[];
  /** `host:port`, lower case, IPv6 in brackets. */
  targets: ReadonlySet<string>;
}

/** The one address of a cloud's inner services that hides in a public range (Azure's wire server). */
const innerAddresses = new Set(['168.63.129.16']);
const globalUnicast = ipaddr.parseCIDR('2000::/3');
const nat64 = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * Reads the setting's entries: CIDRs (`10.0.0.0/8`, `fd00::/8`) or `host:port` (`relay.lan:25`, `[::1]:9000`).
 * Throws `InvalidError` naming the entry that is neither.
 */
export function parseEgressAllow(entries: readonly string[]): EgressAllowance {
  const ranges: (readonly [Address, number])[] = [];
  const targets = new Set<string>();
  for (const raw of entries) {
    const entry = raw.trim().toLowerCase();
    if (ipaddr.isValidCIDR(entry)) ranges.push(unwrapRange(ipaddr.parseCIDR(entry)));
    else if (isHostAndPort(entry)) targets.add(entry);
    else throw new InvalidError('egress.entry', `"${raw}" is neither a CIDR nor host:port`);
  }
  return { ranges, targets };
}

/** Whether this very host and port was opened by name. `host` as in a URL: lower case, IPv6 in brackets. */
export function isAllowedTarget(allowance: EgressAllowance, host: string, port: number): boolean {
  return allowance.targets.has(`${host}:${port}`);
}

/** Whether the address lies in an opened range; IPv4 written as IPv6 is judged as IPv4. */
export function isAllowedAddress(allowance: EgressAllowance, address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && allowance.ranges.some((range) => isWithin(parsed, range));
}

/**
 * Whether the address belongs to the public internet. Everything with a special purpose is not
 * (IANA special-purpose registries): private, loopback, link-local, shared, benchmarking, multicast,
 * reserved, documentation. Of IPv6 only 2000::/3 counts, without 6to4 and Teredo, which can carry
 * any IPv4 address; mapped and NAT64 addresses are judged by the IPv4 address inside.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv6') return isWithin(parsed, globalUnicast);
  return !innerAddresses.has(parsed.toString());
}

function parseAddress(address: string): Address | undefined {
  // Short and octal forms are no addresses here: URLs were normalised before, resolvers never answer them.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (!isWithin(parsed, nat64)) return parsed;
  return ipaddr.fromByteArray(parsed.toByteArray().slice(12));
}

function unwrapRange([address, bits]: [Address, number]): readonly [Address, number] {
  if (!(address instanceof ipaddr.IPv6) || !address.isIPv4MappedAddress() || bits < 96)
    return [address, bits];
  return [address.toIPv4Address(), bits - 96];
}

function isWithin(address: Address, [base, bits]: readonly [Address, number]): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}

function isHostAndPort(entry: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/.exec(entry);
  const port = Number(match?.[2]);
  return port >= 1 && port <= 65_535;
}
