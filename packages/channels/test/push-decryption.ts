import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';

/** What a browser keeps of a subscription to itself. */
export interface BrowserKeys {
  privateKey: string;
  auth: string;
}

/**
 * The text of a push message, as the browser reads it: one record of "aes128gcm" (RFC 8188, section 2) with the key that
 * RFC 8291, section 3.4, derives. Throws where it was encrypted for somebody else.
 */
export function decryptPush(body: Buffer, { privateKey, auth }: BrowserKeys): string {
  const browser = createECDH('prime256v1');
  browser.setPrivateKey(privateKey, 'base64url');
  const salt = body.subarray(0, 16);
  const senderLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + senderLength);
  const record = body.subarray(21 + senderLength);
  if (record.length > body.readUInt32BE(16)) throw new Error('more than one record');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const secret = expand(browser.computeSecret(sender), Buffer.from(auth, 'base64url'), info, 32);
  const key = expand(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expand(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no last record');
  return padded.subarray(0, end).toString('utf8');
}

function expand(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));
}
