import { isMailAddress } from './mailbox.ts';

/**
 * Where the mail of this delivery goes back to when it cannot be delivered: the template with each `{delivery}`
 * replaced by the id, so that what comes back tells what it was. Undefined when that is no e-mail address.
 */
export function bounceAddressOf(template: string, deliveryId: string): string | undefined {
  const address = template.replaceAll('{delivery}', deliveryId);
  return isMailAddress(address) ? address : undefined;
}
