import { every, type Repeating } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';
import type { Watchdog } from '../jobs/watchdog.ts';
import { runChannelTests } from './channel-tests.ts';
import { wakeForChannels } from './circuits.ts';
import { deliverDue } from './due.ts';
import { setAsideAll } from './pauses.ts';
import { advanceDueRuns } from './rules.ts';
import { expireDue, purgeOld } from './upkeep.ts';
import { dispatchWaiting } from './undispatched.ts';

interface Sweep {
  name: string;
  intervalMs: number;
  /** Answers true when it ended before all was done: then it goes on at once. */
  run(deps: WorkerDeps, signal: AbortSignal, watchdog: Watchdog): Promise<boolean | void>;
}

/**
 * What finds in PostgreSQL what no job brought. Every worker runs all of them; rows are claimed with
 * SKIP LOCKED, so two at once share the work and double nothing.
 */
const sweeps: readonly Sweep[] = [
  {
    name: 'undispatched',
    intervalMs: 2_000,
    run: (deps, signal, watchdog) => dispatchWaiting(deps, signal, watchdog.workFound),
  },
  { name: 'due', intervalMs: 2_000, run: deliverDue },
  { name: 'pauses', intervalMs: 2_000, run: setAsideAll },
  { name: 'circuits', intervalMs: 2_000, run: wakeForChannels },
  { name: 'rules', intervalMs: 2_000, run: advanceDueRuns },
  { name: 'expiry', intervalMs: 2_000, run: expireDue },
  { name: 'deaf consumers', intervalMs: 5_000, run: (_deps, _signal, watchdog) => watchdog.check() },
  // Somebody waits for each: one look at an index that is nearly always empty.
  { name: 'channel-tests', intervalMs: 1_000, run: runChannelTests },
  { name: 'purge', intervalMs: 60_000, run: purgeOld },
];

export interface Sweeps {
  /** When the due-scan last ended well, in monotonic milliseconds. */
  lastDueMs(): number;
  stop(): Promise<void>;
}

export function startSweeps(deps: WorkerDeps, watchdog: Watchdog): Sweeps {
  const state = { lastDueMs: deps.clock.monotonicMs() };
  const running = sweeps.map((sweep): Repeating => {
    const repeating: Repeating = every(
      sweep.intervalMs,
      async (signal) => {
        if ((await sweep.run(deps, signal, watchdog)) === true) repeating.wake();
        if (sweep.name === 'due') state.lastDueMs = deps.clock.monotonicMs();
      },
      {
        onError: (error) => {
          deps.metrics.jobErrors.inc({ job: sweep.name });
          deps.log.warn({ event: 'sweep.failed', sweep: sweep.name, error });
        },
      },
    );
    if (sweep.name === 'due') {
      for (const runner of Object.values(deps.runners)) runner.onRelief(() => repeating.wake());
    }
    return repeating;
  });
  return {
    lastDueMs: () => state.lastDueMs,
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}
