import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMailSink, type MailSink } from './mail-sink.ts';

describe('the mail sink', () => {
  let dir: string;
  let sink: MailSink;
  const errors: Error[] = [];
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'carillon-mail-'));
    sink = await startMailSink({ dir, onError: (error) => errors.push(error) });
  });
  afterEach(async () => {
    await sink.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('has written a mail to a file by the time it answers 250', async () => {
    const answer = await sendMail(sink.url, ['Subject: Hello', '', 'It works.', '..leading dot']);
    expect(answer).toMatch(/^250 /);
    const [name = ''] = readdirSync(dir);
    expect(name).toMatch(/^\d{4}-\d{2}-\d{2}T[\d-]+\.\d{3}Z-[0-9a-f]{6}\.eml$/);
    expect(readFileSync(join(dir, name), 'utf8')).toBe('Subject: Hello\r\n\r\nIt works.\r\n.leading dot\r\n');
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  });

  it('keeps each of several mails of the same moment', async () => {
    await Promise.all([1, 2, 3, 4].map((number) => sendMail(sink.url, [`Subject: ${number}`, '', ''])));
    expect(readdirSync(dir)).toHaveLength(4);
  });

  it('does not answer 250 for a mail that it could not keep', async () => {
    rmSync(dir, { recursive: true });
    expect(await sendMail(sink.url, ['Subject: lost', '', ''])).toMatch(/^4\d\d |^5\d\d /);
    expect(errors.at(-1)?.message).toContain('ENOENT');
  });

  it('listens on loopback only', () => {
    expect(new URL(sink.url).hostname).toBe('127.0.0.1');
  });
});

/** Sends one mail by hand, as RFC 5321 has it; the answer to the last dot. */
async function sendMail(url: string, lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await nextAnswer(socket);
  for (const command of ['EHLO test', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA']) {
    socket.write(`${command}\r\n`);
    await nextAnswer(socket);
  }
  socket.write(`${lines.join('\r\n')}\r\n.\r\n`);
  const answer = await nextAnswer(socket);
  socket.end('QUIT\r\n');
  return answer;
}

/** The last line of the next answer: the one with a blank behind its code. */
function nextAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (chunk: Buffer): void => {
      received += chunk.toString();
      const last = /^\d{3} .*\r\n$/m.exec(received);
      if (last === null) return;
      socket.off('data', onData);
      resolve(last[0]);
    };
    socket.on('data', onData);
    socket.once('error', reject);
  });
}
