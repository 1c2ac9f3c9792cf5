export { advanceDatabaseClock } from './clock.ts';
export { createTestDatabase, runSql, type TestDatabase } from './database.ts';
export { trackOpen } from './leaks.ts';
export {
  startOwnPostgres,
  startOwnRedis,
  testDatabaseServerUrl,
  testRedis,
  testRedisUrl,
} from './servers.ts';
