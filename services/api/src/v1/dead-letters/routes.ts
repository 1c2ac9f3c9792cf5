import type { Router } from 'express';
import { listDeadLetters, replayDeadLetters, type BodyOf, type DeadLetter } from '@carillon/contracts';
import type { DeliveryId, UserId } from '@carillon/core';
import type { DeadLetterRecord } from '@carillon/db/operation';
import { listDeadLetterPage, replay, type DeadLetterWish } from '../../actions/dead-letters.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { clip, fromDelivery, isStatus } from '../deliveries/wire.ts';

/** What was given up, and sending it again. */
export function mountDeadLetters(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listDeadLetters, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `dead-letters:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const rows = await listDeadLetterPage(deps, user, {
      ...toWish(query),
      limit: query.limit + 1,
      edge:
        cursor === undefined
          ? undefined
          : {
              settledAt: new Date(String(cursor.key[0])),
              id: String(cursor.key[1]) as DeliveryId,
              direction: cursor.direction,
            },
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.settled_at.toISOString(), row.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromDeadLetter) } };
  });

  bind(deps, router, replayDeadLetters, async ({ body, caller }) => {
    const counts = await replay(deps, asUser(caller), {
      selection:
        body.ids === undefined
          ? { filter: toWish(body.filter ?? {}) }
          : { ids: body.ids.map((id) => id as DeliveryId) },
      render: body.render ?? 'original',
      dryRun: body.dry_run ?? false,
      includeExpired: body.include_expired ?? false,
      includeUnknown: body.include_unknown ?? false,
    });
    return { status: 200, body: counts };
  });
}

type Filter = NonNullable<BodyOf<typeof replayDeadLetters>['filter']>;

function toWish(filter: Filter): DeadLetterWish {
  return {
    ...{ state: filter.state, kind: filter.kind, reason: filter.reason },
    ...{ category: filter.category, template: filter.template },
    recipientId: filter.recipient_id as UserId | undefined,
    settledAfter: filter.settled_after === undefined ? undefined : new Date(filter.settled_after),
    settledBefore: filter.settled_before === undefined ? undefined : new Date(filter.settled_before),
  };
}

function fromDeadLetter(row: DeadLetterRecord): DeadLetter {
  return {
    ...fromDelivery(row),
    state: row.state,
    settled_at: row.settled_at.toISOString(),
    category: row.category,
    template_id: row.template_id,
    obstacle: row.obstacle,
    last_reason: clip(row.last_reason, 2048),
    last_status_code: isStatus(row.last_status_code) ? row.last_status_code : null,
  };
}
