import { ConflictError, type NotificationId, type TriggerDraft, type UserId } from '@carillon/core';
import { inOrganization, loadUser } from '@carillon/db';
import { deleteRows, moveRows, patchRows, type RowPatch, type RowTarget } from '@carillon/db/items';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { TriggerResult } from './accept.ts';
import { acceptNotifications, type Edge } from './notifications.ts';
import { tellInboxes, type TellDeps } from './tell.ts';

/** Why nothing was created: what was refused of which of the drafts. */
export type Refused = { index: number; result: Extract<TriggerResult, { outcome: 'refused' }> };

/**
 * Accepts one row for each draft, all or none, and answers their ids in the order of the drafts, or why there are
 * none. Throws ConflictError when a number is taken.
 */
export async function createRows(
  deps: Pick<ApiDeps, 'acceptor' | 'newId' | 'metrics'>,
  caller: UserCaller,
  drafts: TriggerDraft[],
  { context, edge }: { context: RequestContext; edge: Edge },
): Promise<{ ids: NotificationId[] } | { refused: Refused[] }> {
  if (drafts.length === 0) return { ids: [] };
  const { triggers } = await acceptNotifications(deps, caller, {
    ...{ drafts, edge, context, key: undefined, isAtomic: true },
  });
  const refused = triggers.flatMap((result, index) =>
    result.outcome === 'refused' ? [{ index, result }] : [],
  );
  if (refused.length > 0) return { refused };
  return {
    ids: triggers.flatMap((one) => (one.outcome === 'accepted' ? one.notifications[0]?.id : []) ?? []),
  };
}

/** What an edge that serves rows may change: of the row, and whose it is. */
export interface RowChange extends RowPatch {
  recipientId?: UserId | undefined;
}

/** Rows in one transaction. */
const chunkRows = 1_000;

/**
 * Changes rows alike; those that are gone are left out. Answers the ids under which they are found now: one that was
 * given to somebody else is another row. Throws ConflictError for a recipient or sender that is not there.
 */
export async function changeRows(
  deps: Pick<ApiDeps, 'db' | 'newId' | 'producer' | 'log'> & TellDeps,
  caller: UserCaller,
  targets: readonly RowTarget[],
  { recipientId, ...patch }: RowChange,
): Promise<NotificationId[]> {
  const { organizationId } = caller.user;
  await needPeople(deps, caller, [{ recipientId, senderId: patch.senderId }]);
  const isPatch = Object.values(patch).some((value) => value !== undefined);
  const found: NotificationId[] = [];
  for (const chunk of chunksOf(targets)) {
    const moves = recipientId === undefined ? [] : chunk.filter((one) => one.recipientId !== recipientId);
    const result = await inOrganization(deps.db, organizationId, async (db) => {
      const patched = isPatch ? await patchRows(db, organizationId, chunk, patch) : undefined;
      if (recipientId === undefined || moves.length === 0) return { patched, moved: undefined };
      const named = moves.map((one) => ({ ...one, newId: deps.newId() as NotificationId }));
      return { patched, moved: await moveRows(db, organizationId, named, recipientId) };
    });
    const { patched, moved } = result;
    const gone = new Set(moves.map((one) => one.id));
    found.push(...chunk.map((one) => one.id).filter((id) => !gone.has(id)), ...(moved?.moved ?? []));
    await tellInboxes(deps, organizationId, [...(patched?.heads ?? []), ...(moved?.heads ?? [])]);
    if (moved !== undefined) await deps.producer.enqueueDispatch('normal', moved.moved);
  }
  const fields = Object.entries({ recipientId, ...patch }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  deps.log.info({ event: 'rows.changed', callerId: caller.id, count: found.length, fields });
  return found;
}

/** Deletes rows; those that are gone are left out. */
export async function removeRows(
  deps: Pick<ApiDeps, 'db' | 'log'> & TellDeps,
  caller: UserCaller,
  targets: readonly RowTarget[],
): Promise<void> {
  const { organizationId } = caller.user;
  for (const chunk of chunksOf(targets)) {
    const { heads } = await inOrganization(deps.db, organizationId, (db) =>
      deleteRows(db, organizationId, chunk),
    );
    await tellInboxes(deps, organizationId, heads);
  }
  deps.log.info({ event: 'rows.deleted', callerId: caller.id, count: targets.length });
}

/** Throws ConflictError for a recipient or sender of these changes that is not there. */
export async function needPeople(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  changes: readonly Pick<RowChange, 'recipientId' | 'senderId'>[],
): Promise<void> {
  const { organizationId } = user;
  const named = (['recipient', 'sender'] as const).flatMap((role) =>
    [...new Set(changes.map((one) => one[`${role}Id`]))].flatMap((id) => (id ? [{ role, id }] : [])),
  );
  if (named.length === 0) return;
  await inOrganization(deps.db, organizationId, async (db) => {
    for (const { role, id } of named) {
      if ((await loadUser(db, organizationId, { id })) !== undefined) continue;
      throw new ConflictError(`${role}.unknown`, 'no user of this organization has this id', {
        errors: [{ pointer: `/${role}`, detail: id }],
      });
    }
  });
}

function chunksOf<T>(all: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < all.length; start += chunkRows)
    chunks.push(all.slice(start, start + chunkRows));
  return chunks;
}
