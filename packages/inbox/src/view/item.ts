import type { Action, InboxItem } from '@carillon/client';
import { html, nothing, type TemplateResult } from 'lit';
import { viewMarkdown } from '../markdown/view.ts';
import { safePicture, safeUrl } from '../safe-url.ts';
import type { InboxHost } from './host.ts';
import { iconPath } from './icons.ts';

/** Longer bodies are shown in part until somebody wants all. */
const shownMax = 280;

/** One notification: what it says, when, and what can be done with it. */
export function viewItem(host: InboxHost, item: InboxItem): TemplateResult {
  const isUnread = item.read_at === null;
  return html`<div
    role="listitem"
    class="item ${isUnread ? 'unread' : ''} ${item.urgent ? 'urgent' : ''}"
    part="item ${isUnread ? 'item-unread' : 'item-read'}"
    data-id=${item.id}
  >
    ${viewPicture(host, item)}
    <div class="main">
      <div class="head">
        ${viewTitle(host, item)} ${isUnread ? html`<span class="dot" part="dot"></span>` : nothing}
      </div>
      ${viewMeta(host, item)} ${viewBody(host, item)}
      ${
        item.actions.length > 0
          ? html`<div class="actions">${item.actions.map((action) => viewAction(host, item, action))}</div>`
          : nothing
      }
    </div>
    ${viewTools(host, item)}
  </div>`;
}

function viewPicture(host: InboxHost, item: InboxItem): TemplateResult {
  const picture = safePicture(item.icon, host.base, host.pictures);
  if (picture !== undefined)
    return html`<img
      class="picture"
      part="picture"
      alt=""
      loading="lazy"
      src=${picture}
      referrerpolicy="no-referrer"
    />`;
  const name = nameOf(host, item.category);
  const [letter = '•'] = name.trim();
  return html`<span class="picture letter" part="picture" aria-hidden="true"
    >${letter.toLocaleUpperCase()}</span
  >`;
}

function viewTitle(host: InboxHost, item: InboxItem): TemplateResult {
  const { words } = host;
  const href = safeUrl(item.url, host.base);
  const onClick = (event: MouseEvent): void => host.openItem(event, item);
  const state =
    item.read_at === null ? html`<span class="hidden">${words.text('unreadMark')}: </span>` : nothing;
  const content = html`${state}<bdi>${item.title}</bdi>`;
  return href === undefined
    ? html`<button type="button" class="title" part="item-title" @click=${onClick}>${content}</button>`
    : html`<a class="title" part="item-title" href=${href} @click=${onClick}>${content}</a>`;
}

function viewMeta(host: InboxHost, item: InboxItem): TemplateResult {
  const { words } = host;
  const category = nameOf(host, item.category);
  const at = new Date(item.inbox_at);
  return html`<div class="meta" part="item-meta">
    ${item.urgent ? html`<span class="flag" part="urgent">${words.text('urgent')}</span>` : nothing}
    <span><bdi>${category}</bdi></span>
    <time datetime=${item.inbox_at} title=${words.instant(at)}>${ageOf(host, at)}</time>
    ${item.acknowledged_at === null ? nothing : html`<span class="flag done">${words.text('acknowledged')}</span>`}
  </div>`;
}

/** What a category is called; the one of what names none has a name in every language. */
function nameOf({ session, words }: InboxHost, category: string): string {
  return (
    session.categories().get(category)?.name ?? (category === 'general' ? words.text('general') : category)
  );
}

/** Minutes for an hour, then the time of day: the day stands above. */
function ageOf({ words, now }: InboxHost, at: Date): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return words.text('now');
  return minutes < 60 ? words.minutesAgo(minutes) : words.time(at);
}

function viewBody(host: InboxHost, item: InboxItem): TemplateResult | typeof nothing {
  const { body } = item;
  if (body.trim() === '') return nothing;
  const isLong = body.length > shownMax || body.split('\n', 9).length > 8;
  const isWhole = !isLong || host.isExpanded(item);
  const label = host.words.text(isWhole ? 'showLess' : 'showMore');
  return html`<div class="body" part="item-body">
      ${viewMarkdown(isWhole ? body : beginOf(body), host.base)}
    </div>
    ${
      isLong
        ? html`<button
            type="button"
            class="link"
            part="more-button"
            aria-expanded=${isWhole}
            @click=${() => host.toggleExpanded(item)}
          >
            ${label}
          </button>`
        : nothing
    }`;
}

/** The first lines of a body, up to a blank where there is one. */
function beginOf(body: string): string {
  const lines = body.split('\n', 6).join('\n');
  if (lines.length <= shownMax) return `${lines} …`;
  const cut = lines.slice(0, shownMax);
  const blank = cut.lastIndexOf(' ');
  return `${cut.slice(0, blank > shownMax / 2 ? blank : shownMax)} …`;
}

function viewAction(host: InboxHost, item: InboxItem, action: Action): TemplateResult | typeof nothing {
  const href = safeUrl(action.url, host.base);
  if (href === undefined) return nothing;
  const onClick = (event: MouseEvent): void => host.pressAction(event, item, action);
  return html`<a class="action" part="action" href=${href} @click=${onClick}><bdi>${action.label}</bdi></a>`;
}

/** One template for all four: they are most of what an item consists of. */
function viewTools(host: InboxHost, item: InboxItem): TemplateResult {
  const { words } = host;
  const isUnread = item.read_at === null;
  const isArchived = item.archived_at !== null || item.dismissed_at !== null;
  const mark = words.text(isUnread ? 'markRead' : 'markUnread');
  const move = words.text(isArchived ? 'unarchive' : 'archive');
  const [dismiss, why] = [words.text('dismiss'), words.text('why')];
  return html`<div class="tools" role="group" aria-label=${words.text('actions')}>
    <button
      type="button"
      class="tool"
      part="button ${isUnread ? 'check' : 'unread'}-button"
      title=${mark}
      aria-label=${mark}
      @click=${() => host.act(item, isUnread ? 'read' : 'unread')}
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d=${iconPath(isUnread ? 'check' : 'unread')} />
      </svg>
    </button>
    <button
      type="button"
      class="tool"
      part="button ${isArchived ? 'unarchive' : 'archive'}-button"
      title=${move}
      aria-label=${move}
      @click=${() => host.act(item, isArchived ? 'unarchive' : 'archive')}
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d=${iconPath(isArchived ? 'unarchive' : 'archive')} />
      </svg>
    </button>
    <button
      type="button"
      class="tool"
      part="button dismiss-button"
      title=${dismiss}
      aria-label=${dismiss}
      ?hidden=${isArchived}
      @click=${() => host.act(item, 'dismiss')}
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${iconPath('close')} /></svg>
    </button>
    <button
      type="button"
      class="tool"
      part="button why-button"
      title=${why}
      aria-label=${why}
      @click=${() => host.explain(item)}
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${iconPath('why')} /></svg>
    </button>
  </div>`;
}
