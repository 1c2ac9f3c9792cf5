import { randomBytes } from 'node:crypto';
import { newToken, type Config, type Environment } from '@carillon/runtime';
import { openDataDir, type DataDir } from './data-dir.ts';
import { stopLeftovers } from './leftovers.ts';
import { localUrl } from './local-url.ts';
import { createParts, listProcesses, recordOf, stopParts, type Parts } from './parts.ts';
import { requireFreePort } from './port.ts';
import { createScreenLog } from './screen-log.ts';
import type { StackFacts } from './screen.ts';
import { prepareDatabase } from './seed.ts';
import { startServers, timed } from './servers.ts';
import { superviseApi, superviseWorker, type Programs, type ServicesOptions } from './services.ts';
import type { SuperviseDeps } from './supervise.ts';

export interface StackOptions {
  config: Config;
  environment: Environment;
  programs: Programs;
}

export interface LocalStack {
  facts: StackFacts;
  /** Drains the workers, then the API, then ends Redis and PostgreSQL; gives the data directory back. */
  stop(): Promise<void>;
  /** Ends everything at once, without waiting; for the last moment of this process. */
  forceEnd(): void;
}

/**
 * Boots PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name some), a mail sink (unless SMTP_URL
 * does), migrates, and starts the API and the workers as child processes that are kept running. Says each
 * step. Throws when a step fails or `stopping` aborts, with everything stopped again.
 */
export async function startLocalStack(
  deps: { say: (line: string) => void },
  options: StackOptions,
  stopping: AbortSignal,
): Promise<LocalStack> {
  const { say } = deps;
  const dataDir = openDataDir(options.config.dataDir);
  const parts = createParts();
  const stop = async (): Promise<void> => {
    await stopParts(parts);
    dataDir.record([]);
    dataDir.release();
  };
  try {
    const left = await stopLeftovers(dataDir.leftovers, options.config.drainMs + 6_000);
    if (left.length > 0) say(`Stopped what an earlier start had left running: ${left.join(', ')}`);
    const supervision = { say, onChange: () => dataDir.record(recordOf(parts)) };
    const facts = await startParts(supervision, options, dataDir, parts, stopping);
    return { facts, stop, forceEnd: () => listProcesses(parts).forEach((part) => part.forceEnd()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  deps: SuperviseDeps,
  options: StackOptions,
  dataDir: DataDir,
  parts: Parts,
  stopping: AbortSignal,
): Promise<StackFacts> {
  const { config } = options;
  const port = await requireFreePort('PORT', config.host, config.port);
  const urls = await startServers(deps, config, dataDir, parts);
  stopping.throwIfAborted();
  const secrets = keepSecrets(config, dataDir);
  await timed(deps, 'Database schema', () =>
    prepareDatabase(
      { log: createScreenLog(deps.say) },
      { ...secrets, databaseUrl: urls.databaseUrl, paused: config.startPaused },
    ),
  );
  stopping.throwIfAborted();
  const services = {
    ...options,
    logDir: dataDir.subDir('logs'),
    mailDir: parts.mailSink === undefined ? undefined : dataDir.subDir('mail'),
    port,
    shared: { ...urls, ...secrets },
    stopping,
  };
  await timed(deps, 'API and workers', () => startServices(deps, services, parts));
  stopping.throwIfAborted();
  return factsOf(services, dataDir, parts);
}

interface KeptSecrets {
  operatorToken: string;
  demoToken: string | undefined;
  secretKey: string;
}

/** What was not given is made once and kept in the data directory. */
function keepSecrets(config: Config, dataDir: DataDir): KeptSecrets {
  const makeKey = (): string => randomBytes(32).toString('base64');
  return {
    operatorToken: config.adminToken ?? dataDir.keep('operator-token', newToken),
    demoToken: config.production ? undefined : dataDir.keep('demo-token', newToken),
    secretKey: config.secretKey === undefined ? dataDir.keep('secret-key', makeKey) : '',
  };
}

async function startServices(deps: SuperviseDeps, options: ServicesOptions, parts: Parts): Promise<void> {
  const startApi = async (): Promise<void> => {
    parts.api = await superviseApi(deps, options);
    deps.onChange();
  };
  const startWorker = async (number: number): Promise<void> => {
    parts.workers.push(await superviseWorker(deps, options, number));
    deps.onChange();
  };
  const numbers = Array.from({ length: options.config.workers }, (_, index) => index + 1);
  const results = await Promise.allSettled([startApi(), ...numbers.map(startWorker)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function factsOf(
  services: ServicesOptions & { shared: KeptSecrets },
  dataDir: DataDir,
  parts: Parts,
): StackFacts {
  const { config, port, logDir, mailDir, shared } = services;
  const { postgres, redis, workers } = parts;
  return {
    // The configured public URL names no port when PORT is 0.
    apiUrl: config.port === 0 ? localUrl(config.host, port) : config.publicUrl,
    dataDir: dataDir.path,
    logDir,
    operatorToken: shared.operatorToken,
    demoToken: shared.demoToken,
    mailDir,
    postgres:
      postgres === undefined
        ? { origin: 'DATABASE_URL' }
        : { origin: 'embedded', port: postgres.server().port },
    redis: redis === undefined ? { origin: 'REDIS_URL' } : { origin: 'embedded', port: redis.server().port },
    workers: workers.length,
  };
}
