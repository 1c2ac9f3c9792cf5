import { createTransport } from 'nodemailer';
import { parseSmtpUrl } from './smtp-url.ts';
import { smtpTimeouts } from './transports.ts';

/**
 * Connects to the mail server of an operator's SMTP_URL, says EHLO, begins TLS and logs in where the URL says so, and
 * sends nothing. Rejects with what went wrong.
 */
export async function verifySmtp(smtpUrl: string): Promise<void> {
  const server = parseSmtpUrl(smtpUrl);
  if (server === undefined) throw new TypeError('must be smtp://user:password@host:port or smtps://…');
  const { credentials } = server;
  const transport = createTransport({
    host: server.urlHost.replace(/^\[(.*)\]$/, '$1'),
    port: server.port,
    secure: server.isImplicitTls,
    requireTLS: server.startTls === 'required',
    ignoreTLS: server.startTls === 'off',
    ...(credentials === undefined ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
    connectionTimeout: smtpTimeouts.connectMs,
    greetingTimeout: smtpTimeouts.greetingMs,
    socketTimeout: smtpTimeouts.silenceMs,
  });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
