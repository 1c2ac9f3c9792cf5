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
  /** Up to 500 in one transaction, the newest last. */
  placeMany(to: Actor, items: readonly ItemWish[]): Promise<NotificationId[]>;
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

  async function placeAll(to: Actor, ids: readonly NotificationId[]): Promise<void> {
    const { notifications } = await loadDispatchBatch(db, [...ids]);
    const placements = notifications.map((one) => ({
      ...{ id: one.id, version: one.version, organizationId: one.organizationId, recipientId: to.id },
      ...{ policyVersion: one.policyVersion, placed: true, inboxReason: 'placed' as const },
      ...{ decisions: [], deliveries: [], content: undefined },
    }));
    const placed = await placeDispatch(db, placements, 20_000);
    const head = placed.at(-1)?.head;
    if (head === undefined) throw new Error(`${ids.join(', ')} did not enter the inbox`);
    const move = { userId: to.id, organizationId: to.organizationId, head };
    await publisher.publish([move]);
  }

  async function placeMany(to: Actor, items: readonly ItemWish[]): Promise<NotificationId[]> {
    const made = items.map((item) => ({ id: newId() as NotificationId, content: contentOf(item) }));
    const triggers = made.map(({ id, content }) => ({
      ...{ id: newId() as TriggerId, content },
      notifications: [{ id, recipientId: to.id }],
    }));
    const request = {
      ...{ id: newId(), organizationId: to.organizationId, idempotency: undefined, lane: 'bulk' as const },
      ...{ triggers, requestId: 'test', traceparent: undefined },
    };
    await insertNotifications(db, [request]);
    const ids = made.map(({ id }) => id);
    await placeAll(to, ids);
    return ids;
  }

  return {
    placeAccepted: (to, id) => placeAll(to, [id as NotificationId]),
    placeMany,
    async place(to, item = {}) {
      const [id] = await placeMany(to, [item]);
      if (id === undefined) throw new Error('Nothing was placed');
      return id;
    },
    async stop() {
      untrack();
      await publisher.stop();
    },
  };
}
