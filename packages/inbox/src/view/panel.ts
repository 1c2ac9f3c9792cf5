import { html, nothing, type TemplateResult } from 'lit';
import type { InboxTab } from '../model/session.ts';
import type { Toasts } from '../model/toasts.ts';
import type { Words } from '../model/words.ts';
import type { InboxHost } from './host.ts';
import { icon, iconButton } from './icons.ts';

const tabs = ['all', 'unread', 'archived'] as const;
const tabTexts = { all: 'tabAll', unread: 'tabUnread', archived: 'tabArchived' } as const;

/** The bell with its number. */
export function viewBell(
  words: Words,
  bell: { count: number; isOpen: boolean; onClick: () => void },
): TemplateResult {
  const name =
    bell.count === 0 ? words.text('title') : `${words.text('title')}, ${words.count('unread', bell.count)}`;
  return html`<button
    type="button"
    class="bell"
    part="bell"
    aria-haspopup="dialog"
    aria-expanded=${bell.isOpen}
    aria-controls="panel"
    aria-label=${name}
    @click=${bell.onClick}
  >
    <slot name="bell">${icon('bell')}</slot>
    ${
      bell.count === 0
        ? nothing
        : html`<span class="badge" part="badge" aria-hidden="true"
            >${bell.count > 99 ? `${words.number(99)}+` : words.number(bell.count)}</span
          >`
    }
  </button>`;
}

/** The line on top of the panel: what is shown, and what leads elsewhere. */
export function viewTop(
  words: Words,
  title: string,
  buttons: {
    onBack?: (() => void) | undefined;
    onReadAll?: (() => void) | undefined;
    onSettings?: (() => void) | undefined;
    onClose?: (() => void) | undefined;
  },
): TemplateResult {
  const { onBack, onReadAll, onSettings, onClose } = buttons;
  return html`<div class="top" part="header">
    ${onBack === undefined ? nothing : iconButton('back', words.text('back'), onBack)}
    <h2 id="title" part="title">${title}</h2>
    ${onReadAll === undefined ? nothing : iconButton('checks', words.text('readAll'), onReadAll, 'read-all')}
    ${onSettings === undefined ? nothing : iconButton('settings', words.text('settings'), onSettings)}
    ${onClose === undefined ? nothing : iconButton('close', words.text('close'), onClose)}
  </div>`;
}

/** Which items are shown: the tabs, and the categories where there are several. */
export function viewBar(host: InboxHost): TemplateResult {
  const { words, session } = host;
  const view = session.view();
  const show = (tab: InboxTab): void => session.show({ ...view, tab });
  return html`<div class="bar" part="bar">
    <div class="tabs" part="tabs" role="tablist" aria-label=${words.text('tabs')} @keydown=${moveAmongTabs}>
      ${tabs.map(
        (tab) =>
          html`<button
            type="button"
            class="tab"
            part="tab ${tab === view.tab ? 'tab-selected' : ''}"
            role="tab"
            id="tab-${tab}"
            aria-selected=${tab === view.tab}
            aria-controls="items"
            tabindex=${tab === view.tab ? 0 : -1}
            @click=${() => show(tab)}
          >
            ${words.text(tabTexts[tab])}
          </button>`,
      )}
    </div>
    ${viewFilter(host)}
  </div>`;
}

function viewFilter({ words, session }: InboxHost): TemplateResult | typeof nothing {
  const categories = [...session.categories().values()];
  if (categories.length < 2) return nothing;
  const view = session.view();
  const onChange = ({ target }: Event): void => {
    const value = target instanceof HTMLSelectElement ? target.value : '';
    session.show({ ...view, category: value === '' ? undefined : value });
  };
  return html`<select class="filter" part="filter" aria-label=${words.text('category')} @change=${onChange}>
    <option value="" ?selected=${view.category === undefined}>${words.text('allCategories')}</option>
    ${categories.map(
      ({ key, name }) => html`<option value=${key} ?selected=${view.category === key}>${name}</option>`,
    )}
  </select>`;
}

/** Arrow keys walk among tabs, and select what they come to (WAI-ARIA Authoring Practices, "Tabs"). */
function moveAmongTabs(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || !(event.target instanceof HTMLElement)) return;
  const buttons = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  const at = buttons.indexOf(event.target);
  const forward = getComputedStyle(list).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: -1,
    [forward]: 1,
    Home: -at,
    End: buttons.length - 1 - at,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = buttons[(at + step + buttons.length) % buttons.length];
  next?.click();
  next?.focus();
}

/** What was done just now, and the way back. */
export function viewToast(words: Words, toasts: Toasts): TemplateResult | typeof nothing {
  const toast = toasts.current();
  if (toast === undefined) return nothing;
  const { undo } = toast;
  const hold = (): void => toasts.hold(true);
  const release = (): void => toasts.hold(false);
  return html`<div
    class="toast"
    part="toast"
    @pointerenter=${hold}
    @pointerleave=${release}
    @focusin=${hold}
    @focusout=${release}
  >
    <span>${toast.text}</span>
    ${
      undo === undefined
        ? nothing
        : html`<button
            type="button"
            class="link"
            part="undo-button"
            @click=${() => {
              toasts.clear();
              undo();
            }}
          >
            ${words.text('undo')}
          </button>`
    }
    ${iconButton('close', words.text('close'), () => toasts.clear(), 'close-toast')}
  </div>`;
}
