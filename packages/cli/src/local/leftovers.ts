import type { RecordedProcess } from './data-dir.ts';
import { isSameProcess, stopProcess } from './processes.ts';

/** In this order, so that what is stopped later is still there for what is stopped first. */
const stopOrder = ['Worker', 'API', 'Redis', 'PostgreSQL'] as const;

/**
 * Ends what a supervisor that was killed has left running, as it would have done itself: workers, API, Redis,
 * PostgreSQL. Answers their names. Only processes that are exactly those written down are touched.
 */
export async function stopLeftovers(
  leftovers: readonly RecordedProcess[],
  graceMs: number,
): Promise<string[]> {
  const living = leftovers.filter(isSameProcess);
  for (const kind of stopOrder) {
    const ofKind = living.filter(({ name }) => name.startsWith(kind));
    const signal = kind === 'PostgreSQL' ? 'SIGINT' : 'SIGTERM';
    await Promise.all(ofKind.map(({ pid }) => stopProcess(pid, { signal, graceMs })));
  }
  return living.map(({ name }) => name);
}
