import type { OrganizationId, UserId } from '@carillon/core';
import type { InboxHead } from '@carillon/db';
import type { InboxMove } from '@carillon/queue';
import type { ApiDeps } from '../deps.ts';

/** What it takes to tell that inboxes moved. */
export type TellDeps = Pick<ApiDeps, 'publisher' | 'hub' | 'organizations'>;

/** As many as one call to Redis tells. */
const movesPerCall = 1_000;

/** Says that inboxes moved: to this instance at once, to the others over Redis as far as it is there. */
export async function tellMoves(deps: TellDeps, moves: readonly InboxMove[]): Promise<void> {
  for (const { userId, head } of moves) deps.hub.onHint(userId, head);
  for (let at = 0; at < moves.length; at += movesPerCall) {
    const some = moves.slice(at, at + movesPerCall);
    deps.organizations.onMoves(some);
    await deps.publisher.publish(some);
  }
}

/** As `tellMoves`, after one write to inboxes of an organization. */
export async function tellInboxes(
  deps: TellDeps,
  organizationId: OrganizationId,
  heads: readonly InboxHead[],
): Promise<void> {
  await tellMoves(
    deps,
    heads.map(({ user_id: userId, head }) => ({ userId, organizationId, head })),
  );
}

/** As `tellMoves`, after one write to one inbox. */
export async function tellInbox(
  deps: TellDeps,
  user: { id: UserId; organizationId: OrganizationId },
  head: number,
): Promise<void> {
  await tellMoves(deps, [{ userId: user.id, organizationId: user.organizationId, head }]);
}
