import type { Action, ConnectionStatus, InboxItem, TokenSource } from '@carillon/client';
import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { createDayGrouping, type ItemBlock } from './model/days.ts';
import { createSeenMarker } from './model/seen.ts';
import { openSession, type InboxSession } from './model/session.ts';
import type { InboxTexts } from './model/texts.ts';
import { createToasts } from './model/toasts.ts';
import { createWords, type Words } from './model/words.ts';
import type { InboxHost, ItemVerb } from './view/host.ts';
import { focusItem, neighbourOf, walkItems } from './view/keys.ts';
import { listStyles } from './view/list-styles.ts';
import { viewDays, viewEmpty, viewNotice, viewWaiting } from './view/list.ts';
import { viewBar, viewBell, viewToast, viewTop } from './view/panel.ts';
import { placePanel } from './view/placement.ts';
import { frameStyles } from './view/styles.ts';

/** Where the script came from, if an API of Carillon served it. */
const servedBy = /^(https?:.*)\/inbox\/[^/]+\/carillon-inbox\.js/.exec(import.meta.url)?.[1] ?? '';

const inverse: Readonly<Record<ItemVerb, ItemVerb>> = {
  read: 'unread',
  unread: 'read',
  archive: 'unarchive',
  dismiss: 'unarchive',
  unarchive: 'archive',
};
const didTexts = {
  read: 'didRead',
  unread: 'didUnread',
  archive: 'didArchive',
  dismiss: 'didDismiss',
  unarchive: 'didUnarchive',
} as const;

/**
 * `<carillon-inbox>`: a bell that opens the live inbox of one user, or the inbox itself with `inline`. Attributes,
 * properties, events, parts and variables are listed in docs/inbox.md.
 */
export class CarillonInbox extends LitElement {
  static override properties: PropertyDeclarations = {
    url: {},
    token: {},
    limit: { type: Number },
    open: { type: Boolean, reflect: true },
    inline: { type: Boolean, reflect: true },
    images: { type: Boolean },
    texts: { attribute: false },
    lang: {},
  };
  static override styles = [frameStyles, listStyles];

  /** Base of the API; where the script was served by one, that one. */
  declare url: string;
  /** A token of the user, or a function that gets one, called again when the API refuses it. */
  declare token: TokenSource | undefined;
  /** Items of a page. */
  declare limit: number;
  declare open: boolean;
  declare inline: boolean;
  /** Whether pictures of other sites may be loaded. */
  declare images: boolean;
  /** Texts in the place of ours. */
  declare texts: Partial<InboxTexts>;

  #session: InboxSession | undefined;
  #words: Words | undefined;
  #days = createDayGrouping();
  #seen = createSeenMarker(() => this.#session?.client);
  #toasts = createToasts(() => this.requestUpdate());
  #expanded = new Set<string>();
  #edition = 0;
  #focusAfter: { gone: string; next: string | undefined } | undefined;
  #isLoadingMore = false;
  #said = '';
  #connection: ConnectionStatus['state'] | undefined;
  #leaving = new AbortController();

