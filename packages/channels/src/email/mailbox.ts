import { domainToASCII } from 'node:url';

/** A sender or recipient in its parts, so that headers are never put together from text. */
export interface Mailbox {
  name: string;
  address: string;
}

/** RFC 5321 section 4.5.3.1 and its erratum 1690. */
export const mailAddressLengthMax = 254;
const localLengthMax = 64;
/** The dot-atom of RFC 5322 section 3.2.3: quoted local parts and comments are refused, no one needs them. */
const localForm = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const labelForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const controlForm = /[\p{Cc}\u2028\u2029]/u;

/** Whether the text is one bare e-mail address that can be used: at most 254 characters, no name, no comment. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (text.length > mailAddressLengthMax || at < 1 || at > localLengthMax) return false;
  if (controlForm.test(text) || !localForm.test(text.slice(0, at))) return false;
  const domain = domainToASCII(text.slice(at + 1));
  // Letters may be written in any script; what counts is the name that is asked of the DNS.
  return domain !== '' && domain.length <= 253 && domain.split('.').every((label) => labelForm.test(label));
}

/** Reads `address`, `Name <address>` or `"Name" <address>`; undefined for anything else, lists included. */
export function parseMailbox(text: string): Mailbox | undefined {
  const trimmed = text.trim();
  if (controlForm.test(trimmed) || trimmed.length > 320) return undefined;
  if (isMailAddress(trimmed)) return { name: '', address: trimmed };
  const open = trimmed.lastIndexOf('<');
  if (open === -1 || !trimmed.endsWith('>')) return undefined;
  const address = trimmed.slice(open + 1, -1);
  const name = unquoted(trimmed.slice(0, open).trim());
  return name !== undefined && isMailAddress(address) ? { name, address } : undefined;
}

/** The domain of an address, in the form of the DNS. */
export function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1));
}

function unquoted(name: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(name)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /["<>,;:@\\]/.test(name) ? undefined : name;
}
