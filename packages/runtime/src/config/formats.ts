import ipaddr from 'ipaddr.js';

/** Whether a text has the form; each name is a JSON Schema `format` of the settings schema. */
export const settingFormats: Readonly<Record<string, (text: string) => boolean>> = {
  'web-url': isWebUrl,
  'postgres-url': (text) => hasScheme(text, ['postgres:', 'postgresql:']),
  'redis-url': (text) => hasScheme(text, ['redis:', 'rediss:']) || isSentinelUrl(text),
  'smtp-url': (text) => hasScheme(text, ['smtp:', 'smtps:']),
  origin: (text) => text === '*' || isOrigin(text),
  'address-range': (text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text),
  'egress-target': (text) => ipaddr.isValidCIDR(text) || isHostAndPort(text),
  'delivery-target': isDeliveryTarget,
  'listen-host': (text) => ipaddr.isValid(text) || isHostName(text),
  'secret-key': (text) => decodeSecretKey(text) !== undefined,
  mailbox: isMailbox,
};

/** The 32 bytes that a secret key stands for, written as base64 (also base64url) or as 64 hex digits; else undefined. */
export function decodeSecretKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  const unpadded = text.replace(/=$/, '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Buffer.from(unpadded, 'base64');
  // Node skips what is not base64; encoding again shows whether anything was skipped.
  const isExact = bytes.length === 32 && bytes.toString('base64').replace(/=+$/, '') === unpadded;
  return isExact ? new Uint8Array(bytes) : undefined;
}

/** A base URL of people's browsers: no credentials, query or fragment, since paths are appended to it. */
function isWebUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function isOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text;
}

/** Several hosts are no URL for the platform's parser. */
function isSentinelUrl(text: string): boolean {
  return /^redis\+sentinel:\/\/(?:[^@/\s]*@)?[^@/\s,]+(?:,[^@/\s,]+)*\/[^/\s]+(?:\/\d{1,3})?$/.test(text);
}

function hasScheme(text: string, schemes: readonly string[]): boolean {
  const url = parseUrl(text);
  return url !== undefined && schemes.includes(url.protocol) && text.startsWith(`${url.protocol}//`);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isHostAndPort(text: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/\s]+):(\d{1,5})$/i.exec(text);
  if (match === null) return false;
  const [, host = '', port = ''] = match;
  const bare = host.replace(/^\[|\]$/g, '');
  return Number(port) >= 1 && Number(port) <= 65_535 && (ipaddr.isValid(bare) || isHostName(bare));
}

/** Anything without spaces may be an address of some kind; `*` alone would be what `live` is. */
function isDeliveryTarget(text: string): boolean {
  if (!/^\S{1,2048}$/.test(text) || /^[:*]/.test(text) || text.endsWith(':')) return false;
  return !text.startsWith('@') || isHostName(text.slice(1));
}

/** Letters, digits and hyphens in labels of at most 63, as RFC 1123 section 2.1 has it; not all digits. */
function isHostName(text: string): boolean {
  const isName =
    /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
  return isName.test(text) && !/^[\d.]+$/.test(text);
}

/** `name@host` or `Any Name <name@host>`; whether the address exists is for the mail server to say. */
function isMailbox(text: string): boolean {
  return /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(text);
}
