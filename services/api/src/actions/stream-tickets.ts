import { inOrganization, insertStreamTicket } from '@carillon/db';
import { hashToken } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

const lifetimeMs = 60_000;
const ticketBytes = 24;

/** Makes a ticket that opens one stream of the caller's inbox, once, on any instance. */
export async function issueStreamTicket(
  deps: Pick<ApiDeps, 'db' | 'randomBytes'>,
  caller: UserCaller,
): Promise<{ ticket: string; expiresAt: Date }> {
  const ticket = `tck_${Buffer.from(deps.randomBytes(ticketBytes)).toString('base64url')}`;
  const { organizationId, id: userId } = caller.user;
  const expiresAt = await inOrganization(deps.db, organizationId, (db) =>
    insertStreamTicket(
      db,
      {
        ...{ hash: hashToken(ticket), organizationId, userId },
        ...{ tokenId: caller.tokenId, sessionId: caller.sessionId },
        credentialExpiresAt: caller.expiresAt,
      },
      lifetimeMs,
    ),
  );
  return { ticket, expiresAt };
}
