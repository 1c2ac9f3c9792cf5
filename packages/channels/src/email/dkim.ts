import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { FieldError } from '@carillon/core';
import { domainToASCII } from 'node:url';

/** What a mail is signed with, so that receivers know that its domain sent it (DKIM, RFC 6376). */
export interface DkimKey {
  domain: string;
  selector: string;
  /** RSA, in PEM. */
  privateKey: string;
}

/** The settings that belong to signing: all of them, or none. */
export interface DkimSettings {
  dkim_domain?: string;
  dkim_selector?: string;
  dkim_private_key?: string;
}

/** RFC 8301 section 3.2: receivers do not believe shorter keys, and need not know longer ones. */
const bitsMin = 1_024;
const bitsMax = 4_096;
const label = '[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?';
const selectorForm = new RegExp(`^_?${label}(?:[.]${label})*$`, 'i');
const domainForm = new RegExp(`^${label}(?:[.]${label})+$`, 'i');

/** The key of these settings; undefined when mails are not signed, or when the settings do not make a key. */
export function dkimKeyOf(settings: DkimSettings): DkimKey | undefined {
  const { dkim_domain: domain, dkim_selector: selector, dkim_private_key: privateKey } = settings;
  if (domain === undefined || selector === undefined || privateKey === undefined) return undefined;
  return { domain: domainToASCII(domain), selector, privateKey: withBreaks(privateKey) };
}

/** What is wrong with the settings of signing; pointers are relative to the settings. */
export function checkDkim(settings: DkimSettings): FieldError[] {
  const { dkim_domain: domain, dkim_selector: selector, dkim_private_key: privateKey } = settings;
  const names = ['dkim_domain', 'dkim_selector', 'dkim_private_key'] as const;
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length === names.length) return [];
  return [
    ...missing.map((name) => ({
      pointer: `/${name}`,
      detail: 'is required: signing needs dkim_domain, dkim_selector and dkim_private_key',
    })),
    ...(domain === undefined || domainForm.test(domainToASCII(domain))
      ? []
      : [{ pointer: '/dkim_domain', detail: 'must be a domain, for example example.org' }]),
    ...(selector === undefined || selectorForm.test(selector)
      ? []
      : [{ pointer: '/dkim_selector', detail: 'must be the part before ._domainkey of its DNS record' }]),
    ...(privateKey === undefined || isUsable(privateKey)
      ? []
      : [
          {
            pointer: '/dkim_private_key',
            detail: `must be an RSA private key in PEM without a passphrase, of ${bitsMin} to ${bitsMax} bits`,
          },
        ]),
  ];
}

/** Keys come out of environment files with \n written as two characters. */
function withBreaks(pem: string): string {
  return pem.includes('\n') ? pem : pem.replaceAll('\\n', '\n');
}

function isUsable(pem: string): boolean {
  const key = readKey(withBreaks(pem));
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  return key?.asymmetricKeyType === 'rsa' && bits >= bitsMin && bits <= bitsMax;
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    return undefined;
  }
}
