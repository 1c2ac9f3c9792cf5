import { setAsidePaused } from '@carillon/db/operation';
import type { WorkerDeps } from '../deps.ts';

/** Sets aside what paused channels and templates keep back, until nothing of it is due. */
export async function setAsideAll({ db }: Pick<WorkerDeps, 'db'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await setAsidePaused(db)) > 0);
}
