import ipaddr from 'ipaddr.js';

/**
 * What a client's address is counted as: an IPv4 address itself, of an IPv6 address the first 64 bits, because
 * whoever has one has all of that network. What is no address is itself.
 */
export function clientNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const bytes = parsed.toByteArray().map((byte, index) => (index < 8 ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/64`;
}
