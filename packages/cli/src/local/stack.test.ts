import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildServices, pollUntil, runSql, temporaryDir } from '@carillon/testkit';
import type { RecordedProcess } from './data-dir.ts';
import { isSameProcess } from './processes.ts';
import { loadRunningDatabaseUrl } from './running.ts';
import type { StackFacts } from './screen.ts';

// Liveness, not speed: a whole stack boots three times in one test.
jest.setTimeout(120_000);

const program = fileURLToPath(new URL('../../test/fixtures/stack-process.mjs', import.meta.url));

let base: string;
let supervisors: Supervisor[];
beforeAll(() => buildServices());
beforeEach(() => {
  supervisors = [];
});
afterEach(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.end('SIGINT')));
});

const makeBase = (): void => void (base = mkdtempSync(join(temporaryDir(), 'carillon-stack-')));
const removeBase = (): void => rmSync(base, { recursive: true, force: true });

// As root PostgreSQL has to be run as somebody else; as uid 65534 nothing but the data directory can be written.
const users = process.getuid?.() === 0 ? [{ uid: 0 }, { uid: 65534 }] : [{ uid: process.getuid?.() ?? 0 }];

describe.each(users)('the local stack of uid $uid', ({ uid }) => {
  beforeAll(makeBase);
  afterAll(removeBase);

  it('boots, keeps its data over a stop in order and over the kill of its supervisor', async () => {
    chownSync(base, uid, uid);
    const first = await runStack({ CARILLON_WORKERS: '2' }, uid);
    const facts = await first.facts();
    await runSql(runningDatabase(), 'CREATE TABLE kept AS SELECT 1 AS one');
    expect(await first.end('SIGINT')).toBe(0);
    expect(readRecorded()).toEqual([]);
    expect(existsSync(join(base, 'lock'))).toBe(false);
    expect(drainedAt('worker-1')).toBeLessThanOrEqual(drainedAt('api'));
    expect(drainedAt('worker-2')).toBeLessThanOrEqual(drainedAt('api'));

    const second = await runStack({}, uid);
    expect((await second.facts()).operatorToken).toBe(facts.operatorToken);
    const left = readRecorded();
    expect(left.map(({ name }) => name).sort()).toEqual(['API', 'PostgreSQL', 'Redis', 'Worker 1']);
    await second.end('SIGKILL');

    const third = await runStack({}, uid);
    await third.facts();
    expect(left.filter(isSameProcess)).toEqual([]);
    expect(await runSql(runningDatabase(), 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });
});

describe('the supervisor', () => {
  // One after the other on the same data: only the first stack has to make its database.
  beforeAll(makeBase);
  afterAll(removeBase);

  it('starts each child again when it dies, at the same port, and says so', async () => {
    const stack = await runStack({});
    await stack.facts();
    const before = readRecorded();
    for (const { pid } of before) process.kill(pid, 'SIGKILL');
    for (const { name, pid, port } of before) {
      await stack.line(new RegExp(`^${name} has ended .*starting it again in \\d`));
      await stack.line(`${name} is back`);
      const after = await pollUntil(() => readRecorded().find((one) => one.name === name));
      expect(after).toMatchObject({ port });
      expect(after.pid).not.toBe(pid);
    }
  });

  it('refuses a second start on the same data, naming the first', async () => {
    const first = await runStack({});
    await first.facts();
    const second = await runStack({});
    expect(await second.ended).toBe(1);
    expect(second.text()).toContain(`Carillon already runs on ${base} (process ${first.pid})`);
  });

  it('names PORT when it is taken, without a stack, and leaves nothing running', async () => {
    const server = createServer().unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const stack = await runStack({ PORT: String(port) });
    expect(await stack.ended).toBe(1);
    expect(stack.text()).toContain(`PORT=${port}: port ${port} on 127.0.0.1 is taken by another program`);
    expect(stack.text()).not.toMatch(/^\s+at /m);
    expect(existsSync(join(base, 'lock'))).toBe(false);
  });

  it('ends all it has started when a service does not start, and shows what that one said last', async () => {
    const stack = await runStack({ CARILLON_TEST_API: join(base, 'missing.mjs') });
    expect(await stack.ended).toBe(1);
    expect(stack.text()).toMatch(/cannot start: API ended at once. Its last lines: .*Cannot find module/);
    expect(readRecorded()).toEqual([]);
    expect(existsSync(join(base, 'lock'))).toBe(false);
  });

  it('gives up a start that waits for a service when it is told to stop', async () => {
    // A worker listens on METRICS_PORT, so nobody ever answers at the API's port.
    const worker = fileURLToPath(new URL('../../test/fixtures/plain-worker.mjs', import.meta.url));
    // That there is a log tells that the worker was started: not the log of a stack before.
    rmSync(join(base, 'logs'), { recursive: true, force: true });
    const stack = await runStack({ CARILLON_TEST_API: worker });
    await pollUntil(() => existsSync(join(base, 'logs', 'worker-1.log')), 60_000);
    await stack.end('SIGINT');
    expect(readRecorded()).toEqual([]);
    expect(existsSync(join(base, 'lock'))).toBe(false);
  });
});

describe('a supervisor in production', () => {
  beforeAll(makeBase);
  afterAll(removeBase);

  it('embeds nothing in production, and names all that is missing', async () => {
    const stack = await runStack({ NODE_ENV: 'production' });
    expect(await stack.ended).toBe(1);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'CARILLON_SECRET_KEY'])
      expect(stack.text()).toContain(name);
    expect(existsSync(join(base, 'postgres'))).toBe(false);
  });
});

