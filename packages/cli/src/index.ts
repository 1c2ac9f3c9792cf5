export { startPostgres, stopOrphanPostgres, type PostgresOptions } from './local/postgres.ts';
export { startRedis, stopOrphanRedis, type RedisOptions } from './local/redis.ts';
export { type LocalServer } from './local/server-process.ts';
export { isSameProcess, processStart, sendSignal, stopProcess } from './local/processes.ts';
export { findFreePort, waitFor, type WaitOptions } from './local/wait.ts';
