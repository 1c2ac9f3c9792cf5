import type { Log, LogFields } from '@carillon/core';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { redactFields } from './redact.ts';

export interface LogOptions {
  /** `api`, `worker`, `cli`: stands on each line. */
  service: string;
  version: string;
  level: LogLevel;
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

/**
 * JSON lines with `time` (ISO-8601 UTC), `level`, `service`, `version`, `pid` and the fields. Secrets,
 * addresses and contents are taken out of every field (see `redactFields`). Lines are written
 * synchronously: the last one before an exit is never lost. `child` binds correlation ids.
 */
export function createLog({ service, version, level, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service, version, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

/**
 * The level to log with before the settings are loaded: that of LOG_LEVEL, or `info` when it is absent or
 * wrong, which the loader then reports.
 */
export function earlyLogLevel(environment: Environment): LogLevel {
  const named = environment['LOG_LEVEL']?.trim();
  return named === 'debug' || named === 'warn' || named === 'error' ? named : 'info';
}

function wrap(logger: Logger): Log {
  const write = (level: LogLevel) => (fields: LogFields) => {
    if (logger.isLevelEnabled(level)) logger[level](redactFields(fields));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(logger.child(redactFields(fields))),
  };
}
