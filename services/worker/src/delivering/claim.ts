import type { KindDescription } from '@carillon/channels';
import type { ChannelId, DeliveryId } from '@carillon/core';
import {
  claimDeliveries,
  claimDueDeliveries,
  claimHeldDeliveries,
  type ClaimedDelivery,
  type DueFound,
  type Lease,
} from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';

type ClaimDeps = Pick<WorkerDeps, 'db' | 'newId' | 'config' | 'fault'>;

/** Leases what of these is due, except for some channels; for a kind with digests also what was held for the same people. */
export async function claim(
  deps: ClaimDeps,
  kind: Pick<KindDescription, 'digests'>,
  { ids, except, alone }: { ids: DeliveryId[]; except: ChannelId[]; alone: boolean },
): Promise<ClaimedDelivery[]> {
  const lease = newLease(deps);
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

/** Leases what is due and came by no job, and names what is to be claimed otherwise. */
export async function claimDue(
  deps: ClaimDeps,
  { kind, digests }: Pick<KindDescription, 'kind' | 'digests'>,
  limits: { perOrganization: number; max: number; except: ChannelId[] },
): Promise<DueFound> {
  const found = await claimDueDeliveries(deps.db, kind, { ...limits, heldToo: !digests, ...newLease(deps) });
  if (found.claimed.length > 0) deps.fault('worker.after-claim');
  return found;
}

function newLease(deps: Pick<WorkerDeps, 'newId' | 'config'>): Lease {
  return { leaseToken: deps.newId(), leaseMs: deps.config.leaseMs };
}
