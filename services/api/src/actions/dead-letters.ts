import { getTemplateIds, inOrganization } from '@carillon/db';
import {
  countReplayable,
  listDeadLetters,
  loadReplayStart,
  replayDeadLetters,
  type DeadLetterFilter,
  type DeadLetterPage,
  type DeadLetterRecord,
  type ReplayCounts,
  type ReplayWalk,
  type ReplayWish,
} from '@carillon/db/operation';
import type { DeliveryId } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/** A filter as a caller writes it: the template by its key or id. */
export type DeadLetterWish = Omit<DeadLetterFilter, 'templateIds'> & { template?: string | undefined };

/** One page; throws InvalidError for a template that there never was. */
export async function listDeadLetterPage(
  deps: Pick<ApiDeps, 'db'>,
  { user: { organizationId } }: UserCaller,
  { template, ...page }: DeadLetterWish & Pick<DeadLetterPage, 'limit' | 'edge'>,
): Promise<DeadLetterRecord[]> {
  return inOrganization(deps.db, organizationId, async (db) => {
    const templateIds =
      template === undefined
        ? undefined
        : await getTemplateIds(db, organizationId, template, '/query/template');
    return listDeadLetters(db, organizationId, { ...page, templateIds });
  });
}

/** Dead letters that one transaction makes due again. */
const replayedPerStep = 1_000;

/**
 * Makes dead letters due again, in chunks that each are a transaction; what was done stays done when a
 * later chunk fails. What is due already is not counted, so twice is once.
 */
export async function replay(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  wish: Omit<ReplayWish, 'selection'> & {
    selection: { ids: readonly DeliveryId[] } | { filter: DeadLetterWish };
    dryRun: boolean;
  },
): Promise<ReplayCounts> {
  const { organizationId } = caller.user;
  const total: ReplayCounts = {
    ...{ matched: 0, replayed: 0 },
    skipped: { expired: 0, deleted: 0, cancelled: 0, unknown: 0 },
  };
  const step = wish.dryRun ? countReplayable : replayDeadLetters;
  const { selection, until } = await inOrganization(deps.db, organizationId, async (db) => {
    const until = await loadReplayStart(db);
    if ('ids' in wish.selection) return { selection: wish.selection, until };
    const { template, ...filter } = wish.selection.filter;
    const pointer = '/filter/template';
    const templateIds =
      template === undefined ? undefined : await getTemplateIds(db, organizationId, template, pointer);
    return { selection: { filter: { ...filter, templateIds } }, until };
  });
  try {
    let after: ReplayWalk['after'];
    do {
      const at = { until, after, limit: replayedPerStep };
      const chunk = await inOrganization(deps.db, organizationId, (db) =>
        step(db, organizationId, { ...wish, selection }, at),
      );
      add(total, chunk.counts);
      after = chunk.after;
    } while (after !== undefined);
  } finally {
    if (!wish.dryRun) {
      deps.log.info({
        ...{ event: 'dead_letters.replayed', organizationId, callerId: caller.id, render: wish.render },
        ...{ matched: total.matched, replayed: total.replayed, skipped: total.skipped },
        ...{ includeExpired: wish.includeExpired, includeUnknown: wish.includeUnknown },
      });
    }
  }
  return total;
}

function add(total: ReplayCounts, counts: ReplayCounts): void {
  total.matched += counts.matched;
  total.replayed += counts.replayed;
  for (const why of ['expired', 'deleted', 'cancelled', 'unknown'] as const) {
    total.skipped[why] += counts.skipped[why];
  }
}
