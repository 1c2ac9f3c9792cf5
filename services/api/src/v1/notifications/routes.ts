import type { Router } from 'express';
import {
  cancelNotification,
  createNotification,
  createNotificationBatch,
  getNotification,
  listNotifications,
  recipientsMax,
  type NotificationCreate,
  type Route,
} from '@carillon/contracts';
import {
  ForbiddenError,
  InvalidError,
  type NotificationId,
  type TriggerId,
  type UserId,
} from '@carillon/core';
import { checkInstants } from '../../actions/instants.ts';
import { acceptNotifications, cancelOne, getOne, listSent } from '../../actions/notifications.ts';
import { toRefusal } from '../../actions/resolve.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, replayedHeader, type Reply, type Serve } from '../../http/bind.ts';
import { asUser, type UserCaller } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { fromAccepted, fromNotification, fromTriggerResult, toDraft } from './wire.ts';

/** Sending, and the sender's log. Answers the calls that are hot enough for the lean lane. */
export function mountNotifications(deps: ApiDeps, cursors: Cursors, router: Router): Map<Route, Serve> {
  const create = bind(deps, router, createNotification, async ({ body, caller, ...call }) => {
    const user = asUser(caller);
    check(deps, user, [body], () => '');
    const { triggers, replayed } = await acceptNotifications(deps, user, {
      ...{ drafts: [toDraft(body, '')], edge: 'v1', key: call.key, context: call.context },
    });
    const [result] = triggers;
    if (result === undefined) throw new TypeError('one trigger has one result');
    if (result.outcome === 'refused') throw toRefusal(result);
    const first = result.notifications[0];
    const place = first === undefined ? `?trigger_id=${result.id}` : `/${first.id}`;
    return {
      status: 202,
      body: fromAccepted(result),
      headers: { Location: `/v1/notifications${place}`, ...(replayed && replayedHeader) },
    };
  });

  const createBatch = bind(
    deps,
    router,
    createNotificationBatch,
    async ({ body, caller, ...call }): Promise<Reply> => {
      const user = asUser(caller);
      check(deps, user, body.notifications, pointerInBatch);
      const { triggers, replayed } = await acceptNotifications(deps, user, {
        drafts: body.notifications.map((one, index) => toDraft(one, pointerInBatch(index))),
        ...{ edge: 'v1', key: call.key, context: call.context },
      });
      return {
        status: 202,
        body: { results: triggers.map(fromTriggerResult) },
        ...(replayed && { headers: replayedHeader }),
      };
    },
  );

  bind(deps, router, listNotifications, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `notifications:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const rows = await listSent(deps, user, {
      limit: query.limit + 1,
      edge: cursor === undefined ? undefined : { number: Number(cursor.key[0]), direction: cursor.direction },
      recipientId: query.recipient_id as UserId | undefined,
      triggerId: query.trigger_id as TriggerId | undefined,
      category: query.category,
      search: query.search,
      createdAfter: query.created_after === undefined ? undefined : new Date(query.created_after),
      createdBefore: query.created_before === undefined ? undefined : new Date(query.created_before),
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.number],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromNotification) } };
  });

  bind(deps, router, getNotification, async ({ params, caller }) => {
    const row = await getOne(deps, asUser(caller), params.id as NotificationId);
    return { status: 200, body: fromNotification(row) };
  });

  bind(deps, router, cancelNotification, async ({ params, body, caller }) => {
    const result = await cancelOne(deps, asUser(caller), params.id as NotificationId, body.withdraw ?? false);
    const { deliveries } = result;
    return {
      status: 200,
      body: {
        cancelled: deliveries.cancelled + (result.cancelled ? 1 : 0),
        in_flight: deliveries.inFlight,
        sent: deliveries.sent,
      },
    };
  });
  return new Map<Route, Serve>([
    [createNotification, create],
    [createNotificationBatch, createBatch],
  ]);
}

function pointerInBatch(index: number): string {
  return `/notifications/${index}`;
}

/** What a schema cannot say: sums over the request, the clock, and who may set what. */
function check(
  deps: Pick<ApiDeps, 'clock'>,
  { user }: UserCaller,
  creates: readonly NotificationCreate[],
  pointerOf: (index: number) => string,
): void {
  const recipients = creates.reduce((sum, one) => sum + one.to.length, 0);
  if (recipients > recipientsMax) {
    throw new InvalidError(
      'recipients.too_many',
      `One call may name ${recipientsMax} recipients, this names ${recipients}`,
    );
  }
  const now = deps.clock.now();
  creates.forEach((one, index) => {
    if (one.urgent === true && user.role === 'member') {
      throw new ForbiddenError('auth.forbidden', 'Only admins and systems may send urgent notifications');
    }
    const { send_at: sendAt, expires_at: expiresAt } = one;
    checkInstants({ sendAt: toInstant(sendAt), expiresAt: toInstant(expiresAt) }, pointerOf(index), now);
  });
}

function toInstant(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
