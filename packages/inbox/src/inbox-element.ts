import type { Action, ConnectionStatus, InboxItem, TokenSource } from '@carillon/client';
import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { createDayGrouping } from './model/days.ts';
import { createDoings, type ItemVerb } from './model/doings.ts';
import { createSeenMarker } from './model/seen.ts';
import { openSession, type InboxSession } from './model/session.ts';
import type { InboxTexts } from './model/texts.ts';
import { createToasts } from './model/toasts.ts';
import { createWords, loadTexts, type Words } from './model/words.ts';
import type { GivenKit, Panel } from './settings/kit.ts';
import type { InboxHost } from './view/host.ts';
import { older, viewList, viewState } from './view/inbox.ts';
import { createFocusKeeper, type FocusKeeper } from './view/keys.ts';
import { adopt } from './view/adopt.ts';
import { leaveAfter } from './view/leave.ts';
import { listStyles } from './view/list-styles.ts';
import { viewNotice } from './view/list.ts';
import { viewBar, viewBell, viewToast, viewTop } from './view/panel.ts';
import { createNearBlocks } from './view/near-blocks.ts';
import { placePanel } from './view/placement.ts';
import { frameStyles } from './view/styles.ts';

/** Where the script came from, if an API of Carillon served it. */
const servedBy = /^(https?:.*)\/inbox\/[^/]+\/carillon-inbox\.js/.exec(import.meta.url)?.[1] ?? '';

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
  #words: Words = createWords('en', {});
  #days = createDayGrouping();
  #near = createNearBlocks(() => this.requestUpdate());
  #seen = createSeenMarker(() => this.#session?.client);
  #toasts = createToasts(() => this.#onToast());
  #doings = createDoings({
    words: () => this.#words,
    toasts: this.#toasts,
    changed: () => this.requestUpdate(),
  });
  #focus: FocusKeeper = createFocusKeeper();
  #expanded = new Set<string>();
  /** Settings or an explanation, in the place of the list. */
  #panel: Panel | undefined;
  /** The position that the drawn list shows. */
  #drawn: string | undefined;
  #edition = 0;
  #said = '';
  #connection: ConnectionStatus['state'] | undefined;
  #unread: number | undefined;
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
    document.addEventListener('pointerdown', (event) => this.#onPointer(event), { signal });
    addEventListener('resize', () => this.#place(), { signal });
    addEventListener('scroll', () => this.#place(), { signal, capture: true, passive: true });
    const timer = setInterval(() => this.requestUpdate(), 30_000);
    signal.addEventListener('abort', () => clearInterval(timer));
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
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url') || changed.has('token') || changed.has('limit')) this.#start();
    if (changed.has('texts') || changed.has('lang') || this.#edition === 0) void this.#speak();
    if (changed.has('images')) this.#edition += 1;
  }

  /** In the language of the element, else of the page around it, else of the browser. */
  async #speak(): Promise<void> {
    const language = this.closest<HTMLElement>('[lang]')?.lang || navigator.language;
    const words = createWords(language, this.texts);
    this.#words = words;
    this.#edition += 1;
    const translated = await loadTexts(language);
    // Others may have been asked for meanwhile.
    if (translated === undefined || this.#words !== words) return;
    this.#words = createWords(language, this.texts, translated);
    this.#edition += 1;
    this.requestUpdate();
  }

  #start(): void {
    this.#stop();
    const { url, token, limit } = this;
    if (!this.isConnected || url === '' || token === undefined || token === '') return;
    this.#session = openSession(
      { url, token, limit },
      {
        changed: () => this.#onChange(),
        named: () => (this.#edition += 1),
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
    this.#unread = undefined;
    this.#panel = undefined;
  }

  #onChange(): void {
    this.requestUpdate();
    const snapshot = this.#session?.snapshot();
    if (snapshot === undefined) return;
    const { connection, counts } = snapshot;
    if (connection.state !== this.#connection) {
      this.#connection = connection.state;
      this.#tell('connection', connection);
    }
    if (counts !== undefined && counts.unread !== this.#unread) {
      this.#unread = counts.unread;
      this.#tell('counts', counts);
    }
  }

  #onArrival(items: readonly InboxItem[]): void {
    this.#said = this.#words.count('arrived', items.length);
    this.#tell('arrived', { items });
  }

  #onToast(): void {
    this.#said = this.#toasts.current()?.text ?? '';
    this.requestUpdate();
  }

  /** Answers whether nobody has prevented what follows. */
  #tell(name: string, detail: unknown): boolean {
    const event = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(`carillon-${name}`, event));
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    const count = this.#session?.snapshot().counts?.unread ?? 0;
    const onClick = (): void => void (this.open = !this.open);
    return html`${this.inline ? nothing : viewBell(words, { count, isOpen: this.open, onClick })}
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
    const toast = viewToast(words, this.#toasts);
    if (this.#panel !== undefined) {
      const onBack = (): void => this.#leavePanel();
      return html`${viewTop(words, this.#panel.title, { onBack, onClose })}
        <div class="scroll" part="panel-content" tabindex="0">${this.#panel.render()}</div>
        ${toast}`;
    }
    const host = this.#hostOf(session, words);
    const { counts, items, position } = session.snapshot();
    this.#drawn = position;
    const readAll = (): void => void this.#doings.readAll(session, this.#drawn);
    const onSettings = (): void => void this.#openPanel(session, undefined);
    const list = viewList({
      ...{ host, days: this.#days.group(items), edition: this.#edition, near: this.#near },
      isLoadingMore: this.#doings.isLoadingMore(),
      onDrawn: (drawn) => (document.hidden ? undefined : this.#seen.shown(drawn)),
      onLoadMore: () => {
        this.#focus.leaving(this.shadowRoot, older);
        void this.#doings.loadMore(session);
      },
    });
    const onReadAll = (counts?.unread ?? 0) > 0 ? readAll : undefined;
    return html`${viewTop(words, words.text('title'), { onReadAll, onSettings, onClose })} ${viewBar(host)}
    ${viewState(session, words)} ${list} ${toast}`;
  }

  #hostOf(session: InboxSession, words: Words): InboxHost {
    const base = document.baseURI;
    return {
      ...{ words, session, base, now: session.time.now() },
      pictures: this.images ? 'any' : [location.origin, new URL(this.url, base).origin],
      isExpanded: ({ id }) => this.#expanded.has(id),
      toggleExpanded: ({ id }) => {
        if (!this.#expanded.delete(id)) this.#expanded.add(id);
        this.requestUpdate();
      },
      act: (item, verb) => this.#act(session, item, verb),
      explain: (item) => void this.#openPanel(session, item),
      openItem: (event, item) => this.#openItem(session, event, item),
      pressAction: (event, item, action) => this.#pressAction(session, event, item, action),
    };
  }

  #act(session: InboxSession, item: InboxItem, verb: ItemVerb): void {
    this.#focus.leaving(this.shadowRoot, item.id);
    void this.#doings.act(session, item, verb);
  }

  #openItem(session: InboxSession, event: MouseEvent, item: InboxItem): void {
    if (!this.#tell('open', { item })) event.preventDefault();
    if (item.read_at === null) leaveAfter(event, session.client.inbox.read(item.id));
  }

  #pressAction(session: InboxSession, event: MouseEvent, item: InboxItem, action: Action): void {
    if (!this.#tell('action', { item, action })) event.preventDefault();
    const { inbox } = session.client;
    if (action.type === 'acknowledge') leaveAfter(event, inbox.acknowledge(item.id));
    else if (item.read_at === null) leaveAfter(event, inbox.read(item.id));
  }

  /** Settings, or why an item came. Loaded when it is first wanted: most never do. */
  async #openPanel(session: InboxSession, item: InboxItem | undefined): Promise<void> {
    this.#focus.remember(this.shadowRoot);
    try {
      const { createPanel, panelStyles } = await import('./settings/index.ts');
      adopt(this.shadowRoot, panelStyles);
      const kit: GivenKit = {
        ...{ html, nothing, client: session.client, words: this.#words },
        changed: () => this.requestUpdate(),
        say: (text) => this.#toasts.show(text),
      };
      this.#panel = createPanel(kit, item, session.categories());
      this.requestUpdate();
      await this.updateComplete;
      this.shadowRoot?.querySelector<HTMLElement>('[part~="back-button"]')?.focus();
    } catch {
      this.#toasts.show(this.#words.text('failed'));
    }
  }

  #leavePanel(): void {
    this.#panel = undefined;
    this.requestUpdate();
    void this.updateComplete.then(() => this.#focus.restore(this.shadowRoot));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || (this.inline && this.#panel === undefined)) return;
    event.stopPropagation();
    if (this.#panel === undefined) this.#close();
    else this.#leavePanel();
  }

  #close(): void {
    this.open = false;
    this.shadowRoot?.querySelector<HTMLElement>('.bell')?.focus();
  }

  #onPointer(event: Event): void {
    if (this.open && !this.inline && !event.composedPath().includes(this)) this.open = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const root = this.shadowRoot;
    if (changed.has('open') && !this.inline) this.#showPanel(root?.querySelector<HTMLElement>('.panel'));
    this.#near.drawn(root?.querySelector<HTMLElement>('#items') ?? undefined);
    this.#focus.settle(root);
  }

  #showPanel(panel: HTMLElement | null | undefined): void {
    if (panel === null || panel === undefined || panel.matches(':popover-open') === this.open) return;
    panel.togglePopover(this.open);
    if (this.open) {
      this.#place();
      panel.focus();
    } else this.#panel = undefined;
    this.#tell(this.open ? 'opened' : 'closed', {});
  }

  #place(): void {
    const [panel, bell] = ['.panel:popover-open', '.bell'].map((selector) =>
      this.shadowRoot?.querySelector<HTMLElement>(selector),
    );
    if (panel instanceof HTMLElement && bell instanceof HTMLElement) placePanel(panel, bell);
  }
}
