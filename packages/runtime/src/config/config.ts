import { isIPv6 } from 'node:net';
import type { DeliveryMode } from '@carillon/core';
import { decodeSecretKey } from './formats.ts';
import { dialectNames, type DialectName, type Settings } from './settings.ts';

export type LogLevel = Settings['LOG_LEVEL'];

/** How JWTs of an installation's own users are judged. */
export type JwtConfig = {
  issuer: string;
  audience: string;
  /** Slug of the organization that JWT users belong to. */
  organization: string;
  /** Claim that names the organization instead, by slug or id. */
  organizationClaim: string | undefined;
  createUsers: boolean;
} & ({ source: 'secret'; secret: string } | { source: 'jwks'; jwksUrl: string });

/** What becomes of messages to the outside, and which targets `allowlist` lets them go to. */
export interface DeliveryConfig {
  mode: DeliveryMode;
  allow: readonly string[];
}

/** The settings of a process as plain data. What is `undefined` was not set and has no default. */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  /** Without a slash at its end. */
  publicUrl: string;
  dataDir: string;
  adminToken: string | undefined;
  /** 32 bytes. Always there in production. */
  secretKey: Uint8Array | undefined;
  previousSecretKeys: readonly Uint8Array[];
  workers: number;
  /** `['*']` lets any origin in; empty lets none in. */
  allowedOrigins: readonly string[];
  /** Whose clients are served beside our own. */
  dialects: readonly DialectName[];
  egressAllow: readonly string[];
  delivery: DeliveryConfig;
  localDownload: 'auto' | 'never';
  startPaused: boolean;
  jwt: JwtConfig | undefined;
  /** Logarithm of scrypt's work. */
  passwordCost: number;
  trustedProxies: readonly string[];
  metricsPort: number;
  smtpUrl: string | undefined;
  /** Where a mail catcher keeps mails as files; undefined where there is none. */
  caughtMailsDir: string | undefined;
  mailFrom: string;
  /** Always there in production. */
  databaseUrl: string | undefined;
  /** Always there in production. */
  redisUrl: string | undefined;
  logLevel: LogLevel;
  leaseMs: number;
  dispatchTimeoutMs: number;
  drainMs: number;
}

/** Translates checked settings from their outside names; only here do both names stand. */
export function toConfig(settings: Settings, production: boolean): Config {
  return {
    production,
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: (settings.CARILLON_PUBLIC_URL ?? defaultPublicUrl(settings)).replace(/\/+$/, ''),
    dataDir: settings.CARILLON_DATA_DIR,
    adminToken: settings.CARILLON_ADMIN_TOKEN,
    secretKey: decodeSecretKey(settings.CARILLON_SECRET_KEY ?? ''),
    previousSecretKeys: settings.CARILLON_SECRET_KEY_PREVIOUS.flatMap((text) => decodeSecretKey(text) ?? []),
    workers: settings.CARILLON_WORKERS,
    allowedOrigins: settings.CARILLON_ALLOWED_ORIGINS ?? (production ? [] : ['*']),
    dialects: chooseDialects(settings, production),
    egressAllow: settings.CARILLON_EGRESS_ALLOW,
    delivery: { mode: settings.CARILLON_DELIVERY, allow: settings.CARILLON_DELIVERY_ALLOW },
    localDownload: settings.CARILLON_LOCAL_DOWNLOAD,
    startPaused: settings.CARILLON_START_PAUSED,
    jwt: jwtConfig(settings),
    passwordCost: settings.CARILLON_PASSWORD_COST,
    trustedProxies: settings.TRUSTED_PROXIES,
    metricsPort: settings.METRICS_PORT,
    smtpUrl: settings.SMTP_URL,
    caughtMailsDir: settings.CARILLON_CAUGHT_MAILS_DIR,
    mailFrom: settings.MAIL_FROM,
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    logLevel: settings.LOG_LEVEL,
    leaseMs: settings.CARILLON_LEASE_MS,
    dispatchTimeoutMs: settings.CARILLON_DISPATCH_TIMEOUT_MS,
    drainMs: settings.CARILLON_DRAIN_MS,
  };
}

function chooseDialects({ CARILLON_DIALECTS: named }: Settings, production: boolean): readonly DialectName[] {
  if (named === undefined) return production ? [] : dialectNames;
  return dialectNames.filter((name) => named.includes(name));
}

/** An address that means "all of them" cannot be visited, so those become localhost. */
function defaultPublicUrl({ HOST: host, PORT: port }: Settings): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function jwtConfig(settings: Settings): JwtConfig | undefined {
  const common = {
    issuer: settings.CARILLON_JWT_ISSUER ?? '',
    audience: settings.CARILLON_JWT_AUDIENCE ?? '',
    organization: settings.CARILLON_JWT_ORGANIZATION,
    organizationClaim: settings.CARILLON_JWT_ORGANIZATION_CLAIM,
    createUsers: settings.CARILLON_JWT_CREATE_USERS,
  };
  const { CARILLON_JWT_SECRET: secret, CARILLON_JWT_JWKS_URL: jwksUrl } = settings;
  if (secret !== undefined) return { ...common, source: 'secret', secret };
  return jwksUrl === undefined ? undefined : { ...common, source: 'jwks', jwksUrl };
}
