import type { SendResult } from '../adapter.ts';

/**
 * What a failed try means. A reply decides by its class (RFC 5321 section 4.2.1): 4yz is tried again,
 * 5yz is final, but 503 only says that the session was out of step. Without a reply it depends on
 * whether the server already had the whole mail. Reasons hold codes and the step, never the
 * server's words, which may repeat addresses and credentials.
 */
export function outcomeOfFailure(error: unknown, handedOver: boolean): SendResult {
  const { code, responseCode, enhancedCode, command } = readFailure(error);
  if (responseCode !== undefined && responseCode >= 400) {
    const reason = `mail server answered ${[responseCode, enhancedCode].filter(Boolean).join(' ')} ${stepOf(command)}`;
    const isFinal = responseCode >= 500 && responseCode !== 503;
    if (isFinal) {
      const isAddressBad = isNobodyThere(enhancedCode, command);
      return { outcome: 'reject', reason, statusCode: responseCode, ...(isAddressBad && { address: 'bad' }) };
    }
    return { outcome: 'retry', reason, statusCode: responseCode };
  }
  if (handedOver) return { outcome: 'unknown', reason: 'mail server did not confirm the mail it was handed' };
  if (code === 'ENOAUTH') return { outcome: 'reject', reason: 'mail server asks for credentials' };
  if (code === 'ETLS') return { outcome: 'retry', reason: 'no secure connection to the mail server' };
  return { outcome: 'retry', reason: 'mail server could not be reached' };
}

/** What a mail that was taken is called there, as far as the answer says it in one of the usual ways. */
export function acceptedAs(response: string): string | undefined {
  for (const form of acceptedForms) {
    const id = form.exec(response)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Postfix, SendGrid, Postmark; Exim; Exchange; Amazon SES. */
const acceptedForms = [
  /\bqueued as ([\w.+=@-]{4,128})/i,
  /\bid=([\w.+=@-]{4,128})/,
  /^250 2[.]6[.]0 <([^<>\s]{4,128})>/,
  /^250 ok ([\w-]{16,128})$/i,
];

interface Failure {
  code: string | undefined;
  responseCode: number | undefined;
  /** RFC 3463, such as 5.1.1. */
  enhancedCode: string | undefined;
  command: string | undefined;
}

function readFailure(error: unknown): Failure {
  const fields = new Map<string, unknown>(error instanceof Error ? Object.entries(error) : []);
  const [code, responseCode, response, command] = ['code', 'responseCode', 'response', 'command'].map(
    (name) => fields.get(name),
  );
  return {
    code: typeof code === 'string' ? code : undefined,
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    enhancedCode:
      typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined,
    command: typeof command === 'string' ? command : undefined,
  };
}

/**
 * RFC 3463 sections 3.2 and 3.3, RFC 7505: no such mailbox, no such domain, no address, moved without trace, takes no
 * mail; switched off. A bare 550 does not count: with it a server also refuses whom it does not like.
 */
const nobodyThere = /^5[.](?:1[.](?:1|2|3|6|10)|2[.]1)$/;

function isNobodyThere(enhancedCode: string | undefined, command: string | undefined): boolean {
  // To the sender they speak of the sender.
  return (command === 'RCPT TO' || command === 'DATA') && nobodyThere.test(enhancedCode ?? '');
}

function stepOf(command: string | undefined): string {
  if (command?.startsWith('AUTH') === true) return 'to the credentials';
  switch (command) {
    case 'MAIL FROM':
      return 'to the sender';
    case 'RCPT TO':
      return 'to the recipient';
    case 'DATA':
      return 'to the mail';
    default:
      return 'to the connection';
  }
}
