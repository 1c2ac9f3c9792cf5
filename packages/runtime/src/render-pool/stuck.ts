/** One look at a thread from outside. */
export interface Look {
  /** Of the job that it is at; below 0 or beyond the last it is in none. */
  index: number;
  /** Monotonic. */
  atMs: number;
  /** What the whole process has taken of the CPU so far. */
  cpuMs: number;
}

export interface StuckLimits {
  jobCount: number;
  /** CPU and time for one job. */
  messageMs: number;
  /** Time in which something has to happen, whatever it is. */
  handoverMs: number;
}

/**
 * Answers for one look after the other whether the thread hangs. It hangs in a job when it has been at it for too long and
 * the process has worked as long meanwhile: on a machine that lets everybody wait, a thread that got no turn is not at
 * fault, and its notification is not to be suppressed for it. The main thread's work counts too, so that this is no later
 * than the thread's own would say.
 */
export function createStuckJudge(limits: StuckLimits, first: Look): (look: Look) => boolean {
  const { jobCount, messageMs, handoverMs } = limits;
  let since = first;
  return (look) => {
    if (look.index !== since.index) since = look;
    const tookMs = look.atMs - since.atMs;
    const isInJob = look.index >= 0 && look.index < jobCount;
    const limitMs = isInJob && look.cpuMs - since.cpuMs > messageMs ? messageMs : handoverMs;
    return tookMs > limitMs;
  };
}
