import type { UserId } from '@carillon/core';
import type { InboxHead } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';

/** As `tellInbox`, for many. */
export async function tellInboxes(
  deps: Pick<ApiDeps, 'publisher' | 'hub'>,
  heads: readonly InboxHead[],
): Promise<void> {
  if (heads.length === 0) return;
  for (const { user_id: userId, head } of heads) deps.hub.onHint(userId, head);
  await deps.publisher.publish(heads.map(({ user_id: userId, head }) => ({ userId, head })));
}

/** Says that an inbox moved: to this instance at once, to the others over Redis as far as it is there. */
export async function tellInbox(
  deps: Pick<ApiDeps, 'publisher' | 'hub'>,
  userId: UserId,
  head: number,
): Promise<void> {
  deps.hub.onHint(userId, head);
  await deps.publisher.publish([{ userId, head }]);
}
