import type { Action, NotificationContent, NotificationId, TriggerId } from '@carillon/core';
import { insertNotifications, loadDispatchBatch, placeDispatch } from '@carillon/db';
import { createInboxPublisher } from '@carillon/queue';
import { createNewId } from '@carillon/runtime';
import { silentLog, testRedisUrl, trackOpen } from '@carillon/testkit';
import type { Actor, TestApi } from './test-api.ts';

/** What of an item a test may say; the rest is empty. */
export interface ItemWish {
  title?: string;
  body?: string;
  templateId?: string;
  targets?: string[];
  actions?: Action[];
  icon?: string;
  category?: string;
  url?: string;
  urgent?: boolean;
}

/** Puts items into inboxes by the same writes as a worker, and tells open streams as it does. */
export interface InboxWriter {
  /** One item; resolves when it is in the inbox. */
  place(to: Actor, item?: ItemWish): Promise<NotificationId>;
  /** As `place`, for what was accepted by a call. */
  placeAccepted(to: Actor, id: string): Promise<void>;
  stop(): Promise<void>;
}

const newId = createNewId();

function contentOf(item: ItemWish): NotificationContent {
  const { title = 'Told', body = '', category = 'general', urgent = false, templateId } = item;
  return {
    ...{ title, body, category, urgent, icon: item.icon, url: item.url },
    ...{ targets: item.targets ?? [], actions: item.actions ?? [], data: {} },
    ...{ senderId: undefined, environment: '', project: '', kinds: undefined, expiresAt: undefined },
    ...(templateId !== undefined && { template: { id: templateId, version: 1 } }),
  };
}

export function createInboxWriter({ database: { db } }: Pick<TestApi, 'database'>): InboxWriter {
  const publisher = createInboxPublisher({ redisUrl: testRedisUrl(), log: silentLog });
  const untrack = trackOpen('inbox writer', () => publisher.stop());

  async function placeAccepted(to: Actor, id: string): Promise<void> {
    const { notifications } = await loadDispatchBatch(db, [id as NotificationId]);
    const placements = notifications.map((one) => ({
      ...{ id: one.id, version: one.version, organizationId: one.organizationId, recipientId: to.id },
      ...{ policyVersion: one.policyVersion, placed: true, inboxReason: 'placed' as const },
      ...{ decisions: [], deliveries: [], content: undefined },
    }));
    const [placed] = await placeDispatch(db, placements, 20_000);
    const head = placed?.head;
    if (head === undefined) throw new Error(`${id} did not enter the inbox`);
    const move = { userId: to.id, organizationId: to.organizationId, head };
    await publisher.publish([move]);
  }

  return {
    placeAccepted,
    async place(to, item = {}) {
      const id = newId() as NotificationId;
      const content = contentOf(item);
      const notifications = [{ id, recipientId: to.id }];
      await insertNotifications(db, [
        {
          ...{ id: newId(), organizationId: to.organizationId, idempotency: undefined, lane: 'bulk' },
          ...{ triggers: [{ id: newId() as TriggerId, content, notifications }] },
          ...{ requestId: 'test', traceparent: undefined },
        },
      ]);
      await placeAccepted(to, id);
      return id;
    },
    async stop() {
      untrack();
      await publisher.stop();
    },
  };
}
