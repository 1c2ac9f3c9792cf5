import type { InboxItem, LiveSnapshot } from '@carillon/client';

export const tabs = ['all', 'unread', 'archived'] as const;
export type Tab = (typeof tabs)[number];

/** What the screen of an inbox shows. */
export interface View {
  tab: Tab;
  snapshot: LiveSnapshot;
  /** By id, so that it stays on its item while others arrive above. */
  selectedId: string | undefined;
  /** Whether the selected item is shown whole. */
  isOpen: boolean;
  /** One line about the last key. */
  message: string;
}

/** What a key asks for. */
export type Wish =
  | { do: 'move'; by: number }
  | { do: 'first' | 'last' | 'open' | 'close' | 'nextTab' | 'quit' | 'readAll' | 'reconnect' }
  | { do: 'change'; verb: 'read' | 'archive' | 'dismiss' };

const wishes: Readonly<Record<string, Wish>> = {
  up: { do: 'move', by: -1 },
  k: { do: 'move', by: -1 },
  down: { do: 'move', by: 1 },
  j: { do: 'move', by: 1 },
  pageup: { do: 'move', by: -10 },
  pagedown: { do: 'move', by: 10 },
  home: { do: 'first' },
  g: { do: 'first' },
  end: { do: 'last' },
  return: { do: 'open' },
  enter: { do: 'open' },
  escape: { do: 'close' },
  tab: { do: 'nextTab' },
  r: { do: 'change', verb: 'read' },
  a: { do: 'change', verb: 'archive' },
  d: { do: 'change', verb: 'dismiss' },
  c: { do: 'reconnect' },
  q: { do: 'quit' },
};

/** A key as `readline` names it. */
export interface Key {
  name?: string | undefined;
  ctrl?: boolean | undefined;
  shift?: boolean | undefined;
}

/** Undefined for keys that mean nothing here. */
export function wishOf({ name = '', ctrl = false, shift = false }: Key): Wish | undefined {
  if (ctrl) return name === 'c' || name === 'd' ? { do: 'quit' } : undefined;
  if (shift && name === 'r') return { do: 'readAll' };
  if (shift && name === 'g') return { do: 'last' };
  return wishes[name];
}

/** The item that keys are about: the first one where the selected one has left the list. */
export function selectedItem({ snapshot, selectedId }: View): InboxItem | undefined {
  return snapshot.items.find(({ id }) => id === selectedId) ?? snapshot.items[0];
}

/** The view after the cursor has moved; it stays where the list ends. */
export function moveSelection(view: View, by: number): View {
  const { items } = view.snapshot;
  const current = selectedItem(view);
  const index = current === undefined ? 0 : items.indexOf(current);
  const next = items[Math.max(0, Math.min(items.length - 1, index + by))];
  return { ...view, selectedId: next?.id, isOpen: view.isOpen && by === 0, message: '' };
}

/**
 * Before the selected item leaves the list, the cursor goes to the one below, as in a mail program; to the one above
 * at the end of the list.
 */
export function selectNeighbour(view: View): View {
  const { items } = view.snapshot;
  const current = selectedItem(view);
  const index = current === undefined ? -1 : items.indexOf(current);
  const next = items[index + 1] ?? items[index - 1];
  return { ...view, selectedId: next?.id, isOpen: false };
}
