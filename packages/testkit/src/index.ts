export {
  adapterBattery,
  httpStatuses,
  type AdapterHarness,
  type AdapterStage,
  type BatteryCase,
  type NamedAnswer,
} from './adapter-battery.ts';
export { findBarriers, openBrowser } from './browser.ts';
export {
  check,
  loadStored,
  noFindings,
  type Findings,
  type Report,
  type Stored,
  type StoredDelivery,
  type StoredNotification,
} from './checker.ts';
export { findChromium } from './chromium.ts';
export { advanceDatabaseClock } from './clock.ts';
export { createTestDatabase, runSql, type TestDatabase } from './database.ts';
export { dialectBattery, type DescribedRoute, type DialectHarness } from './dialect-battery.ts';
export { startFaultProxy, type Direction, type FaultProxy } from './fault-proxy.ts';
export { loadGoldenPairs, playGoldenPair, type GoldenPair, type GoldenStage } from './golden-pairs.ts';
export type { InboxCopy } from './inbox-copy.ts';
export { trackOpen } from './leaks.ts';
export { runLoad, type LoadCall, type LoadOptions } from './load.ts';
export {
  buildServices,
  pollUntil,
  startService,
  type LogLine,
  type ServiceEnd,
  type ServiceProcess,
} from './processes.ts';
export {
  makeRunDir,
  redisSource,
  startOwnPostgres,
  startOwnRedis,
  testDatabaseServerUrl,
  testRedis,
  testRedisUrl,
} from './servers.ts';
export { buildAdapterDeps, buildMessage, silentLog } from './adapter-surroundings.ts';
export { startSmtpSink, type SinkMail, type SmtpAnswer, type SmtpSink } from './smtp-sink.ts';
export {
  fetchInbox,
  startStreamClient,
  type StreamClient,
  type StreamClientOptions,
} from './stream-client.ts';
export { openSse, openWebSocket, type OpenStream, type StreamEnd } from './stream-transports.ts';
export { temporaryDir } from './temporary-dir.ts';
export type { WebhookAnswer } from './webhook-answers.ts';
export { startWebhookReceiver, type WebhookArrival, type WebhookReceiver } from './webhook-receiver.ts';
