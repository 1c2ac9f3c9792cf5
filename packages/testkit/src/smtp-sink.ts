import type { AddressInfo, Socket } from 'node:net';
import { callbackify } from 'node:util';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import { trackOpen } from './leaks.ts';
import { createWaitList } from './wait-list.ts';

/** How the server behaves towards connections and mails that come after it was set. */
export type SmtpAnswer =
  | { type: 'accept' }
  | { type: 'stall_greeting' }
  | { type: 'refuse_recipient'; code: number }
  | { type: 'close_at_recipient' }
  | { type: 'refuse_data'; code: number }
  | { type: 'close_after_dot' }
  | { type: 'stall_after_data' };

/** A mail that came in whole, written down before the server answered to it. */
export interface SinkMail {
  envelope: { from: string; to: string[] };
  /** Unfolded, by lower-case name, in order of appearance. */
  headers: ReadonlyMap<string, readonly string[]>;
  raw: string;
}

export interface SmtpSink {
  url: string;
  port: number;
  mails: readonly SinkMail[];
  /** TCP connections taken so far. */
  accepts: number;
  answerWith(answer: SmtpAnswer): void;
  waitFor(predicate: (sink: SmtpSink) => boolean, deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real SMTP server on a free loopback port that keeps what it gets and fails as told. */
export async function startSmtpSink(answer: SmtpAnswer = { type: 'accept' }): Promise<SmtpSink> {
  const mails: SinkMail[] = [];
  const sockets = new Map<number, Socket>();
  const waiting = createWaitList(() => `${mails.length} mails over ${sink.accepts} connections`);
  let current = answer;
  const server = new SMTPServer(
    serverOptions(() => current, {
      keep(mail) {
        mails.push(mail);
        waiting.wake();
      },
      drop: ({ remotePort }) => sockets.get(remotePort)?.resetAndDestroy(),
    }),
  );
  // Clients that go away in mid-sentence are what these tests are about.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sink.accepts += 1;
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
    waiting.wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    accepts: 0,
    answerWith(next) {
      current = next;
    },
    waitFor: (predicate, deadlineMs) => waiting.waitFor(() => predicate(sink), deadlineMs),
    stop() {
      untrack();
      for (const socket of sockets.values()) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const untrack = trackOpen('SMTP sink', () => sink.stop());
  return sink;
}

interface SinkEffects {
  keep: (mail: SinkMail) => void;
  drop: (session: SMTPServerSession) => void;
}

function serverOptions(answer: () => SmtpAnswer, { keep, drop }: SinkEffects): SMTPServerOptions {
  return {
    authOptional: true,
    // Any credentials will do: what matters is that they are offered and never shown.
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'someone' }),
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onConnect(_session, callback) {
      if (answer().type !== 'stall_greeting') callback();
    },
    onRcptTo(_address, session, callback) {
      const told = answer();
      if (told.type === 'close_at_recipient') return drop(session);
      callback(told.type === 'refuse_recipient' ? refusal(told.code) : undefined);
    },
    onData(stream, session, callback) {
      callbackify(() => readAll(stream))((error, raw) => {
        if (error !== null) return callback(error);
        keep(parseMail(raw, session));
        const told = answer();
        if (told.type === 'close_after_dot') return drop(session);
        if (told.type === 'stall_after_data') return;
        callback(told.type === 'refuse_data' ? refusal(told.code) : undefined);
      });
    },
  };
}

function refusal(code: number): Error {
  return Object.assign(new Error(`${code < 500 ? '4.2.0' : '5.1.1'} told to refuse`), { responseCode: code });
}

async function readAll(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseMail(raw: string, { envelope }: SMTPServerSession): SinkMail {
  const headers = new Map<string, string[]>();
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return {
    envelope: {
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => address),
    },
    headers,
    raw,
  };
}
