import { parseEgressAllow } from './egress-policy.ts';
import { checkHttpTarget } from './outgoing-url.ts';

/** The name under which our callbacks carry the delivery. */
export const deliveryParameter = 'delivery';
const nothingOpened = parseEgressAllow([]);

/**
 * Where a vendor tells what became of a delivery. Undefined where no vendor could: the channel is not known, or this
 * installation has no public https address.
 */
export function callbackUrl(
  publicUrl: string,
  channelId: string | undefined,
  deliveryId: string,
): string | undefined {
  if (channelId === undefined || 'refused' in checkHttpTarget(publicUrl, nothingOpened)) return undefined;
  return `${publicUrl.replace(/\/+$/, '')}/v1/inbound/${channelId}?${deliveryParameter}=${deliveryId}`;
}