interface Supervisor {
  pid: number;
  facts(): Promise<StackFacts>;
  line(wanted: string | RegExp): Promise<string>;
  text(): string;
  /** Its exit code; undefined when a signal ended it. */
  ended: Promise<number | undefined>;
  end(signal: NodeJS.Signals): Promise<number | undefined>;
}

async function runStack(env: Record<string, string>, uid = process.getuid?.() ?? 0): Promise<Supervisor> {
  const child = spawn(process.execPath, [program], {
    uid,
    gid: uid,
    env: {
      PATH: process.env['PATH'],
      HOME: homeOf(uid),
      CARILLON_DATA_DIR: base,
      PORT: '0',
      METRICS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const supervisor = watch(child);
  supervisors.push(supervisor);
  return supervisor;
}

/** Root has the unpacked Redis of the test run in its home; nobody has no home at all. */
function homeOf(uid: number): string {
  return uid === process.getuid?.() ? (process.env['HOME'] ?? '/') : '/nonexistent';
}

function watch(child: ChildProcess): Supervisor {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('close', (code) => resolve(code ?? undefined));
  });
  const text = (): string => lines.join('\n');
  const find = async (fits: (line: string) => boolean): Promise<string> => {
    const found = await pollUntil(
      () => lines.find(fits) ?? (child.exitCode === null ? undefined : 'ended'),
      60_000,
      text(),
    );
    if (found === 'ended') throw new Error(`The supervisor has ended:\n${text()}`);
    return found;
  };
  return {
    pid: child.pid ?? 0,
    facts: async () => JSON.parse((await find((line) => line.startsWith('FACTS '))).slice(6)),
    line: (wanted) => find((line) => (typeof wanted === 'string' ? line === wanted : wanted.test(line))),
    text,
    ended,
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function runningDatabase(): string {
  const url = loadRunningDatabaseUrl(base);
  if (url === undefined) throw new Error('No database runs');
  return url;
}

function readRecorded(): RecordedProcess[] {
  return JSON.parse(readFileSync(join(base, 'run.json'), 'utf8')).processes;
}

function drainedAt(service: string): number {
  const lines = readFileSync(join(base, 'logs', `${service}.log`), 'utf8')
    .trim()
    .split('\n');
  return JSON.parse(lines.at(-1) ?? '{}').at;
}
