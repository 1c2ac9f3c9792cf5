import { createTransport } from 'nodemailer';
import { parseSmtpUrl } from './smtp-url.ts';
import { connectionTo, smtpTimeouts } from './transports.ts';

/**
 * Connects to the mail server of an operator's SMTP_URL, says EHLO, begins TLS and logs in where the URL says so, and
 * sends nothing. Rejects with what went wrong.
 */
export async function verifySmtp(smtpUrl: string): Promise<void> {
  const server = parseSmtpUrl(smtpUrl);
  if (server === undefined) throw new TypeError('must be smtp://user:password@host:port or smtps://…');
  const transport = createTransport(connectionTo(server, smtpTimeouts));
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
