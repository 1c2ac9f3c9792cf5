import { catalogue } from '@carillon/channels/catalogue';
import { externalKinds, type ExternalKind } from '@carillon/core';
import type { Target } from '@carillon/channels';

/** Whether a message of this kind may go to this target although the others are kept back. */
export type IsAllowed = (kind: ExternalKind, target: Target) => boolean;

/**
 * Reads the entries of CARILLON_DELIVERY_ALLOW. An address means itself, `@example.org` every mailbox of that domain
 * and of no other, a host name every target that is a URL of that host: a contact point, or the channel itself where
 * that is the whole target. The server of a vendor is no target: who names `api.telegram.org` names nobody.
 * `kind:` before any of them restricts it to a kind, and `kind:*` means all of that kind.
 */
export function readAllowList(entries: readonly string[]): IsAllowed {
  const matchers = entries.map(readEntry);
  return (kind, target) => matchers.some((matches) => matches(kind, target));
}

function readEntry(entry: string): IsAllowed {
  const named = externalKinds.find((kind) => entry.startsWith(`${kind}:`));
  if (named === undefined) return (kind, target) => isMeant(entry, kind, target);
  const rest = entry.slice(named.length + 1);
  return (kind, target) => kind === named && (rest === '*' || isMeant(rest, kind, target));
}

function isMeant(entry: string, kind: ExternalKind, target: Target): boolean {
  const { address } = target;
  if (address !== undefined && isSameAddress(entry, kind, address)) return true;
  if (entry.startsWith('@')) return kind === 'email' && domainOf(address) === entry.slice(1).toLowerCase();
  return hostOf(kind, target) === entry.toLowerCase();
}

/** Case counts in ids and tokens, and in no mail address that anybody has. */
function isSameAddress(entry: string, kind: ExternalKind, address: string): boolean {
  return kind === 'email' ? entry.toLowerCase() === address.toLowerCase() : entry === address;
}

/** What stands behind the last @: before it anything may stand, another @ too. */
function domainOf(address: string | undefined): string | undefined {
  return address?.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function hostOf(kind: ExternalKind, { address, settings }: Target): string | undefined {
  const isWholeTarget = catalogue[kind].contactPoint === undefined;
  const url = isWholeTarget ? (settings['url'] ?? settings['base_url']) : address;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return /^https?:$/.test(protocol) ? hostname : undefined;
}
