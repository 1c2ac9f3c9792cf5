import type { UserId } from '@carillon/core';
import { getTemplateIds, inOrganization, type InboxHead } from '@carillon/db';
import {
  cancelNotifications,
  countCancellable,
  findCancelRange,
  walkCancelRange,
  type CancelCandidate,
  type CancelCounts,
  type CancelSelection,
  type CancelStretch,
} from '@carillon/db/operation';
import type { InboxMove } from '@carillon/queue';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { tellMoves, type TellDeps } from './tell.ts';

/** Which notifications a caller means; a template by its key or id. */
export type CancelWish = Omit<CancelSelection, 'templateIds'> & { template?: string | undefined };

/** Rows that one statement of the walk looks at: a fraction of a second also when they come from the disk. */
const lookedPerStep = 10_000;
/** Notifications that one transaction cancels: their inboxes stand still meanwhile. */
const cancelledPerStep = 1_000;

/**
 * Cancels what is selected, in chunks that each are a transaction; who was withdrawn something gets one hint
 * at the end, also when a chunk failed. Twice is once. Throws InvalidError for a template that there never was.
 */
export async function cancelMany(
  deps: Pick<ApiDeps, 'db' | 'log'> & TellDeps,
  caller: UserCaller,
  wish: CancelWish,
  options: { dryRun: boolean; withdraw: boolean },
): Promise<CancelCounts & { matched: number }> {
  const { organizationId } = caller.user;
  const moves = new Map<UserId, InboxMove>();
  const total = { matched: 0, cancelled: 0, inFlight: 0, sent: 0 };
  try {
    for await (const candidates of walk(deps, caller, wish)) {
      const counts = await inOrganization<CancelCounts & { heads?: InboxHead[] }>(
        deps.db,
        organizationId,
        (db) =>
          options.dryRun
            ? countCancellable(db, organizationId, candidates)
            : cancelNotifications(db, organizationId, candidates, options.withdraw),
      );
      total.matched += candidates.length;
      total.cancelled += counts.cancelled;
      total.inFlight += counts.inFlight;
      total.sent += counts.sent;
      for (const { user_id: userId, head } of counts.heads ?? []) {
        const after = moves.get(userId)?.after ?? head - 1;
        moves.set(userId, { userId, organizationId, after, head });
      }
    }
  } finally {
    await tellMoves(deps, [...moves.values()]);
    if (!options.dryRun) {
      deps.log.info({
        ...{ event: 'notifications.cancelled', organizationId, callerId: caller.id, ...total },
        ...{ by: selectorOf(wish), triggerId: wish.triggerId, withdraw: options.withdraw },
      });
    }
  }
  return total;
}

/** What is selected, in chunks that fit a transaction. */
async function* walk(
  deps: Pick<ApiDeps, 'db'>,
  { user: { organizationId } }: UserCaller,
  { template, ...wish }: CancelWish,
): AsyncGenerator<CancelCandidate[]> {
  const { selection, range } = await inOrganization(deps.db, organizationId, async (db) => {
    const templateIds =
      template === undefined ? undefined : await getTemplateIds(db, organizationId, template, '/template');
    const named = { ...wish, templateIds };
    return { selection: named, range: await findCancelRange(db, organizationId, named) };
  });
  let from: number | undefined = range.from;
  while (from !== undefined) {
    const step = { selection, range: { from, end: range.end }, looked: lookedPerStep };
    const stretch: CancelStretch = await inOrganization(deps.db, organizationId, (db) =>
      walkCancelRange(db, organizationId, step),
    );
    const { found } = stretch;
    for (let at = 0; at < found.length; at += cancelledPerStep) yield found.slice(at, at + cancelledPerStep);
    from = stretch.next;
  }
}

function selectorOf(wish: CancelWish): 'trigger' | 'template' | 'time' {
  if (wish.triggerId !== undefined) return 'trigger';
  return wish.template === undefined ? 'time' : 'template';
}
