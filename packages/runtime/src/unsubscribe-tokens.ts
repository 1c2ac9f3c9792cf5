import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a link in a message switches off: one category, or all of them where that is empty, by one kind for one user. */
export interface UnsubscribeSubject {
  organizationId: string;
  userId: string;
  kind: string;
  category: string;
}

/** Makes and reads the tokens of such links. They tell ids and no name, and are good until the keys are gone. */
export interface UnsubscribeTokens {
  /** The same subject gives the same token. Throws TypeError for ids that are no UUIDs. */
  write(subject: UnsubscribeSubject): string;
  /** Undefined for what `write` did not make with one of the keys. */
  read(token: string): UnsubscribeSubject | undefined;
}

const version = 1;
const idBytes = 16;
const headBytes = 1 + 2 * idBytes;
/** 128 bits: more than can be tried over the network in any time. */
const tagBytes = 16;
/** A category has 100 characters at most. */
const lengthMax = 1_024;

/** `key` signs; it and the `previous` ones are believed, so that links outlive a change of the key. */
export function createUnsubscribeTokens(keys: {
  key: Uint8Array;
  previous?: readonly Uint8Array[];
}): UnsubscribeTokens {
  const [own, ...others] = [keys.key, ...(keys.previous ?? [])].map(deriveKey);
  if (own === undefined) throw new TypeError('there is no key');
  return {
    write({ organizationId, userId, kind, category }) {
      const payload = Buffer.concat([
        Buffer.from([version]),
        bytesOfId(organizationId),
        bytesOfId(userId),
        Buffer.from(`${kind}\0${category}`),
      ]);
      return Buffer.concat([payload, tagOf(own, payload)]).toString('base64url');
    },
    read(token) {
      if (token.length > lengthMax || !/^[\w-]+$/.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      const payload = bytes.subarray(0, -tagBytes);
      const tag = bytes.subarray(-tagBytes);
      if (payload.length <= headBytes || payload[0] !== version) return undefined;
      const isOurs = [own, ...others].some((key) => timingSafeEqual(tagOf(key, payload), tag));
      if (!isOurs) return undefined;
      const [kind = '', category = ''] = payload.subarray(headBytes).toString().split('\0');
      return {
        organizationId: idOf(payload.subarray(1, 1 + idBytes)),
        userId: idOf(payload.subarray(1 + idBytes, headBytes)),
        ...{ kind, category },
      };
    },
  };
}

/** A key for this use alone (RFC 5869). */
function deriveKey(key: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), 'carillon unsubscribe', 32));
}

function tagOf(key: Uint8Array, payload: Uint8Array): Buffer {
  return createHmac('sha256', key).update(payload).digest().subarray(0, tagBytes);
}

function bytesOfId(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  if (bytes.length !== idBytes) throw new TypeError('the id is no UUID');
  return bytes;
}

function idOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
