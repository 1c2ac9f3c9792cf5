import type { InboxItem } from '@carillon/client';
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { dayKey, type InboxDay, type ItemBlock } from '../model/days.ts';
import type { InboxHost } from './host.ts';
import { icon } from './icons.ts';
import { viewItem } from './item.ts';
import type { NearBlocks } from './near-blocks.ts';

export interface ListProps {
  host: InboxHost;
  days: readonly InboxDay[];
  /** Changes when something else than the items changes that all of them show. */
  edition: unknown;
  /** Changes when something of one block changes beside its items. */
  editionOf(block: ItemBlock): unknown;
  near: Pick<NearBlocks, 'isNear'>;
  /** These items are drawn. */
  onDrawn(items: readonly InboxItem[]): void;
}

/** The items, by day; blocks that are as they were are not looked at again, those far away are empty. */
export function viewDays(props: ListProps): TemplateResult {
  let place = 0;
  return html`${repeat(
    props.days,
    ({ key }) => key,
    (day) => {
      const label = labelOf(props.host, day);
      return html`<section class="day" part="day">
        <h3 part="day-title">${label}</h3>
        <div role="list" aria-label=${label}>
          ${repeat(
            day.blocks,
            ({ key }) => key,
            (block) => {
              place += block.items.length;
              return viewBlock(props, block, place - block.items.length);
            },
          )}
        </div>
      </section>`;
    },
  )}`;
}

function viewBlock({ host, edition, editionOf, near, onDrawn }: ListProps, block: ItemBlock, from: number) {
  const isNear = near.isNear(block, from);
  if (isNear) onDrawn(block.items);
  const items = (): unknown =>
    repeat(
      block.items,
      ({ id }) => id,
      (item) => viewItem(host, item),
    );
  return html`<div class="block" role="none" data-key=${block.key} data-count=${block.items.length}>
    ${isNear ? guard([block, edition, editionOf(block)], items) : nothing}
  </div>`;
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

/** What stands there before the list was read for the first time. */
export function viewWaiting(host: InboxHost): TemplateResult {
  return html`<p class="empty" part="waiting">${host.words.text('loading')}</p>`;
}

/** A line about the state of things, with one thing that can be done about it. */
export function viewNotice(
  kind: 'offline' | 'refused' | 'failed' | 'clock',
  text: string,
  remedy?: { label: string; onClick: () => void },
): TemplateResult {
  return html`<div class="notice ${kind}" part="notice notice-${kind}">
    ${icon('alert')}<span>${text}</span>
    ${
      remedy === undefined
        ? nothing
        : html`<button type="button" class="link" part="notice-button" @click=${remedy.onClick}>
            ${remedy.label}
          </button>`
    }
  </div>`;
}
