/** A notification as a webhook of Carillon posts it. */
export interface WebhookEvent {
  type: 'notification.created';
  /** When the notification was made, ISO 8601. */
  timestamp: string;
  data: {
    id: string;
    organization_id: string;
    recipient: { id: string; external_id: string | null };
    title: string;
    body: string;
    category: string;
    urgent: boolean;
    url: string | null;
    icon: string | null;
    actions: { label: string; url: string }[];
    data: Record<string, unknown>;
    created_at: string;
  };
}

export interface WebhookRequest {
  /** The body as it came, byte by byte: what a parser has read and written again has another signature. */
  body: string | Uint8Array;
  /** The headers of the request: `Headers`, or an object as Node has it. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The channel's secret (`whsec_…`); during a rotation both. */
  secret: string | readonly string[];
  /** How far the sender's clock may be from `now`; 300 seconds unless told. */
  toleranceSeconds?: number;
  /** This moment unless told. */
  now?: Date;
}

export interface VerifiedWebhook {
  /** The delivery: the same at each try, so remember it to do nothing twice. */
  id: string;
  event: WebhookEvent;
}

/** The request does not come from who has the secret, or is a repetition of an old one. Answer it with 400 or 401. */
export class WebhookError extends Error {
  override name = 'WebhookError';
  readonly code:
    | 'webhook.headers_missing'
    | 'webhook.too_old'
    | 'webhook.signature_wrong'
    | 'webhook.malformed';

  constructor(code: WebhookError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const toleranceSecondsDefault = 300;

/**
 * Checks that a request is one of Carillon's webhooks and unchanged, and reads it (Standard Webhooks 1.0, "Verifying
 * webhook authenticity"). Rejects with a WebhookError, and with a TypeError for a secret that is none.
 */
export async function verifyWebhook(request: WebhookRequest): Promise<VerifiedWebhook> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(request.headers, name),
  );
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    const message = 'A webhook has the headers webhook-id, webhook-timestamp and webhook-signature';
    throw new WebhookError('webhook.headers_missing', message);
  }
  checkAge(timestamp, request);
  const body = typeof request.body === 'string' ? new TextEncoder().encode(request.body) : request.body;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const secrets = typeof request.secret === 'string' ? [request.secret] : request.secret;
  for (const secret of secrets) {
    if (await isSignedWith(secret, signed, signatures)) return { id, event: readEvent(body) };
  }
  throw new WebhookError('webhook.signature_wrong', 'None of the signatures is made with the secret');
}

function headerOf(headers: WebhookRequest['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value: string | readonly string[] | undefined = entry?.[1];
  return typeof value === 'string' ? value : value?.join(' ');
}

function checkAge(timestamp: string, { now = new Date(), toleranceSeconds }: WebhookRequest): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const awaySeconds = Math.abs(now.getTime() / 1_000 - seconds);
  if (awaySeconds <= (toleranceSeconds ?? toleranceSecondsDefault)) return;
  throw new WebhookError(
    'webhook.too_old',
    'The timestamp is too far from now: a repetition, or a wrong clock',
  );
}

async function isSignedWith(
  secret: string,
  signed: Uint8Array<ArrayBuffer>,
  signatures: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', secretBytes(secret), algorithm, false, ['verify']);
  for (const signature of signatures.split(' ')) {
    const [version, text] = signature.split(',');
    const bytes = version === 'v1' ? base64Bytes(text ?? '') : undefined;
    // The platform compares in constant time.
    if (bytes !== undefined && (await crypto.subtle.verify(algorithm, key, bytes, signed))) return true;
  }
  return false;
}

const algorithm = { name: 'HMAC', hash: 'SHA-256' };

function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = base64Bytes(secret.replace(/^whsec_/, ''));
  if (bytes === undefined || bytes.length < 16) {
    throw new TypeError('`secret` must be the secret of the channel: whsec_ and base64');
  }
  return bytes;
}

function base64Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** A border: a body that is signed with the secret is what Carillon has written. */
function readEvent(body: Uint8Array): WebhookEvent {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent;
  } catch (cause) {
    throw new WebhookError('webhook.malformed', 'The body is signed, but is no JSON', { cause });
  }
}
