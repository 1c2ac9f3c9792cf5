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
    return isFinal
      ? { outcome: 'reject', reason, statusCode: responseCode }
      : { outcome: 'retry', reason, statusCode: responseCode };
  }
  if (handedOver) return { outcome: 'unknown', reason: 'mail server did not confirm the mail it was handed' };
  if (code === 'ENOAUTH') return { outcome: 'reject', reason: 'mail server asks for credentials' };
  if (code === 'ETLS') return { outcome: 'retry', reason: 'no secure connection to the mail server' };
  return { outcome: 'retry', reason: 'mail server could not be reached' };
}

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
