/** What single keys do with the item that has the focus; only there, so that they are in nobody's way. */
const shortcuts: Readonly<Record<string, string>> = {
  e: 'archive-button',
  Delete: 'dismiss-button',
  u: 'unread-button',
  r: 'check-button',
};

/**
 * Walks from item to item by arrow keys, `j` and `k`, Home and End; presses the buttons of the item with the focus
 * by their shortcuts. Does nothing while somebody writes or holds a modifier.
 */
export function walkItems(event: KeyboardEvent, list: HTMLElement): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
  if (target.closest('select, input, textarea, pre, .table') !== null) return;
  const items = [...list.querySelectorAll<HTMLElement>('.item')];
  const current = target.closest<HTMLElement>('.item');
  const at = current === null ? -1 : items.indexOf(current);
  const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: items.length - 1 }[
    key
  ];
  if (next !== undefined) {
    event.preventDefault();
    focusItem(items[Math.max(0, Math.min(next, items.length - 1))]);
    return;
  }
  const part = shortcuts[key];
  const button = part === undefined ? null : current?.querySelector<HTMLElement>(`[part~="${part}"]`);
  if (button === null || button === undefined) return;
  event.preventDefault();
  button.click();
}

/** Moves the focus to an item: to what opens it. */
export function focusItem(item: Element | null | undefined): void {
  const title = item?.querySelector<HTMLElement>('.title');
  title?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: 'nearest' });
}

/** The item after this one in the list, else the one before it. */
export function neighbourOf(item: HTMLElement): string | undefined {
  const items = [...(item.closest('.scroll')?.querySelectorAll<HTMLElement>('.item') ?? [])];
  const at = items.indexOf(item);
  return (items[at + 1] ?? items[at - 1])?.dataset['id'];
}
