import { CarillonError, type Answer, type Carillon, type Channel } from '@carillon/client';
import { ifStill, tagged, type Tagged } from '../../tagged.ts';
import type { ChannelWish } from './channel-form.tsx';

/**
 * Changes a channel that is as it was shown. How its target does is part of its ETag and changes by itself, every half
 * minute while the target is away, which is when people mend the settings: that is nobody's change. Rejects with 412
 * for those.
 */
export async function changeChannel(
  api: Pick<Carillon, 'channels'>,
  shown: Pick<Channel, 'id' | 'updated_at'>,
  etag: string | undefined,
  wish: ChannelWish,
): Promise<Tagged<Answer<'updateChannel'>>> {
  const change = (known: string | undefined): Promise<Tagged<Answer<'updateChannel'>>> =>
    tagged((options) => api.channels.update(shown.id, wish, { ...options, ...ifStill(known) }));
  try {
    return await change(etag);
  } catch (error) {
    if (!(error instanceof CarillonError) || error.status !== 412) throw error;
    const now = await stateOf(api, shown);
    if (now === undefined) throw error;
    return change(now);
  }
}

/** The ETag of now; undefined where somebody has changed it. */
async function stateOf(
  api: Pick<Carillon, 'channels'>,
  shown: Pick<Channel, 'id' | 'updated_at'>,
): Promise<string | undefined> {
  const now = await tagged((options) => api.channels.get(shown.id, options));
  return now.is.updated_at === shown.updated_at ? now.etag : undefined;
}
