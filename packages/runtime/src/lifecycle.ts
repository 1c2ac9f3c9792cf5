import type { Log } from '@carillon/core';
import { ConfigError } from './config/config-error.ts';
import { redactText } from './redact.ts';
import { withDeadline } from './timers.ts';

/** How a process is asked to stop. */
export interface StopRequest {
  /** `signal`: finish in order. `crash`: the state of the process is unknown, so only stop taking work. */
  reason: 'signal' | 'crash';
  /** All the time there is; after it the process exits whatever still runs. */
  withinMs: number;
}

/** What `start` gives back. */
export interface RunningProcess {
  /** Resolves when everything is closed. A `crash` may follow while a `signal` is still being obeyed. */
  stop(request: StopRequest): Promise<void>;
}

export interface StartContext {
  /** Aborts at the first signal, so that a start that waits for a server can give up. */
  stopping: AbortSignal;
  /** Ends the process like an uncaught exception: for watchdogs that find it beyond repair. */
  fail: (error: unknown) => void;
}

export interface ProcessOptions {
  /** As people know it: `api`, `worker`. */
  name: string;
  log: Log;
  start: (context: StartContext) => Promise<RunningProcess>;
  /** Deadline of an ordered stop; 25 s unless given, since orchestrators kill after 30 s. */
  stopWithinMs?: number;
}

const crashWithinMs = 900;
/** One Ctrl-C arrives twice: from the terminal, and passed on by npm or a supervisor. */
const sameSignalMs = 500;
const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Runs a service until it is told to stop; the only place that listens to signals and exits.
 * A failed start prints one line (every line of a ConfigError) and exits 1. SIGTERM, SIGINT, SIGHUP and
 * the loss of a parent that holds an IPC channel stop it in order: exit 0, or 1 when the deadline cut it.
 * A second signal exits at once. An uncaught exception or rejection is logged and exits 1 within 1 s.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { name, log, start, stopWithinMs = 25_000 } = options;
  const stopping = new AbortController();
  let running: RunningProcess | undefined = undefined;
  let askedAtMs: number | undefined;
  let hasCrashed = false;

  const crash = (error: unknown): void => {
    if (hasCrashed) process.exit(1);
    hasCrashed = true;
    stopping.abort();
    log.error({ event: 'process.crashed', error });
    const stopped = running?.stop({ reason: 'crash', withinMs: crashWithinMs }) ?? Promise.resolve();
    void withDeadline(stopped, crashWithinMs, () => undefined).finally(() => process.exit(1));
  };
  const ask = (cause: string): void => {
    if (askedAtMs !== undefined) {
      if (performance.now() - askedAtMs < sameSignalMs) return;
      log.warn({ event: 'process.stop_forced', cause });
      process.exit(1);
    }
    askedAtMs = performance.now();
    log.info({ event: 'process.stopping', cause });
    stopping.abort();
    void starting.then(stopInOrder(log, stopWithinMs)).then((code) => process.exit(code), crash);
    // A start that does not give up is cut by the same deadline.
    if (running === undefined) setTimeout(() => process.exit(1), stopWithinMs).unref();
  };

  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  for (const signal of stopSignals) process.on(signal, () => ask(signal));
  if (process.channel !== undefined) process.once('disconnect', () => ask('disconnect'));

  const starting = start({ stopping: stopping.signal, fail: crash }).catch((error: unknown) => {
    // A start that was told to stop may end by an error; nothing runs then.
    if (!stopping.signal.aborted) exitUnstarted(name, log, error);
    return undefined;
  });
  running = await starting;
  if (!stopping.signal.aborted) log.info({ event: 'process.started' });
}

function stopInOrder(log: Log, withinMs: number): (running: RunningProcess | undefined) => Promise<number> {
  return async (running) => {
    const stopped = running?.stop({ reason: 'signal', withinMs }) ?? Promise.resolve();
    const outcome = await withDeadline(
      stopped.then(() => 'clean' as const),
      withinMs,
      () => 'cut' as const,
    );
    if (outcome === 'clean') log.info({ event: 'process.stopped', outcome });
    else log.error({ event: 'process.stopped', outcome, withinMs });
    return outcome === 'clean' ? 0 : 1;
  };
}

function exitUnstarted(name: string, log: Log, error: unknown): never {
  log.debug({ event: 'process.start_failed', error });
  const message = error instanceof Error ? error.message : String(error);
  const shown = error instanceof ConfigError ? message : redactText(message).replaceAll(/\s*\n\s*/g, ' ');
  process.stderr.write(`carillon ${name} cannot start: ${shown}\n`);
  process.exit(1);
}
