import type { ItemBlock } from '../model/days.ts';

/** Blocks that are less than this away from what is seen are drawn. */
const marginPx = 700;
/** Of a block that was never drawn, for each item: what most items are high. */
const itemPx = 96;
/** These first items are always drawn: what is seen first waits for nobody. */
const firstItems = 30;

/**
 * Knows which blocks of a long list are near what is seen. Only those are drawn; the others are empty boxes of the
 * height that they had, so that ten thousand items cost no more than a hundred.
 */
export interface NearBlocks {
  /** Whether a block is to be drawn; `from` is the place of its first item in the list. */
  isNear(block: ItemBlock, from: number): boolean;
  /** After the list was drawn; undefined when there is none. */
  drawn(list: HTMLElement | undefined): void;
}

export function createNearBlocks(changed: () => void): NearBlocks {
  const near = new Set<string>();
  const heights = new Map<string, number>();
  const observed = new Set<Element>();
  let observer: IntersectionObserver | undefined;
  let root: HTMLElement | undefined;
  let focused: string | undefined;

  function onCross(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const key = keyOf(target);
      if (target.childElementCount > 0) heights.set(key, boundingClientRect.height);
      if (isIntersecting) near.add(key);
      else near.delete(key);
    }
    changed();
  }

  function keepHeight(block: HTMLElement): void {
    if (!observed.has(block)) observer?.observe(block);
    observed.add(block);
    const height = heights.get(keyOf(block)) ?? Number(block.dataset['count']) * itemPx;
    block.style.setProperty('height', block.childElementCount > 0 ? 'auto' : `${height}px`);
  }

  function follow(list: HTMLElement | undefined): void {
    if (list === root) return;
    observer?.disconnect();
    near.clear();
    observed.clear();
    root = list;
    observer =
      list === undefined
        ? undefined
        : new IntersectionObserver(onCross, { root: list, rootMargin: `${marginPx}px 0px` });
  }

  return {
    // What has the focus must not go away under a person's hands.
    isNear: ({ key, items }, from) =>
      from < firstItems || near.has(key) || (focused !== undefined && items.some(({ id }) => id === focused)),
    drawn(list) {
      follow(list);
      focused = activeOf(list)?.closest<HTMLElement>('.item')?.dataset['id'];
      for (const block of observed) {
        if (block.isConnected) continue;
        observer?.unobserve(block);
        observed.delete(block);
      }
      list?.querySelectorAll<HTMLElement>('.block').forEach(keepHeight);
    },
  };
}

function activeOf(list: HTMLElement | undefined): Element | null {
  const root = list?.getRootNode();
  return root instanceof ShadowRoot ? root.activeElement : null;
}

function keyOf(block: Element): string {
  return block instanceof HTMLElement ? (block.dataset['key'] ?? '') : '';
}
