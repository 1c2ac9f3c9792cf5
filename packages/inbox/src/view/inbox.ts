import type { InboxItem } from '@carillon/client';
import { html, nothing, type TemplateResult } from 'lit';
import type { InboxDay, ItemBlock } from '../model/days.ts';
import type { InboxSession } from '../model/session.ts';
import type { Words } from '../model/words.ts';
import type { InboxHost } from './host.ts';
import { walkItems } from './keys.ts';
import type { NearBlocks } from './near-blocks.ts';
import { viewDays, viewEmpty, viewNotice, viewWaiting } from './list.ts';

/** The list as it is to be drawn. */
export interface DrawnList {
  host: InboxHost;
  days: readonly InboxDay[];
  /** Changes with what all items show beside what is theirs: language, names of categories. */
  edition: number;
  near: NearBlocks;
  onDrawn: (items: readonly InboxItem[]) => void;
  isLoadingMore: boolean;
  onLoadMore: () => void;
}

/** Stands for the button below the items where they are named by their ids. */
export const older = 'older';

/** The items of the view that is chosen, or what stands in their place. */
export function viewList(list: DrawnList): TemplateResult {
  const { tab } = list.host.session.view();
  return html`<div
    id="items"
    class="scroll"
    part="list"
    role="tabpanel"
    aria-labelledby="tab-${tab}"
    tabindex="0"
    @keydown=${onKey}
  >
    ${viewItems(list)}
  </div>`;
}

function onKey(event: KeyboardEvent): void {
  if (event.currentTarget instanceof HTMLElement) walkItems(event, event.currentTarget);
}

function viewItems({
  host,
  days,
  edition,
  near,
  onDrawn,
  isLoadingMore,
  onLoadMore,
}: DrawnList): TemplateResult {
  const { isLoaded, hasMore, items } = host.session.snapshot();
  if (!isLoaded) return viewWaiting(host);
  if (items.length === 0 && !hasMore) return viewEmpty(host);
  // Ages are in minutes.
  const minute = Math.floor(host.now.getTime() / 60_000);
  const editionOf = ({ items: shown }: ItemBlock): string =>
    shown.reduce((text, item) => (host.isExpanded(item) ? text + item.id : text), '');
  return html`${viewDays({ host, days, edition: `${edition} ${minute}`, editionOf, near, onDrawn })}
  ${
    hasMore
      ? html`<button
          type="button"
          class="link older"
          part="load-more"
          data-id=${older}
          aria-disabled=${isLoadingMore}
          @click=${onLoadMore}
        >
          ${host.words.text(isLoadingMore ? 'loading' : 'more')}
        </button>`
      : nothing
  }`;
}

/** What is wrong at the moment, and what can be done about it; the worst first. */
export function viewState(session: InboxSession, words: Words): TemplateResult | typeof nothing {
  const { connection, error, isLoaded } = session.snapshot();
  const retry = { label: words.text('retry'), onClick: () => session.reconnect() };
  if (connection.state === 'refused') return viewNotice('refused', words.text('signedOut'), retry);
  if (connection.state === 'waiting') return viewNotice('offline', words.text('offline'), retry);
  if (error !== undefined && !isLoaded) return viewNotice('failed', words.text('failed'), retry);
  return session.time.isDeviceWrong() ? viewNotice('clock', words.text('wrongClock')) : nothing;
}
