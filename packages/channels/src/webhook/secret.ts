import type { RandomBytes } from '../adapter.ts';

const prefix = 'whsec_';
const bytesMin = 24;
const bytesMax = 64;
const bytesMade = 32;

/** A new signing secret as the Standard Webhooks specification writes it: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(randomBytes: RandomBytes): string {
  return `${prefix}${Buffer.from(randomBytes(bytesMade)).toString('base64')}`;
}

/** Whether the text is `whsec_` and 24 to 64 bytes in canonical base64 (Standard Webhooks, "Signature scheme"). */
export function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded && bytes.length >= bytesMin && bytes.length <= bytesMax;
}
