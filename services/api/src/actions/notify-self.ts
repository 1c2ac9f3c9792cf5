import { NotFoundError, TooManyError, type NotificationContent, type NotificationId } from '@carillon/core';
import type { ThrottleLimit } from '@carillon/queue';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import type { RequestContext } from '../http/request-context.ts';
import { acceptNotifications } from './notifications.ts';
import { toRefusal } from './resolve.ts';

/** What somebody tells themselves, in their own words. */
export interface OwnWords {
  title: string;
  body: string;
  category: string;
  url: string | undefined;
}

/** A reminder now and then; what is more is a program that went wrong, and each may cost a text message. */
const byUser: ThrottleLimit = { name: 'notify-self', points: 20, windowSeconds: 60 };

/** Notifies the caller, as every notification goes. Throws TooManyError past 20 a minute, and what refuses any create. */
export async function notifySelf(
  deps: Pick<ApiDeps, 'acceptor' | 'newId' | 'metrics' | 'throttle'>,
  caller: UserCaller,
  words: OwnWords,
  call: { key: RequestKey | undefined; context: RequestContext },
): Promise<{ id: NotificationId; replayed: boolean }> {
  const { id } = caller.user;
  const retryAfterMs = await deps.throttle.take(byUser, id);
  if (retryAfterMs !== undefined) {
    throw new TooManyError('rate.limited', 'You may notify yourself 20 times a minute', { retryAfterMs });
  }
  const { triggers, replayed } = await acceptNotifications(deps, caller, {
    drafts: [
      {
        ...{ to: [{ by: 'id' as const, id }], pointers: [''], strict: true, pointer: '' },
        template: undefined,
        content: toContent(words, id),
      },
    ],
    ...{ edge: 'v1', ...call },
  });
  const [result] = triggers;
  if (result?.outcome === 'refused') throw toRefusal(result);
  const made = result?.notifications[0];
  if (made === undefined) {
    throw new NotFoundError('notification.not_found', 'What the first call with this key made is gone');
  }
  return { id: made.id, replayed };
}

function toContent(
  { title, body, category, url }: OwnWords,
  senderId: UserCaller['user']['id'],
): NotificationContent {
  return {
    ...{ title, body, category, url, senderId, icon: undefined },
    ...{ data: {}, actions: [], targets: [], environment: '', project: '' },
    ...{ urgent: false, kinds: undefined, sendAt: undefined, expiresAt: undefined },
  };
}
