import type { Router } from 'express';
import {
  getDelivery,
  getDeliveryContent,
  getPaused,
  listAttempts,
  listDeliveries,
  retryDelivery,
  setPaused,
} from '@carillon/contracts';
import type { DeliveryId, NotificationId } from '@carillon/core';
import {
  getOneDelivery,
  getPause,
  listAttemptsOf,
  listDeliveryPage,
  pause,
} from '../../actions/deliveries.ts';
import { getContent, retryOne } from '../../actions/delivery-retry.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { fromAttempt, fromDelivery, fromMessage, fromPause } from './wire.ts';

/** The log of what went to targets, and the switch that holds everything back. */
export function mountDeliveries(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listDeliveries, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `deliveries:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const rows = await listDeliveryPage(deps, user, {
      ...{ limit: query.limit + 1, state: query.state, kind: query.kind },
      notificationId: query.notification_id as NotificationId | undefined,
      edge:
        cursor === undefined
          ? undefined
          : {
              notificationId: String(cursor.key[0]) as NotificationId,
              id: String(cursor.key[1]) as DeliveryId,
              direction: cursor.direction,
            },
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.notification_id, row.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromDelivery) } };
  });

  bind(deps, router, getDelivery, async ({ params, caller }) => {
    const delivery = await getOneDelivery(deps, asUser(caller), params.id as DeliveryId);
    return { status: 200, body: fromDelivery(delivery) };
  });

  bind(deps, router, listAttempts, async ({ params, caller }) => {
    const attempts = await listAttemptsOf(deps, asUser(caller), params.id as DeliveryId);
    return { status: 200, body: { data: attempts.map(fromAttempt) } };
  });

  bind(deps, router, getDeliveryContent, async ({ params, caller }) => {
    const message = await getContent(deps, asUser(caller), params.id as DeliveryId);
    return { status: 200, body: fromMessage(params.id, message), headers: noStore };
  });

  bind(deps, router, retryDelivery, async ({ params, body, key, caller }) => {
    const consent = { confirm: body.confirm ?? false, includeExpired: body.include_expired ?? false };
    const { result, replayed } = await retryOne(deps, asUser(caller), params.id as DeliveryId, {
      ...{ consent, key },
    });
    return { status: 200, body: fromDelivery(result), ...(replayed && { headers: replayedHeader }) };
  });

  bind(deps, router, getPaused, async ({ caller }) => {
    return { status: 200, body: fromPause(await getPause(deps, asUser(caller))) };
  });

  bind(deps, router, setPaused, async ({ body, caller }) => {
    const state = await pause(deps, asUser(caller), { paused: body.paused, kinds: body.channels });
    return { status: 200, body: fromPause(state) };
  });
}
