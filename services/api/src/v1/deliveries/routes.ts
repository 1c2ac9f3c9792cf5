import type { Router } from 'express';
import {
  getDelivery,
  getPaused,
  listAttempts,
  listDeliveries,
  setPaused,
  type Paused,
} from '@carillon/contracts';
import type { DeliveryId, NotificationId } from '@carillon/core';
import {
  getOneDelivery,
  getPausedAt,
  listAttemptsOf,
  listDeliveryPage,
  pause,
} from '../../actions/deliveries.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { isoOrNull } from '../notifications/wire.ts';
import { fromAttempt, fromDelivery } from './wire.ts';

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

  bind(deps, router, getPaused, async ({ caller }) => {
    return { status: 200, body: fromPausedAt(await getPausedAt(deps, asUser(caller))) };
  });

  bind(deps, router, setPaused, async ({ body, caller }) => {
    return { status: 200, body: fromPausedAt(await pause(deps, asUser(caller), body.paused)) };
  });
}

function fromPausedAt(pausedAt: Date | null): Paused {
  return { paused: pausedAt !== null, paused_at: isoOrNull(pausedAt) };
}
