import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CarillonError } from '@carillon/core';

/** Where a sealed text is kept. It opens only there: a ciphertext moved to another row or column does not. */
export interface SealedPlace {
  organizationId: string;
  table: string;
  rowId: string;
  column: string;
}

/** Encrypts and decrypts what the database keeps of others' secrets. */
export interface Sealer {
  /** Id of the key that `seal` uses. */
  readonly keyId: string;
  /** `v1.<key id>.<iv>.<tag>.<ciphertext>`, the last three base64url. Sealing twice gives two different texts. */
  seal(plaintext: string, place: SealedPlace): string;
  /**
   * The plaintext that was sealed for this place.
   * @throws UnsealError, which names the key id and never the content.
   */
  open(sealed: string, place: SealedPlace): string;
}

export type UnsealCode = 'secret.malformed' | 'secret.unknown_key' | 'secret.altered';

/** A sealed text cannot be opened: not one of ours, made with a key that is not at hand, or altered or moved. */
export class UnsealError extends CarillonError {
  /** Undefined when the text is not in the sealed form. */
  readonly keyId: string | undefined;

  constructor(code: UnsealCode, message: string, keyId?: string, cause?: unknown) {
    super(code, message, { cause });
    this.keyId = keyId;
  }
}

const keyBytes = 32;
/** The length that AES-GCM is made for (NIST SP 800-38D section 8.2); fresh for every text. */
const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with 32-byte keys. `key` seals; it and the `previous` ones open.
 * @throws TypeError for a key of another length.
 */
export function createSealer({
  key,
  previous = [],
}: {
  key: Uint8Array;
  previous?: readonly Uint8Array[];
}): Sealer {
  const wrong = [key, ...previous].find(({ length }) => length !== keyBytes);
  if (wrong !== undefined) throw new TypeError(`A key has ${wrong.length} bytes instead of ${keyBytes}`);
  const keys = new Map([...previous, key].map((each) => [idOfKey(each), Buffer.from(each)]));
  const ownKey = Buffer.from(key);
  const keyId = idOfKey(key);
  return {
    keyId,
    seal(plaintext, place) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', ownKey, iv, { authTagLength: tagBytes });
      cipher.setAAD(bind(keyId, place));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
      return ['v1', keyId, ...parts].join('.');
    },
    open(sealed, place) {
      const parts = parse(sealed);
      const found = keys.get(parts.keyId);
      if (found === undefined) {
        throw new UnsealError('secret.unknown_key', `No key ${parts.keyId} is configured`, parts.keyId);
      }
      return decrypt(found, parts, place);
    },
  };
}

/** The id of the key that sealed a text, or undefined when the text is not in the sealed form. */
export function keyIdOf(sealed: string): string | undefined {
  return sealedForm.exec(sealed)?.[1];
}

const sealedForm = /^v1\.([0-9a-f]{8})\.([\w-]{16})\.([\w-]{22})\.([\w-]*)$/;

interface SealedParts {
  keyId: string;
  iv: Buffer;
  tag: Buffer;
  ciphertext: Buffer;
}

function parse(sealed: string): SealedParts {
  const match = sealedForm.exec(sealed);
  if (match === null) throw new UnsealError('secret.malformed', 'The text is not in the sealed form');
  const [, keyId = '', ...encoded] = match;
  const [iv, tag, ciphertext] = encoded.map((part) => Buffer.from(part, 'base64url'));
  // Several base64 texts stand for the same bytes; only the one that `seal` writes is accepted.
  const isExact = [iv, tag, ciphertext].every((part, at) => part?.toString('base64url') === encoded[at]);
  if (iv === undefined || tag === undefined || ciphertext === undefined || !isExact) {
    throw new UnsealError('secret.malformed', 'The text is not in the sealed form', keyId);
  }
  return { keyId, iv, tag, ciphertext };
}

function decrypt(key: Buffer, { keyId, iv, tag, ciphertext }: SealedParts, place: SealedPlace): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    decipher.setAAD(bind(keyId, place));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch (cause) {
    const message = `A text sealed with key ${keyId} was altered or moved to another place`;
    throw new UnsealError('secret.altered', message, keyId, cause);
  }
}

function idOfKey(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** JSON keeps the parts apart: joined with a separator, two different places could give the same bytes. */
function bind(keyId: string, { organizationId, table, rowId, column }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify(['v1', keyId, organizationId, table, rowId, column]));
}
