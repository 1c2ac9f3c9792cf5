import { NotFoundError } from '@carillon/core';
import { inOrganization, listChannels } from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';

/**
 * The public key of the organization's first web push channel that is switched on: what is sent through it reaches
 * those who subscribed with this key. Throws NotFoundError where there is no such channel.
 */
export async function getPublicKey(deps: Pick<ApiDeps, 'db'>, { user }: UserCaller): Promise<string> {
  const channels = await inOrganization(deps.db, user.organizationId, (db) =>
    listChannels(db, user.organizationId),
  );
  const first = channels.find(({ kind, enabled }) => kind === 'web_push' && enabled);
  const key = first?.settings['vapid_public_key'];
  if (typeof key === 'string') return key;
  throw new NotFoundError(
    'channel.not_found',
    'The organization has no web push channel that is switched on; an admin makes one with POST /v1/channels',
  );
}
