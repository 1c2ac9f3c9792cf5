import { CarillonError } from '@carillon/core';
import { listSealedChannels, type SealedChannel } from '@carillon/db';
import { UnsealError } from '@carillon/runtime';
import type { ApiDeps } from './deps.ts';

const pageSize = 500;
const namesShown = 10;

class WrongSecretKeyError extends CarillonError {}

/**
 * Opens every sealed secret once at start: a key that opens nothing stops the start and names the
 * channels, instead of failing their deliveries later. Nothing is overwritten.
 */
export async function checkSealedChannels(deps: Pick<ApiDeps, 'system' | 'sealer'>): Promise<void> {
  const closed: SealedChannel[] = [];
  let afterId: SealedChannel['id'] | undefined;
  for (;;) {
    const page = await listSealedChannels(deps.system, { limit: pageSize, afterId });
    closed.push(...page.filter((channel) => !opens(deps, channel)));
    afterId = page.at(-1)?.id;
    if (page.length < pageSize) break;
  }
  if (closed.length === 0) return;
  const names = closed.slice(0, namesShown).map((channel) => `"${channel.name}" (${channel.id})`);
  throw new WrongSecretKeyError(
    'secret_key.wrong',
    `CARILLON_SECRET_KEY opens the secrets of ${closed.length} channels not: ${names.join(', ')}. ` +
      'Give the key they were sealed with in CARILLON_SECRET_KEY or CARILLON_SECRET_KEY_PREVIOUS.',
  );
}

function opens({ sealer }: Pick<ApiDeps, 'sealer'>, channel: SealedChannel): boolean {
  try {
    sealer.open(channel.secrets, sealedPlaceOf(channel));
    return true;
  } catch (error) {
    if (error instanceof UnsealError) return false;
    throw error;
  }
}

/** Where a channel's secrets are kept: a sealed text opens nowhere else. */
export function sealedPlaceOf(channel: { organization_id: string; id: string }) {
  return { organizationId: channel.organization_id, table: 'channels', rowId: channel.id, column: 'secrets' };
}
