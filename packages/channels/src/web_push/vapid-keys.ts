import { createECDH } from 'node:crypto';
import type { RandomBytes } from '../adapter.ts';

/** A key pair of P-256 as browsers and push services write it: base64url without padding. */
export interface VapidKeys {
  /** The point, uncompressed: 65 bytes. */
  publicKey: string;
  privateKey: string;
}

const curve = 'prime256v1';
const privateBytes = 32;

/** A new key pair by which push services know this channel (RFC 8292, section 2). */
export function newVapidKeys(randomBytes: RandomBytes): VapidKeys {
  for (;;) {
    const privateKey = Buffer.from(randomBytes(privateBytes)).toString('base64url');
    // Of four thousand million numbers one is too large for the curve.
    const publicKey = publicKeyOf(privateKey);
    if (publicKey !== undefined) return { publicKey, privateKey };
  }
}

/** The public key of a private one; undefined where that is no private key of P-256. */
export function publicKeyOf(privateKey: string): string | undefined {
  const bytes = bytesOf(privateKey);
  if (bytes?.length !== privateBytes) return undefined;
  try {
    const pair = createECDH(curve);
    pair.setPrivateKey(bytes);
    return pair.getPublicKey('base64url');
  } catch {
    return undefined;
  }
}

/** Whether the text is a point of P-256, uncompressed. */
export function isPublicKey(text: string): boolean {
  const bytes = bytesOf(text);
  if (bytes?.length !== 65) return false;
  try {
    // Fails for what is not on the curve.
    const pair = createECDH(curve);
    pair.generateKeys();
    pair.computeSecret(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Of base64url with or without padding; undefined for other characters, which decoders skip. */
export function bytesOf(text: string): Buffer | undefined {
  return /^[\w-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
}
