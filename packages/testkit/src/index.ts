export {
  adapterBattery,
  httpStatuses,
  type AdapterHarness,
  type AdapterStage,
  type BatteryCase,
  type NamedAnswer,
} from './adapter-battery.ts';
export { advanceDatabaseClock } from './clock.ts';
export { createTestDatabase, runSql, type TestDatabase } from './database.ts';
export { trackOpen } from './leaks.ts';
export {
  buildServices,
  pollUntil,
  startService,
  type LogLine,
  type ServiceEnd,
  type ServiceProcess,
} from './processes.ts';
export {
  redisSource,
  startOwnPostgres,
  startOwnRedis,
  testDatabaseServerUrl,
  testRedis,
  testRedisUrl,
} from './servers.ts';
export { buildAdapterDeps, buildMessage, silentLog } from './adapter-surroundings.ts';
export { startSmtpSink, type SinkMail, type SmtpAnswer, type SmtpSink } from './smtp-sink.ts';
export type { WebhookAnswer } from './webhook-answers.ts';
export { startWebhookReceiver, type WebhookArrival, type WebhookReceiver } from './webhook-receiver.ts';
