import { listCircuitWork, wakeWaiting, type CircuitWork } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

type CircuitDeps = Pick<WorkerDeps, 'db' | 'log' | 'runners'>;

/** Rows made due in one statement. */
const chunk = 5_000;

/**
 * Finds deliveries that wait for channels that did not work: all of them become due when theirs works again, and one
 * when a probe is due. Who closed the channel need not live until then.
 */
export async function wakeForChannels(deps: CircuitDeps, signal: AbortSignal): Promise<void> {
  for (const work of await listCircuitWork(deps.db)) {
    if (signal.aborted) return;
    await (work.isOver ? wakeAll(deps, work, signal) : wakeOne(deps, work));
  }
}

/** The due-scan takes them up, as many as there are slots for and as the channel's rate allows. */
async function wakeAll(deps: CircuitDeps, { channelId }: CircuitWork, signal: AbortSignal): Promise<void> {
  let total = 0;
  for (let woken = chunk; woken === chunk && !signal.aborted; total += woken) {
    woken = (await wakeWaiting(deps.db, channelId, chunk)).length;
  }
  deps.log.info({ event: 'channel.waiting_woken', channelId, count: total });
}

/** Who claims it takes the probe, unless another worker's delivery was faster. */
async function wakeOne(deps: CircuitDeps, { channelId }: CircuitWork): Promise<void> {
  for (const { id, kind } of await wakeWaiting(deps.db, channelId, 1)) void deps.runners[kind].offer([id]);
}
