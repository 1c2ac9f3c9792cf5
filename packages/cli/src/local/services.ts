import { join } from 'node:path';
import type { Config, Environment } from '@carillon/runtime';
import { localUrl } from './local-url.ts';
import { findFreePort } from './wait.ts';
import { isPortFree } from './port.ts';
import { startServiceProcess, type ServiceOptions } from './service-process.ts';
import { supervise, type SuperviseDeps, type Supervised } from './supervise.ts';

/** The built entry points of both services. */
export interface Programs {
  api: string;
  worker: string;
}

/** What both services are told beside their own port. */
export interface SharedSettings {
  databaseUrl: string;
  redisUrl: string;
  secretKey: string;
  operatorToken: string;
  smtpUrl: string;
}

export interface ServicesOptions {
  config: Config;
  environment: Environment;
  programs: Programs;
  logDir: string;
  /** Where the mail sink keeps what it catches; undefined when SMTP_URL names a mail server. */
  mailDir: string | undefined;
  port: number;
  shared: SharedSettings;
  /** Aborts when a start is to be given up. */
  stopping: AbortSignal;
}

/** Starts the API under supervision; resolves when it is ready. */
export function superviseApi(deps: SuperviseDeps, options: ServicesOptions): Promise<Supervised> {
  const { port } = options;
  return superviseService(deps, options, { name: 'API', main: options.programs.api, port, setting: 'PORT' });
}

/** Starts the worker with this number (from 1) under supervision; resolves when it is ready. */
export async function superviseWorker(
  deps: SuperviseDeps,
  options: ServicesOptions,
  number: number,
): Promise<Supervised> {
  const { host, metricsPort } = options.config;
  // Only one worker can have the configured port, and a second stack on this machine must not fail by it.
  const isOffered = number === 1 && metricsPort !== 0 && (await isPortFree(host, metricsPort));
  const port = isOffered ? metricsPort : await findFreePort();
  const main = options.programs.worker;
  return superviseService(deps, options, { name: `Worker ${number}`, main, port, setting: 'METRICS_PORT' });
}

interface Service {
  name: string;
  main: string;
  port: number;
  setting: 'PORT' | 'METRICS_PORT';
}

function superviseService(
  deps: SuperviseDeps,
  options: ServicesOptions,
  { name, main, port, setting }: Service,
): Promise<Supervised> {
  const { config, logDir } = options;
  const logFile = join(logDir, `${name.toLowerCase().replace(' ', '-')}.log`);
  const service: ServiceOptions = {
    name,
    main,
    env: { ...serviceEnvironment(options), [setting]: String(port) },
    logFile,
    url: localUrl(config.host, port),
    port,
    stopping: options.stopping,
    // The service drains within its own limit; what takes longer hangs.
    stopGraceMs: config.drainMs + 6_000,
  };
  return supervise(deps, { name, logFile, start: () => startServiceProcess(service) });
}

/** Ours, with what the local stack has made where the person gave nothing; a `NAME_FILE` counts as given. */
function serviceEnvironment({ config, environment, shared, mailDir }: ServicesOptions): NodeJS.ProcessEnv {
  return {
    ...environment,
    ...(config.databaseUrl === undefined && { DATABASE_URL: shared.databaseUrl }),
    ...(config.redisUrl === undefined && { REDIS_URL: shared.redisUrl }),
    ...(config.secretKey === undefined && { CARILLON_SECRET_KEY: shared.secretKey }),
    ...(config.adminToken === undefined && { CARILLON_ADMIN_TOKEN: shared.operatorToken }),
    ...(config.smtpUrl === undefined && { SMTP_URL: shared.smtpUrl }),
    ...(mailDir !== undefined && { CARILLON_CAUGHT_MAILS_DIR: mailDir }),
  };
}
