import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

/** The largest mail that is taken, 25 MiB, as most providers have it. */
const mailBytesMax = 25 * 1024 * 1024;

export interface MailSink {
  /** For SMTP_URL. */
  url: string;
  stop(): Promise<void>;
}

export interface MailSinkOptions {
  /** Each mail becomes a file `<time>-<id>.eml` here, written before the sender gets its answer. */
  dir: string;
  onError: (error: Error) => void;
}

/**
 * A real SMTP server on a free loopback port that keeps each mail as a file instead of passing it on: a
 * mail that is answered with 250 can be read. Takes every sender and recipient, needs no login.
 */
export function startMailSink({ dir, onError }: MailSinkOptions): Promise<MailSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: mailBytesMax,
    logger: false,
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', (error) => callback(error));
      stream.once('end', () => {
        if (stream.sizeExceeded) return callback(tooLarge());
        try {
          keepMail(dir, Buffer.concat(chunks));
          return callback();
        } catch (error) {
          const cause = error instanceof Error ? error : new Error(String(error));
          onError(cause);
          return callback(cause);
        }
      });
    },
  });
  server.on('error', onError);
  return new Promise((resolve, reject) => {
    const listener = server.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({
        url: `smtp://127.0.0.1:${port}`,
        stop: () => new Promise((done) => server.close(() => done())),
      });
    });
    listener.once('error', reject);
  });
}

function keepMail(dir: string, content: Buffer): void {
  // Colons are not allowed in file names everywhere.
  const time = new Date().toISOString().replaceAll(':', '-');
  const file = join(dir, `${time}-${randomBytes(3).toString('hex')}.eml`);
  writeFileSync(`${file}.part`, content, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

function tooLarge(): Error {
  return Object.assign(new Error('Message exceeds the maximum size of 25 MiB'), { responseCode: 552 });
}
