import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectDatabase, makeClockMovable, moveClock, type Database } from '@carillon/db';
import { loadConfig, readEnvironment, runProcess } from '@carillon/runtime';
import { loadRunningDatabaseUrl } from './running.ts';
import { startLocalStack, type LocalStack } from './stack.ts';
import { programs } from './run-stack.ts';
import { screenLog } from './with-database.ts';

/** As for `start`. */
const stopWithinMs = 75_000;

/**
 * `carillon test-stack`: a local stack on a directory of its own, removed at the end, with a clock that can be moved.
 * It talks JSON lines: on standard output first `{"event":"carillon.ready", …}`, then an answer to each line that it
 * reads, `{"id":1,"advance_ms":60000}`. It ends when its input ends, or by a signal.
 */
export async function testStack(): Promise<void> {
  const say = (line: string): void => console.error(line);
  const dataDir = mkdtempSync(join(tmpdir(), 'carillon-test-stack-'));
  await runProcess({
    name: 'test stack',
    log: screenLog,
    stopWithinMs,
    start: async ({ stopping }) => {
      const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
      const stack = await startOn(dataDir, say, stopping).catch((error: unknown) => {
        remove();
        throw error;
      });
      process.once('exit', () => stack.forceEnd());
      const url = loadRunningDatabaseUrl(dataDir);
      if (url === undefined) throw new Error(`no database runs on ${dataDir}`);
      const database = connectDatabase({ url, log: screenLog, name: 'test-stack', poolMax: 1 });
      await makeClockMovable(database.db);
      const { apiUrl, operatorToken, mailDir } = stack.facts;
      tell({ event: 'carillon.ready', url: apiUrl, admin_token: operatorToken, mail_dir: mailDir });
      // Who started this and is gone, however it went, closes the pipe.
      listen(database.db).once('close', () => process.kill(process.pid, 'SIGTERM'));
      return {
        async stop() {
          await database.stop();
          await stack.stop();
          remove();
        },
      };
    },
  });
}

async function startOn(
  dataDir: string,
  say: (line: string) => void,
  stopping: AbortSignal,
): Promise<LocalStack> {
  const environment = ownEnvironment(dataDir);
  const config = loadConfig(environment);
  return startLocalStack({ say }, { config, environment, programs: programs() }, stopping);
}

/** Servers of its own on free ports, whatever the shell names; messages may go to receivers on this machine. */
function ownEnvironment(dataDir: string) {
  return {
    CARILLON_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
    ...readEnvironment(),
    ...{ CARILLON_DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0' },
    ...{
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      SMTP_URL: undefined,
      CARILLON_ADMIN_TOKEN: undefined,
    },
  };
}

function listen(db: Database) {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (text) => {
    answer(db, text).then(tell, (error: unknown) => tell({ error: String(error) }));
  });
  return lines;
}

async function answer(db: Database, text: string): Promise<object> {
  const asked: unknown = JSON.parse(text);
  const { id, advance_ms: byMs } = asked as { id?: unknown; advance_ms?: unknown };
  if (typeof byMs !== 'number' || !Number.isFinite(byMs))
    return { id, error: '`advance_ms` must be a number' };
  await moveClock(db, byMs);
  return { id };
}

function tell(message: object): void {
  console.log(JSON.stringify(message));
}
