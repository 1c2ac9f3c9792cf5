/** The only source of "now" outside SQL. What is due is judged by the database's clock, never by this. */
export interface Clock {
  now(): Date;
  /** Monotonic milliseconds, for durations only. */
  monotonicMs(): number;
}

/** The only maker of ids: UUID version 7, so that ids sort by the time they were made. */
export type NewId = () => string;

/** Fields of one log line. `event` is in the past tense with dots: `delivery.retried`. */
export interface LogFields {
  event: string;
  [field: string]: unknown;
}

/** JSON lines. `info`: state changed; `warn`: coped; `error`: someone must act. Never bodies, addresses or secrets. */
export interface Log {
  debug(fields: LogFields): void;
  info(fields: LogFields): void;
  warn(fields: LogFields): void;
  error(fields: LogFields): void;
  child(fields: Record<string, unknown>): Log;
}
