import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { Config } from './config.ts';

/** What a service cannot run without. */
export interface Stores {
  databaseUrl: string;
  redisUrl: string;
  /** 32 bytes. */
  secretKey: Uint8Array;
}

/**
 * The settings that a service needs and that only the local stack makes itself.
 * @throws ConfigError naming each that is missing.
 */
export function requireStores(config: Pick<Config, 'databaseUrl' | 'redisUrl' | 'secretKey'>): Stores {
  const { databaseUrl, redisUrl, secretKey } = config;
  if (databaseUrl !== undefined && redisUrl !== undefined && secretKey !== undefined) {
    return { databaseUrl, redisUrl, secretKey };
  }
  const values = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, CARILLON_SECRET_KEY: secretKey };
  const problems: ConfigProblem[] = Object.entries(values)
    .filter(([, value]) => value === undefined)
    .map(([setting]) => ({ setting, problem: 'is not set, and a service started by itself needs it' }));
  throw new ConfigError(problems);
}
