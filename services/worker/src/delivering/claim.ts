import type { KindDescription } from '@carillon/channels';
import type { ChannelId, DeliveryId } from '@carillon/core';
import { claimDeliveries, claimHeldDeliveries, type ClaimedDelivery } from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

/** Leases what of these is due, except for some channels; for a kind with digests also what was held for the same people. */
export async function claim(
  deps: Pick<WorkerDeps, 'db' | 'newId' | 'config' | 'fault'>,
  kind: Pick<KindDescription, 'digests'>,
  { ids, except, alone }: { ids: DeliveryId[]; except: ChannelId[]; alone: boolean },
): Promise<ClaimedDelivery[]> {
  const lease = { leaseToken: deps.newId(), leaseMs: deps.config.leaseMs };
  // What may become one message is claimed together with all that belongs to it.
  const together = kind.digests && !alone;
  const claimed = await claimDeliveries(deps.db, { ids, except, alone, heldToo: !together, ...lease });
  // Where too many wait, what was held waits as well; else each claim would look for it in vain.
  if (together && except.length === 0 && claimed.length < ids.length) {
    const known = new Set(claimed.map((one) => one.id));
    const rest = ids.filter((id) => !known.has(id));
    claimed.push(...(await claimHeldDeliveries(deps.db, { ids: rest, ...lease })));
  }
  if (claimed.length > 0) deps.fault('worker.after-claim');
  return claimed;
}
