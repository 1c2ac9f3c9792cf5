import { statfs } from 'node:fs/promises';
import { schemaNumber } from '@carillon/db';
import { ConfigError, loadConfig, redactText, type Config } from '@carillon/runtime';
import type { Cli } from '../cli.ts';
import { isCallError, toFailure } from '../failure.ts';
import { loadRunningDatabaseUrl, loadRunningRedisUrl } from '../local/running.ts';
import { createScreenLog } from '../local/screen-log.ts';
import { judgeClocks, readClock, type ClockReading } from './clocks.ts';
import { judgeDatabase } from './database.ts';
import { failed, ok, shownBytes, skipped, warning, type Finding } from './finding.ts';
import { judgeChannels, judgeOverview } from './installation.ts';
import { judgeRedis } from './redis.ts';

/** What a connection logs is what a finding says. */
const silent = createScreenLog(() => undefined);

/** What one part of an examination gives. */
interface Seen {
  findings: Finding[];
  clocks?: ClockReading[];
}

/** Looks at everything that can be seen from here, and says what to do about what is not well. Never throws. */
export async function examine(cli: Cli): Promise<Finding[]> {
  const settings = readSettings(cli);
  const { config } = settings;
  const others = await Promise.all([
    lookAtDatabase(config),
    lookAtRedis(config),
    lookAtMail(config),
    lookAtDisk(config),
    lookAtApi(cli),
  ]);
  const parts: Seen[] = [settings, ...others];
  const clocks = judgeClocks(parts.flatMap((part) => part.clocks ?? []));
  return [...parts.flatMap(({ findings }) => findings), ...clocks];
}

function readSettings({ environment }: Cli): Seen & { config: Config | undefined } {
  try {
    return { config: loadConfig(environment), findings: [ok('Settings', 'the variables here are right')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.message
      .split('\n')
      .slice(1)
      .map((line) => failed('Settings', line.trim(), 'README lists what each setting takes'));
    return { config: undefined, findings };
  }
}

async function lookAtDatabase(config: Config | undefined): Promise<Seen> {
  const check = 'PostgreSQL';
  const url = config?.databaseUrl ?? (config && loadRunningDatabaseUrl(config.dataDir));
  if (url === undefined) return { findings: [skipped(check, 'DATABASE_URL is not set here')] };
  const { connectDatabase } = await import('@carillon/db');
  const { loadServerFacts } = await import('@carillon/db/operation');
  const database = connectDatabase({ url, log: silent, name: 'doctor', poolMax: 1 });
  try {
    await loadServerFacts(database.db);
    // The first question pays for the connection.
    const startedMs = Date.now();
    const startedAt = performance.now();
    const facts = await loadServerFacts(database.db);
    const tookMs = performance.now() - startedAt;
    const clocks =
      facts.now === undefined ? [] : [readClock(check, facts.now, startedMs, startedMs + tookMs)];
    // Three statements after one another.
    return { findings: judgeDatabase(facts, { schemaNumber, roundTripMs: tookMs / 3 }), clocks };
  } catch (error) {
    const remedy = 'is it running, and does DATABASE_URL name it with the right password?';
    return { findings: [failed(check, reasonOf(error), remedy)] };
  } finally {
    await database.stop();
  }
}

async function lookAtRedis(config: Config | undefined): Promise<Seen> {
  const check = 'Redis';
  const url = config?.redisUrl ?? (config && loadRunningRedisUrl(config.dataDir));
  if (url === undefined) return { findings: [skipped(check, 'REDIS_URL is not set here')] };
  const { loadRedisFacts } = await import('@carillon/queue');
  const startedMs = Date.now();
  try {
    const facts = await loadRedisFacts({ url, log: silent, monotonicMs: () => performance.now() });
    return { findings: judgeRedis(facts), clocks: [readClock(check, facts.now, startedMs, Date.now())] };
  } catch (error) {
    const remedy =
      'is it running, and does REDIS_URL name it with the right password? Nothing is lost meanwhile; work is only slower';
    return { findings: [failed(check, reasonOf(error), remedy)] };
  }
}

async function lookAtMail(config: Config | undefined): Promise<Seen> {
  const check = 'SMTP';
  if (config?.smtpUrl === undefined) {
    return { findings: [skipped(check, 'SMTP_URL is not set here; the local stack keeps mails as files')] };
  }
  const { verifySmtp } = await import('@carillon/channels');
  try {
    await verifySmtp(config.smtpUrl);
    return { findings: [ok(check, 'the mail server of SMTP_URL takes the login')] };
  } catch (error) {
    const remedy =
      'does SMTP_URL name host, port, user and password as your provider does, and is the port open?';
    return { findings: [failed(check, reasonOf(error), remedy)] };
  }
}

const freeBytesMin = 2 * 1024 ** 3;

/** Of the data directory, where a local stack runs on it: a full disk stops PostgreSQL. */
async function lookAtDisk(config: Config | undefined): Promise<Seen> {
  if (config === undefined || loadRunningDatabaseUrl(config.dataDir) === undefined) return { findings: [] };
  const { bavail, bsize } = await statfs(config.dataDir);
  const free = bavail * bsize;
  const detail = `${shownBytes(free)} are free where ${config.dataDir} is`;
  const remedy = 'make room: PostgreSQL stops when the disk is full';
  return { findings: [free < freeBytesMin ? warning('Disk', detail, remedy) : ok('Disk', detail)] };
}

async function lookAtApi(cli: Cli): Promise<Seen> {
  const check = 'API';
  let url: string;
  try {
    ({ url } = cli.connection());
  } catch (error) {
    return { findings: [skipped(check, reasonOf(error))] };
  }
  const carillon = await cli.connect();
  try {
    const { status, failing, degraded, version } = await carillon.operation.health();
    const lacks = [...failing, ...degraded].join(', ');
    const state =
      status === 'ready' && lacks === ''
        ? ok(check, `${url} is ready (version ${version})`)
        : warning(
            check,
            `${url} is ${status}${lacks === '' ? '' : `, without ${lacks}`}`,
            'see above, and its log',
          );
    const askedMs = Date.now();
    const overview = await carillon.operation.overview();
    const { data: channels } = await carillon.channels.list();
    return {
      findings: [state, ...judgeOverview(overview), ...judgeChannels(channels)],
      clocks: [readOverviewClock(overview.at, askedMs, Date.now())],
    };
  } catch (error) {
    if (!isCallError(error)) throw error;
    const { message, status } = toFailure(error, url).error;
    const remedy =
      status === 401 || status === 403
        ? 'use the token of an admin of the organization: carillon login'
        : 'does it run, and is the URL right?';
    return { findings: [failed(check, message, remedy)] };
  }
}

/** An overview is remembered for three seconds, so what it shows may be so much behind. */
const overviewAgeMs = 3_000;

function readOverviewClock(at: string, startedMs: number, endedMs: number): ClockReading {
  const { name, aheadMs } = readClock('the database of the API', new Date(at), startedMs, endedMs);
  return { name, aheadMs: aheadMs < 0 ? Math.min(0, aheadMs + overviewAgeMs) : aheadMs };
}

/** Messages of servers may quote a URL with its password. */
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const message = inner instanceof Error ? inner.message || inner.name : String(inner);
  return redactText(message);
}
