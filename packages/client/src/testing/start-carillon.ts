import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createCarillon, type Carillon } from '../client.ts';
import { lastMail, type Mail, type MailWish } from './last-mail.ts';

export interface StartOptions {
  /**
   * What starts the stack: program and arguments. Unless told, the package `@carillon/cli` that can be found from
   * the current directory, with `test-stack`.
   */
  command?: readonly [string, ...string[]];
  /** Told each line that the stack writes for people. */
  say?: (line: string) => void;
  /** Until it is ready; 120,000 unless told: the first start makes the files of a database. */
  readyWithinMs?: number;
}

/** A Carillon of one test run alone: PostgreSQL, Redis, API, worker and a mail server, on free ports. */
export interface TestCarillon {
  url: string;
  /** An admin of the organization. */
  admin: Carillon;
  adminToken: string;
  /** A client with a token of that user, who is made where there is none. `externalId` is the id in your own system. */
  as(externalId: string): Promise<Carillon>;
  /** Moves the clock by which everything is decided; what is due then happens within the next seconds. */
  advance(byMs: number): Promise<void>;
  /** The newest mail that has arrived, to whom it is named where that is told. Waits for it. */
  lastMail(wish?: MailWish): Promise<Mail>;
  /** Ends all of it and removes its data. */
  stop(): Promise<void>;
}

interface Ready {
  url: string;
  admin_token: string;
  mail_dir: string;
}

/** Starts a Carillon for tests and resolves when it is ready. Rejects with what it said when it cannot be started. */
export async function startCarillon(options: StartOptions = {}): Promise<TestCarillon> {
  const stack = startStack(options);
  const { url, admin_token: adminToken, mail_dir: mailDir } = await stack.ready;
  const admin = createCarillon({ url, token: adminToken });
  return {
    ...{ url, admin, adminToken },
    async as(externalId) {
      const { id } = await admin.users.create({ external_id: externalId });
      const { token } = await admin.tokens.create(id);
      return createCarillon({ url, token });
    },
    advance: (byMs) => stack.ask({ advance_ms: byMs }),
    lastMail: (wish) => lastMail(mailDir, wish),
    stop: () => stack.stop(),
  };
}

interface Stack {
  ready: Promise<Ready>;
  ask(question: object): Promise<void>;
  stop(): Promise<void>;
}

function startStack({ command = ownCommand(), say, readyWithinMs = 120_000 }: StartOptions): Stack {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: string[] = [];
  const answers = new Map<unknown, (error: string | undefined) => void>();
  let asked = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    say?.(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`it ended with ${code ?? signal}`));
  });
  const ready = new Promise<Ready>((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill();
      reject(notStarted(`it was not ready within ${readyWithinMs} ms`, said));
    }, readyWithinMs);
    void ended.then((reason) => reject(notStarted(reason, said))).finally(() => clearTimeout(giveUp));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = parseLine(line);
      if (message['event'] === 'carillon.ready') {
        clearTimeout(giveUp);
        resolve(message as unknown as Ready);
      }
      answers.get(message['id'])?.(typeof message['error'] === 'string' ? message['error'] : undefined);
    });
  });
  return {
    ready,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = (asked += 1);
        answers.set(id, (error) => {
          answers.delete(id);
          if (error === undefined) resolve();
          else reject(new Error(error));
        });
        void ended.then((reason) => reject(notStarted(reason, said)));
        child.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
      }),
    stop: () => stop(child, ended),
  };
}

/** The end of its input is what tells it to go: it works the same when this process is killed. */
async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.stdin?.end();
  await ended;
}

function ownCommand(): [string, ...string[]] {
  const from = createRequire(join(process.cwd(), 'package.json'));
  try {
    return [process.execPath, join(dirname(from.resolve('@carillon/cli')), 'main.js'), 'test-stack'];
  } catch (cause) {
    throw new Error('@carillon/cli is not installed: install it, or name a `command`', { cause });
  }
}

function notStarted(reason: string, said: readonly string[]): Error {
  return new Error(`Carillon could not be used: ${reason}\n${said.slice(-20).join('\n')}`);
}

/** A border: what the stack writes; lines of another form say nothing. */
function parseLine(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
