import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const lookupChars = 10;
/** 33 characters of 62 carry 196 bits. */
const secretChars = 33;
const shape = /^[0-9A-Za-z]{10}-[0-9A-Za-z]{33}$/;

/**
 * A new access token: 10 characters to find it by, a hyphen, 33 characters (196 bits) that are the
 * secret. Cryptographically random, every character equally likely.
 */
export function newToken(): string {
  return `${randomText(lookupChars)}-${randomText(secretChars)}`;
}

/** Whether a text has the form of an access token; says nothing about whether it was ever given out. */
export function isTokenShaped(text: string): boolean {
  return shape.test(text);
}

/** The part that a token is found by in the database; no secret. */
export function tokenLookup(token: string): string {
  return token.slice(0, lookupChars);
}

/**
 * What is stored of a token: SHA-256 in hex. A slow password hash would gain nothing here, since 196
 * random bits cannot be guessed.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function areHashesEqual(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * The token that follows `token`: the same 10 characters to find it by, another secret. Whoever has the key always
 * makes the same of the same token, so that it can be told twice without being stored; nobody else can make it.
 */
export function nextToken(token: string, key: Uint8Array): string {
  let rest = BigInt(`0x${createHmac('sha256', key).update(token).digest('hex')}`);
  let secret = '';
  for (const base = BigInt(alphabet.length); secret.length < secretChars; rest /= base) {
    secret += alphabet.charAt(Number(rest % base));
  }
  return `${tokenLookup(token)}-${secret}`;
}

/** Bytes from 248 on are thrown away: 248 is the largest multiple of 62, so that no character is favoured. */
function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
