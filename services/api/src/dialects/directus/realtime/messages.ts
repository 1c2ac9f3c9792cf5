import { inspect } from '@carillon/contracts';
import { invalidPayload, type DirectusError } from '../errors.ts';
import type { Fields } from '../payload.ts';
import { isObject, jsonDepthMax } from '../query/query-text.ts';

/** What a client gives its messages to know the answers by. */
export type Uid = string | number;

export interface ClientMessage {
  type: string;
  uid: Uid | undefined;
  fields: Fields;
}

/** It comes back with every event. */
const uidLengthMax = 256;

/** Undefined for what is no JSON object with a type. Throws DirectusError for what cannot be stored or echoed. */
export function parseMessage(text: string): ClientMessage | undefined {
  const fields = parseJson(text);
  if (!isObject(fields)) return undefined;
  const { type, uid } = fields;
  if (typeof type !== 'string') return undefined;
  const [unstorable] = inspect(fields, jsonDepthMax).errors;
  if (unstorable !== undefined) throw invalidPayload(`${unstorable.pointer}: ${unstorable.detail}`);
  return { type, uid: readUid(uid), fields };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readUid(uid: unknown): Uid | undefined {
  if (uid === undefined || uid === null) return undefined;
  if (typeof uid === 'number' || (typeof uid === 'string' && uid.length <= uidLengthMax)) return uid;
  throw invalidPayload(`"uid" must be a number or a string of at most ${uidLengthMax} characters`);
}

/** What a message to the client is about; undefined parts are left out. */
export type ServerMessage =
  | { type: 'auth'; status: 'ok'; refresh_token?: string | undefined; uid: Uid | undefined }
  | { type: 'ping' }
  | { type: 'pong'; uid: Uid | undefined }
  | {
      type: 'subscription';
      event: 'init' | 'create' | 'update' | 'delete' | 'unsubscribe';
      data?: unknown;
      uid: Uid | undefined;
    }
  | {
      type: 'auth' | 'items' | 'server' | 'subscribe';
      status: 'error';
      error: { code: string; message: string };
      uid?: Uid | undefined;
    };

/** A refusal in the words of Directus. */
export function refusal(
  type: 'auth' | 'items' | 'server' | 'subscribe',
  error: { code: string; message: string },
  uid?: Uid,
): ServerMessage {
  return { type, status: 'error', error: { code: error.code, message: error.message }, uid };
}

/** The first thing that an error says. */
export function problemOf({ problems: [problem], code, message }: DirectusError): {
  code: string;
  message: string;
} {
  return { code: problem?.extensions.code ?? code, message: problem?.message ?? message };
}

export const handshakeFailed = {
  code: 'AUTH_FAILED',
  message: 'Authentication handshake failed.',
} as const;
export const tokenExpired = { code: 'TOKEN_EXPIRED', message: 'Token expired.' } as const;
export const unreadable = {
  code: 'INVALID_PAYLOAD',
  message: 'Unable to parse the incoming message.',
} as const;
export const tooManyMessages = {
  code: 'REQUESTS_EXCEEDED',
  message: 'Too many messages at once.',
} as const;
export const systemCollection = {
  code: 'INVALID_COLLECTION',
  message: 'Cannot trigger an action on a system collection.',
} as const;
