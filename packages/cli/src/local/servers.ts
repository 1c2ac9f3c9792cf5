import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@carillon/runtime';
import type { DataDir } from './data-dir.ts';
import { startMailSink } from './mail-sink.ts';
import type { Parts } from './parts.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { supervise, type SuperviseDeps } from './supervise.ts';

export interface ServerUrls {
  databaseUrl: string;
  redisUrl: string;
  smtpUrl: string;
}

/**
 * Boots, all at once, the servers that the settings do not name: PostgreSQL, Redis, a mail sink. What has
 * been started stands in `parts`, also when another one fails, whose error is then thrown.
 */
export async function startServers(
  deps: SuperviseDeps,
  config: Config,
  dataDir: DataDir,
  parts: Parts,
): Promise<ServerUrls> {
  const [database, redis, mails] = await Promise.allSettled([
    config.databaseUrl ?? startDatabase(deps, dataDir, parts),
    config.redisUrl ?? startQueue(deps, config, dataDir, parts),
    config.smtpUrl ?? startMails(deps, dataDir, parts),
  ]);
  return { databaseUrl: valueOf(database), redisUrl: valueOf(redis), smtpUrl: valueOf(mails) };
}

/** Says how long a step has taken once it is done. */
export async function timed<Result>(
  deps: Pick<SuperviseDeps, 'say'>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const startMs = performance.now();
  const result = await work();
  deps.say(`${name} ready (${((performance.now() - startMs) / 1000).toFixed(2)} s)`);
  return result;
}

function startDatabase(deps: SuperviseDeps, dataDir: DataDir, parts: Parts): Promise<string> {
  const dir = dataDir.subDir('postgres');
  const onInit = (): void => deps.say('PostgreSQL: making its files, which is done once');
  return timed(deps, 'PostgreSQL', async () => {
    parts.postgres = await supervise(deps, {
      name: 'PostgreSQL',
      logFile: join(dir, 'postgres.log'),
      start: (previous) => startPostgres({ dir, onInit, ...(previous && { port: previous.port }) }),
    });
    deps.onChange();
    return parts.postgres.server().url;
  });
}

function startQueue(deps: SuperviseDeps, config: Config, dataDir: DataDir, parts: Parts): Promise<string> {
  const dir = dataDir.subDir('redis');
  const source = {
    // The one in the home directory serves every checkout and the tests; it may be unwritable.
    cacheDirs: [join(homedir(), '.cache', 'carillon'), dataDir.path],
    mayDownload: config.localDownload !== 'never',
    say: deps.say,
  };
  return timed(deps, 'Redis', async () => {
    parts.redis = await supervise(deps, {
      name: 'Redis',
      logFile: join(dir, 'redis.log'),
      start: (previous) => startRedis({ dir, ...source, ...(previous && { port: previous.port }) }),
    });
    deps.onChange();
    return parts.redis.server().url;
  });
}

async function startMails(deps: SuperviseDeps, dataDir: DataDir, parts: Parts): Promise<string> {
  const onError = (error: Error): void => deps.say(`Mail sink: ${error.message}`);
  parts.mailSink = await startMailSink({ dir: dataDir.subDir('mail'), onError });
  return parts.mailSink.url;
}

function valueOf(result: PromiseSettledResult<string>): string {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
