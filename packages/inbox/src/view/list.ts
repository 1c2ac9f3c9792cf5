import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { dayKey, type InboxDay, type ItemBlock } from '../model/days.ts';
import type { InboxHost } from './host.ts';
import { icon } from './icons.ts';
import { viewItem } from './item.ts';

export interface ListProps {
  host: InboxHost;
  days: readonly InboxDay[];
  /** Changes when something else than the items changes that all of them show. */
  edition: unknown;
  /** Changes when something of one block changes beside its items. */
  editionOf(block: ItemBlock): unknown;
}

/** The items, by day; blocks that are as they were are not looked at again. */
export function viewDays({ host, days, edition, editionOf }: ListProps): TemplateResult {
  return html`${repeat(
    days,
    ({ key }) => key,
    (day) =>
      html`<section class="day" part="day">
        <h3 part="day-title">${labelOf(host, day)}</h3>
        <div role="list" aria-label=${labelOf(host, day)}>
          ${repeat(
            day.blocks,
            ({ key }) => key,
            (block) =>
              html`<div class="block" role="none">
                ${guard([block, edition, editionOf(block)], () =>
                  repeat(
                    block.items,
                    ({ id }) => id,
                    (item) => viewItem(host, item),
                  ),
                )}
              </div>`,
          )}
        </div>
      </section>`,
  )}`;
}

function labelOf({ words, now }: InboxHost, { key, at }: InboxDay): string {
  if (key === dayKey(now)) return words.text('today');
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12);
  return key === dayKey(yesterday) ? words.text('yesterday') : words.day(at, now);
}

/** What stands where there are no items. */
export function viewEmpty(host: InboxHost): TemplateResult {
  const { tab } = host.session.view();
  const name = { all: 'emptyAll', unread: 'emptyUnread', archived: 'emptyArchived' } as const;
  return html`<div class="empty" part="empty">
    ${icon(tab === 'archived' ? 'archive' : 'bell')}
    <p>${host.words.text(name[tab])}</p>
  </div>`;
}

/** Places of items that are on their way. */
export function viewWaiting(host: InboxHost): TemplateResult {
  return html`<div class="waiting" part="waiting">
    <span class="hidden">${host.words.text('loading')}</span>
    ${[1, 2, 3, 4].map(() => html`<div class="ghost" aria-hidden="true"><i></i><b></b><b></b></div>`)}
  </div>`;
}

/** A line about the state of things, with one thing that can be done about it. */
export function viewNotice(
  kind: 'offline' | 'refused' | 'failed' | 'clock',
  text: string,
  remedy?: { label: string; onClick: () => void },
): TemplateResult {
  return html`<div class="notice ${kind}" part="notice notice-${kind}">
    ${icon('offline')}<span>${text}</span>
    ${
      remedy === undefined
        ? nothing
        : html`<button type="button" class="link" part="notice-button" @click=${remedy.onClick}>
            ${remedy.label}
          </button>`
    }
  </div>`;
}
