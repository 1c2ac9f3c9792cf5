export { createBatcher, type Batcher, type BatcherOptions } from './batcher.ts';
export { createBackoff, type Backoff, type BackoffOptions } from './backoff.ts';
export { clientNetwork } from './client-network.ts';
export { createClock, createNewId, createRandom, randomBytes, type Random } from './clock.ts';
export { ConfigError, type ConfigProblem } from './config/config-error.ts';
export type { Config, DeliveryConfig, JwtConfig, LogLevel } from './config/config.ts';
export { dialectNames, type DialectName } from './config/settings.ts';
export { describeSettings, renderSettingsTable, type SettingDescription } from './config/describe.ts';
export { readEnvironment, type Environment } from './config/environment.ts';
export { loadConfig, type LoadOptions } from './config/load.ts';
export { createFaults, type FaultPoint } from './fault.ts';
export {
  createHealth,
  type Health,
  type HealthAnswer,
  type HealthCheck,
  type HealthOptions,
} from './health.ts';
export { startHealthServer, type HealthServer, type HealthServerOptions } from './health-server.ts';
export {
  runProcess,
  type ProcessOptions,
  type RunningProcess,
  type StartContext,
  type StopRequest,
} from './lifecycle.ts';
export { createLog, earlyLogLevel, type LogOptions } from './log.ts';
export { describeMetrics, renderMetricsTable, type MetricDescription } from './metric-table.ts';
export {
  createMailLayoutCompiler,
  type MailLayoutCompiler,
  type MailLayoutCompilerOptions,
} from './mail-layouts/mail-layout-compiler.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { createPasswords, type PasswordCosts, type Passwords } from './passwords.ts';
export { redactText } from './redact.ts';
export {
  createSealer,
  keyIdOf,
  UnsealError,
  type SealedPlace,
  type Sealer,
  type UnsealCode,
} from './secrets.ts';
export { every, sleep, withDeadline, type Repeating, type RepeatingOptions } from './timers.ts';
export { areHashesEqual, hashToken, isTokenShaped, newToken, nextToken, tokenLookup } from './tokens.ts';
export { requireStores, type Stores } from './config/stores.ts';
export {
  createUnsubscribeTokens,
  type UnsubscribeSubject,
  type UnsubscribeTokens,
} from './unsubscribe-tokens.ts';
export { version } from './version.ts';
export { createRenderPool, type RenderPool, type RenderPoolOptions } from './render-pool/render-pool.ts';