  constructor() {
    super();
    this.url = servedBy;
    this.limit = 25;
    this.open = false;
    this.inline = false;
    this.images = false;
    this.texts = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    document.addEventListener('pointerdown', (event) => this.#onPointerOutside(event), { signal });
    addEventListener('resize', () => this.#place(), { signal });
    addEventListener('scroll', () => this.#place(), { signal, capture: true, passive: true });
    this.requestUpdate('token');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
    this.#stop();
  }

  /** Once for all changes of a frame; where nobody looks, a few times a second. */
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => resolve());
      setTimeout(resolve, 200);
    });
    super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url') || changed.has('token') || changed.has('limit')) this.#start();
    if (changed.has('texts') || changed.has('lang') || this.#words === undefined) {
      const language = this.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang;
      this.#words = createWords(language || navigator.language, this.texts);
      this.#edition += 1;
    }
    if (changed.has('images')) this.#edition += 1;
  }

  #start(): void {
    this.#stop();
    if (!this.isConnected || this.url === '' || this.token === undefined || this.token === '') return;
    const { url, token, limit } = this;
    this.#session = openSession(
      { url, token, limit },
      {
        changed: () => this.#onChange(),
        arrived: (items) => this.#onArrival(items),
      },
    );
  }

  #stop(): void {
    this.#seen.stop();
    this.#toasts.clear();
    this.#session?.stop();
    this.#session = undefined;
    this.#connection = undefined;
  }

  #onChange(): void {
    const connection = this.#session?.snapshot().connection;
    if (connection !== undefined && connection.state !== this.#connection) {
      this.#connection = connection.state;
      this.#tell('carillon-connection', connection);
    }
    this.requestUpdate();
  }

  #onArrival(items: readonly InboxItem[]): void {
    this.#tell('carillon-arrived', { items });
    if (this.#words !== undefined) this.#said = this.#words.count('arrived', items.length);
  }

  /** Answers whether nobody has prevented what follows. */
  #tell(name: string, detail: unknown): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  }

  protected override render(): TemplateResult {
    const words = this.#words ?? createWords('en', {});
    const count = this.#session?.snapshot().counts?.unread ?? 0;
    return html`${
        this.inline
          ? nothing
          : viewBell(words, { count, isOpen: this.open, onClick: () => (this.open = !this.open) })
      }
      <section
        id="panel"
        class="panel"
        part="panel"
        role=${this.inline ? 'region' : 'dialog'}
        aria-labelledby="title"
        popover=${this.inline ? nothing : 'manual'}
        tabindex="-1"
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
      >
        ${this.open || this.inline ? this.#renderPanel(words) : nothing}
      </section>
      <div class="hidden" role="status">${this.#said}</div>`;
  }

  #renderPanel(words: Words): TemplateResult {
    const session = this.#session;
    const onClose = this.inline ? undefined : () => this.#close();
    if (session === undefined) {
      return html`${viewTop(words, words.text('title'), { onClose })}
      ${viewNotice('refused', words.text('signedOut'))}`;
    }
    const host = this.#hostOf(session, words);
    const { counts } = session.snapshot();
    const onReadAll = (counts?.unread ?? 0) > 0 ? () => void this.#readAll(session) : undefined;
    return html`${viewTop(words, words.text('title'), { onReadAll, onClose })} ${viewBar(host)}
      ${this.#renderNotices(session, words)}
      <div
        id="items"
        class="scroll"
        part="list"
        role="tabpanel"
        aria-labelledby="tab-${session.view().tab}"
        tabindex="0"
        @keydown=${(event: KeyboardEvent) => walkItems(event, event.currentTarget as HTMLElement)}
      >
        ${this.#renderItems(host)}
      </div>
      ${viewToast(words, this.#toasts)}`;
  }

  #renderItems(host: InboxHost): TemplateResult {
    const { items, isLoaded, hasMore } = host.session.snapshot();
    if (!isLoaded) return viewWaiting(host);
    if (items.length === 0 && !hasMore) return viewEmpty(host);
    const days = this.#days.group(items);
    const minute = Math.floor(host.now.getTime() / 60_000);
    const edition = `${this.#edition} ${minute} ${host.session.categories().size}`;
    const editionOf = (block: ItemBlock): string =>
      block.items.map(({ id }) => (this.#expanded.has(id) ? id : '')).join('');
    return html`${viewDays({ host, days, edition, editionOf })}
    ${
      hasMore
        ? html`<button
            type="button"
            class="link older"
            part="load-more"
            ?disabled=${this.#isLoadingMore}
            @click=${() => void this.#loadMore(host.session)}
          >
            ${host.words.text(this.#isLoadingMore ? 'loading' : 'more')}
          </button>`
        : nothing
    }`;
  }

  #renderNotices(session: InboxSession, words: Words): unknown {
    const { connection, error, isLoaded } = session.snapshot();
    const retry = { label: words.text('retry'), onClick: () => session.reconnect() };
    if (connection.state === 'refused') return viewNotice('refused', words.text('signedOut'), retry);
    if (connection.state === 'waiting') return viewNotice('offline', words.text('offline'), retry);
    if (error !== undefined && !isLoaded) return viewNotice('failed', words.text('failed'), retry);
    return session.time.isDeviceWrong() ? viewNotice('clock', words.text('wrongClock')) : nothing;
  }

  #hostOf(session: InboxSession, words: Words): InboxHost {
    return {
      ...{ words, session, now: session.time.now(), base: document.baseURI },
      pictures: this.images ? 'any' : [location.origin, new URL(this.url, document.baseURI).origin],
      isExpanded: ({ id }) => this.#expanded.has(id),
      toggleExpanded: ({ id }) => {
        if (!this.#expanded.delete(id)) this.#expanded.add(id);
        this.requestUpdate();
      },
      act: (item, verb) => void this.#act(session, item, verb),
      explain: () => undefined,
      openItem: (event, item) => this.#openItem(session, event, item),
      pressAction: (event, item, action) => this.#pressAction(session, event, item, action),
    };
  }

  async #act(session: InboxSession, item: InboxItem, verb: ItemVerb): Promise<void> {
    const words = this.#words;
    const focused = this.shadowRoot?.activeElement?.closest<HTMLElement>('.item');
    if (focused?.dataset['id'] === item.id) this.#focusAfter = { gone: item.id, next: neighbourOf(focused) };
    try {
      await session.client.inbox[verb](item.id);
      const undo = (): void => void this.#act(session, item, inverse[verb]);
      this.#toasts.show(words?.text(didTexts[verb]) ?? '', undo);
    } catch {
      this.#toasts.show(words?.text('failed') ?? '');
    }
    this.#said = this.#toasts.current()?.text ?? '';
  }

  /** What arrives after the list was drawn stays unread. */
  async #readAll(session: InboxSession): Promise<void> {
    const { position } = session.snapshot();
    try {
      const { changed } = await session.client.inbox.readAll(
        position === undefined ? {} : { up_to: position },
      );
      this.#toasts.show(this.#words?.count('didReadAll', changed) ?? '');
    } catch {
      this.#toasts.show(this.#words?.text('failed') ?? '');
    }
    this.#said = this.#toasts.current()?.text ?? '';
  }

  async #loadMore(session: InboxSession): Promise<void> {
    if (this.#isLoadingMore) return;
    this.#isLoadingMore = true;
    this.requestUpdate();
    try {
      await session.loadMore();
    } catch {
      this.#toasts.show(this.#words?.text('failed') ?? '');
    }
    this.#isLoadingMore = false;
    this.requestUpdate();
  }

  #openItem(session: InboxSession, event: MouseEvent, item: InboxItem): void {
    if (!this.#tell('carillon-open', { item })) event.preventDefault();
    if (item.read_at === null) leaveAfter(event, session.client.inbox.read(item.id));
  }

  #pressAction(session: InboxSession, event: MouseEvent, item: InboxItem, action: Action): void {
    if (!this.#tell('carillon-action', { item, action })) event.preventDefault();
    const { inbox } = session.client;
    if (action.type === 'acknowledge') leaveAfter(event, inbox.acknowledge(item.id));
    else if (item.read_at === null) leaveAfter(event, inbox.read(item.id));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.inline) return;
    event.stopPropagation();
    this.#close();
  }

  #close(): void {
    this.open = false;
    this.shadowRoot?.querySelector<HTMLElement>('.bell')?.focus();
  }

  #onPointerOutside(event: Event): void {
    if (this.open && !this.inline && !event.composedPath().includes(this)) this.open = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const panel = this.shadowRoot?.querySelector<HTMLElement>('.panel');
    if (panel === null || panel === undefined) return;
    if (changed.has('open') && !this.inline) this.#showPanel(panel);
    if (this.#session !== undefined && (this.open || this.inline) && document.visibilityState === 'visible') {
      this.#seen.shown(this.#session.snapshot().items);
    }
    this.#moveFocus(panel);
  }

  #showPanel(panel: HTMLElement): void {
    const isShown = panel.matches(':popover-open');
    if (this.open === isShown) return;
    panel.togglePopover(this.open);
    if (this.open) {
      this.#place();
      panel.focus();
    }
    this.#tell(this.open ? 'carillon-opened' : 'carillon-closed', {});
  }

  #place(): void {
    const panel = this.shadowRoot?.querySelector<HTMLElement>('.panel:popover-open');
    const bell = this.shadowRoot?.querySelector<HTMLElement>('.bell');
    if (panel !== null && panel !== undefined && bell !== null && bell !== undefined) placePanel(panel, bell);
  }

  /** Where the item with the focus has left the list, its neighbour gets it. */
  #moveFocus(panel: HTMLElement): void {
    if (this.#focusAfter === undefined) return;
    const { gone, next } = this.#focusAfter;
    if (panel.querySelector(`[data-id="${CSS.escape(gone)}"]`) !== null) return;
    this.#focusAfter = undefined;
    const item = next === undefined ? null : panel.querySelector(`[data-id="${CSS.escape(next)}"]`);
    if (item === null) panel.querySelector<HTMLElement>('.scroll')?.focus();
    else focusItem(item);
  }
}

/** How long a link waits for the server: following it at once would break the call off. */
const leaveMs = 1_500;

/** Follows a link of this tab only when a call is done, or takes too long. A click that leads elsewhere goes at once. */
function leaveAfter(event: MouseEvent, call: Promise<unknown>): void {
  const link = event.currentTarget;
  const settled = call.catch(() => undefined);
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || !isPlain) return;
  event.preventDefault();
  const late = new Promise((resolve) => setTimeout(resolve, leaveMs));
  void Promise.race([settled, late]).then(() => location.assign(link.href));
}
