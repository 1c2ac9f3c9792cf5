import type { Log, LogFields } from '@carillon/core';

/**
 * The log of a command for people: warnings and errors become one plain line each, the rest is left to the
 * services' own logs.
 */
export function createScreenLog(say: (line: string) => void): Log {
  const write = ({ event, ...fields }: LogFields): void => {
    const details = Object.entries(fields).map(([name, value]) => `${name}: ${shown(value)}`);
    say([event, ...details].join(', '));
  };
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: write,
    error: write,
    child: (more) => ({
      ...log,
      warn: (fields) => write({ ...more, ...fields }),
      error: (fields) => write({ ...more, ...fields }),
    }),
  };
  return log;
}

function shown(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
