import { createBackoff, createRandom, sleep } from '@carillon/runtime';
import type { RecordedProcess } from './data-dir.ts';
import { processStart, sendSignal } from './processes.ts';
import type { LocalServer } from './server-process.ts';

export interface SuperviseDeps {
  /** One line for the person at the terminal. */
  say: (line: string) => void;
  /** Called whenever a process has come or gone. */
  onChange: () => void;
}

export interface SuperviseOptions {
  name: string;
  /** Starts it; called again, with what has died, after each unexpected end: same port, same password. */
  start: (previous: LocalServer | undefined) => Promise<LocalServer>;
  /** For the message when it has died: where its last lines are. */
  logFile: string;
}

/** A process of the local stack that is started again when it dies. */
export interface Supervised {
  name: string;
  /** The latest server; its URL and port never change. */
  server(): LocalServer;
  /** Undefined while it is down. */
  running(): RecordedProcess | undefined;
  /** Ends it in order and lets it rest. */
  stop(): Promise<void>;
  /** Ends it at once, without waiting; for the very end of the process. */
  forceEnd(): void;
}

/** Up for this long, a process counts as sound, and its next restart comes quickly again. */
const soundAfterMs = 60_000;

/**
 * Starts something and keeps it running: when it dies it is said on the screen and started again, after
 * half a second, then one, two … at most 15. Throws when the very first start fails.
 */
export async function supervise(deps: SuperviseDeps, options: SuperviseOptions): Promise<Supervised> {
  const { name, start } = options;
  const stopping = new AbortController();
  const backoff = createBackoff({ firstMs: 500, maxMs: 15_000, random: createRandom() });
  let server = await start(undefined);
  let isUp = true;
  deps.onChange();

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const upSinceMs = performance.now();
      await Promise.race([server.ended, once(stopping.signal)]);
      if (stopping.signal.aborted) return;
      isUp = false;
      if (performance.now() - upSinceMs > soundAfterMs) backoff.reset();
      deps.onChange();
      await bringBack();
    }
  };
  const bringBack = async (): Promise<void> => {
    let reason = `${name} has ended (${options.logFile} says why)`;
    while (!isUp) {
      const delayMs = backoff.nextMs();
      deps.say(`${reason}; starting it again in ${(delayMs / 1000).toFixed(1)} s`);
      if (!(await sleep(delayMs, stopping.signal))) return;
      try {
        server = await start(server);
        isUp = true;
        deps.say(`${name} is back`);
      } catch (error) {
        reason = `${name} could not be started: ${firstLine(error)}`;
      }
      deps.onChange();
    }
  };
  const guarding = keepRunning();

  return {
    name,
    server: () => server,
    running: () => (isUp ? recorded(name, server) : undefined),
    async stop() {
      stopping.abort();
      await guarding;
      if (isUp) await server.stop();
      isUp = false;
      deps.onChange();
    },
    forceEnd() {
      if (isUp) sendSignal(server.pid, server.forceSignal);
    },
  };
}

function recorded(name: string, server: LocalServer): RecordedProcess | undefined {
  const start = processStart(server.pid);
  return start === undefined ? undefined : { name, pid: server.pid, start, port: server.port };
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
