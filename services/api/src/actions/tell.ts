import type { UserId } from '@carillon/core';
import type { ApiDeps } from '../deps.ts';

/** Says that an inbox moved: to this instance at once, to the others over Redis as far as it is there. */
export async function tellInbox(
  deps: Pick<ApiDeps, 'publisher' | 'hub'>,
  userId: UserId,
  head: number,
): Promise<void> {
  deps.hub.onHint(userId, head);
  await deps.publisher.publish([{ userId, head }]);
}
