import type { Router } from 'express';
import { listCaptured, type CapturedMessage } from '@carillon/contracts';
import type { NotificationId, UserId } from '@carillon/core';
import type { CapturedRecord } from '@carillon/db/operation';
import { listCapturedPage } from '../../actions/captured.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { toPage, type Cursors } from '../../http/cursor.ts';
import { fromMessage } from '../deliveries/wire.ts';

/** What an installation on trial kept back. */
export function mountCaptured(deps: ApiDeps, cursors: Cursors, router: Router): void {
  bind(deps, router, listCaptured, async ({ query, caller }) => {
    const user = asUser(caller);
    const scope = `captured:${user.user.organizationId}`;
    const cursor = query.cursor === undefined ? undefined : cursors.read(scope, query.cursor);
    const rows = await listCapturedPage(deps, user, {
      ...{ limit: query.limit + 1, kind: query.kind },
      recipientId: query.recipient_id as UserId | undefined,
      notificationId: query.notification_id as NotificationId | undefined,
      edge:
        cursor === undefined
          ? undefined
          : {
              capturedAt: new Date(String(cursor.key[0])),
              id: String(cursor.key[1]),
              direction: cursor.direction,
            },
    });
    const page = toPage(
      rows,
      { limit: query.limit, cursor },
      (row) => [row.captured_at.toISOString(), row.id],
      (c) => cursors.write(scope, c),
    );
    return { status: 200, body: { ...page, data: page.data.map(fromCaptured) }, headers: noStore };
  });
}

function fromCaptured(row: CapturedRecord): CapturedMessage {
  return {
    ...{ id: row.id, kind: row.kind, notification_id: row.notification_id, recipient_id: row.recipient_id },
    ...{ channel_id: row.channel_id, channel_name: row.channel_name },
    ...{ address: row.address, settings: row.settings },
    message: row.message === null ? null : fromCapturedContent(row.id, row.message),
    captured_at: row.captured_at.toISOString(),
  };
}

function fromCapturedContent(id: string, message: unknown): NonNullable<CapturedMessage['message']> {
  const { title, text, html, notification } = fromMessage(id, message);
  return { title, text, html, notification };
}
