import { type NotificationId, type TriggerDraft } from '@carillon/core';
import {
  cancelNotification,
  getNotification,
  inOrganization,
  listNotifications,
  readInOrganization,
  type Cancelled,
  type NotificationPage,
  type NotificationRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { AcceptResult } from './accept.ts';
import { tellInbox, type TellDeps } from './tell.ts';

/** Where a create call came in, for the figures: one of the API's forms. */
export type Edge = 'v1' | 'coder' | 'directus';

/**
 * Accepts notifications: when it resolves, their rows are committed, and whatever crashes, they are
 * dealt with. Throws InvalidError for a key that was used for another request.
 */
export async function acceptNotifications(
  deps: Pick<ApiDeps, 'acceptor' | 'newId' | 'metrics'>,
  caller: UserCaller,
  request: {
    drafts: TriggerDraft[];
    key: RequestKey | undefined;
    context: RequestContext;
    edge: Edge;
    isAtomic?: boolean;
  },
): Promise<AcceptResult> {
  const { key, context } = request;
  const result = await deps.acceptor.accept({
    id: deps.newId(),
    organizationId: caller.user.organizationId,
    idempotency: key === undefined ? undefined : { callerId: caller.id, ...key },
    drafts: request.drafts,
    isAtomic: request.isAtomic,
    ...context,
  });
  const isNothing = request.isAtomic === true && result.triggers.some((one) => one.outcome === 'refused');
  if (!result.replayed && !isNothing) {
    const rows = result.triggers.flatMap((one) => (one.outcome === 'accepted' ? one.notifications : []));
    deps.metrics.accepted.inc({ edge: request.edge }, rows.length);
  }
  return result;
}

/** One page of what the caller's organization sent. */
export async function listSent(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  page: NotificationPage,
): Promise<NotificationRecord[]> {
  return readInOrganization(deps.db, user.organizationId, (db) =>
    listNotifications(db, user.organizationId, page),
  );
}

/** One notification of the caller's organization, as its sender sees it; throws NotFoundError. */
export async function getOne(
  deps: Pick<ApiDeps, 'db'>,
  { user }: UserCaller,
  id: NotificationId,
): Promise<NotificationRecord> {
  return readInOrganization(deps.db, user.organizationId, (db) =>
    getNotification(db, user.organizationId, id),
  );
}

/** Cancels one notification of the caller's organization; throws NotFoundError. */
export async function cancelOne(
  deps: Pick<ApiDeps, 'db' | 'log'> & TellDeps,
  caller: UserCaller,
  id: NotificationId,
  withdraw: boolean,
): Promise<Cancelled> {
  const { organizationId } = caller.user;
  const result = await inOrganization(deps.db, organizationId, (db) =>
    cancelNotification(db, organizationId, id, withdraw),
  );
  if (result.head !== undefined)
    await tellInbox(deps, { id: result.recipientId, organizationId }, result.head);
  deps.log.info({ event: 'notification.cancelled', notificationId: id, callerId: caller.id, withdraw });
  return result;
}
