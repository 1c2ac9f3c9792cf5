/** What single keys do with the item that has the focus; only there, so that they are in nobody's way. */
const shortcuts: Readonly<Record<string, string>> = {
  e: 'archive-button',
  Delete: 'dismiss-button',
  u: 'unread-button',
  r: 'check-button',
};

/**
 * Walks from item to item by arrow keys, `j` and `k`, Home and End, at the end to "Load more"; presses the buttons of
 * the item with the focus by their shortcuts. Does nothing while somebody writes or holds a modifier.
 */
export function walkItems(event: KeyboardEvent, list: HTMLElement): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
  if (target.closest('select, input, textarea, pre') !== null) return;
  const current = target.closest<HTMLElement>(stops);
  const items = [...list.querySelectorAll<HTMLElement>(stops)];
  const at = items.findIndex((one) => one === current);
  const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: items.length }[key];
  if (next !== undefined) {
    event.preventDefault();
    if (key === 'End') focusEnd(list);
    else focusItem(items[Math.max(0, Math.min(next, items.length - 1))]);
    return;
  }
  const button = current?.querySelector(`[part~="${shortcuts[key] ?? '-'}"]`);
  if (!(button instanceof HTMLElement)) return;
  event.preventDefault();
  button.click();
}

/** Items, and the button below them. */
const stops = '.item, .older';

/** Moves the focus to an item: to what opens it. */
function focusItem(item: HTMLElement | null | undefined): void {
  (item?.querySelector<HTMLElement>('.title') ?? item)?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: 'nearest' });
}

/** The end of a long list is drawn when it is near. */
function focusEnd(list: HTMLElement): void {
  list.scrollTop = list.scrollHeight;
  const end = [...list.querySelectorAll<HTMLElement>(`${stops}, .block:not(:has(*))`)].at(-1);
  focusItem(end);
  if (list.isConnected && end?.matches('.block')) requestAnimationFrame(() => focusEnd(list));
}

/** Keeps the focus where a person left it while what they look at changes. */
export interface FocusKeeper {
  /** An item, or the button below them, may leave the list now. */
  leaving(root: ShadowRoot | null, id: string): void;
  /** After the list was drawn: gives the focus to the neighbour of what had it and is gone. */
  settle(root: ShadowRoot | null): void;
  /** Something takes the place of the list. */
  remember(root: ShadowRoot | null): void;
  /** The list is there again. */
  restore(root: ShadowRoot | null): void;
}

export function createFocusKeeper(): FocusKeeper {
  let leaving: { id: string; next: string | undefined } | undefined;
  let remembered: { id: string | undefined; part: string } | undefined;

  const findItem = (root: ShadowRoot | null, id: string | undefined): HTMLElement | null =>
    id === undefined ? null : (root?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) ?? null);

  return {
    leaving(root, id) {
      const focused = root?.activeElement?.closest<HTMLElement>(stops);
      if (focused?.dataset['id'] === id) leaving = { id, next: neighbourOf(focused) };
    },
    settle(root) {
      if (leaving === undefined || findItem(root, leaving.id) !== null) return;
      const next = findItem(root, leaving.next);
      leaving = undefined;
      // Somebody has gone elsewhere meanwhile.
      if (root?.activeElement !== null) return;
      // A neighbour that is too far away to be drawn leaves it to the last that is, and an empty list to the list.
      focusItem(next ?? [...root.querySelectorAll<HTMLElement>('.scroll, .item')].at(-1));
    },
    remember(root) {
      const focused = root?.activeElement;
      const id = focused?.closest<HTMLElement>('.item')?.dataset['id'];
      remembered = { id, part: focused?.getAttribute('part') ?? '' };
    },
    restore(root) {
      if (remembered === undefined) return;
      const { id, part } = remembered;
      const within = findItem(root, id) ?? root;
      within?.querySelector<HTMLElement>(`[part="${CSS.escape(part)}"]`)?.focus();
    },
  };
}

/** What stands after this in the list, else before it. */
function neighbourOf(item: HTMLElement): string | undefined {
  const items = [...(item.closest('.scroll')?.querySelectorAll<HTMLElement>(stops) ?? [])];
  const at = items.indexOf(item);
  return (items[at + 1] ?? items[at - 1])?.dataset['id'];
}
