import type { ServerFrame } from '@carillon/contracts';

type ChangesFrame = Extract<ServerFrame, { type: 'changes' }>;
type Item = ChangesFrame['placed'][number];

/** What a client knows of an inbox, and every rule of the stream that it saw broken. */
export interface InboxCopy {
  /** Items that the inbox shows, by id. */
  items: ReadonlyMap<string, Item>;
  /** Where the copy stands; undefined before the list was read. */
  readonly position: string | undefined;
  /** The numbers of the last frame that had some. */
  readonly counts: { unread: number; unseen: number } | undefined;
  /** In words; empty when the stream kept its promises. */
  faults: readonly string[];
  apply(frame: ServerFrame): void;
  /** The list was read (anew). */
  replace(items: readonly Item[], position: string): void;
}

export function createInboxCopy(): InboxCopy {
  const items = new Map<string, Item>();
  const announced = new Set<string>();
  const faults: string[] = [];
  let position: string | undefined;
  let counts: InboxCopy['counts'];

  function moveTo(next: string, what: string): void {
    const [before, after] = [position, next].map((text) => /^(.*)\.(\d+)$/.exec(text ?? ''));
    if (after == null) faults.push(`${what}: ${next} is no position`);
    const sameLife = before?.[1] === after?.[1];
    if (sameLife && Number(after?.[2]) < Number(before?.[2])) {
      faults.push(`${what}: went back from ${position} to ${next}`);
    }
    position = next;
  }

  function put(item: Item): void {
    const known = items.get(item.id);
    if (known !== undefined && known.sequence > item.sequence) return;
    if (item.archived_at === null && item.dismissed_at === null) items.set(item.id, item);
    else items.delete(item.id);
  }

  function applyChanges(frame: ChangesFrame): void {
    moveTo(frame.position, 'changes');
    for (const item of frame.placed) {
      if (announced.has(item.id)) faults.push(`placed twice: ${item.id}`);
      announced.add(item.id);
      put(item);
    }
    for (const item of frame.changed) put(item);
    for (const id of frame.deleted) items.delete(id);
    counts = frame.counts;
  }

  return {
    items,
    faults,
    get position() {
      return position;
    },
    get counts() {
      return counts;
    },
    apply(frame) {
      if (frame.type === 'changes') applyChanges(frame);
      if (frame.type === 'ready' || frame.type === 'resync') counts = frame.counts;
      // A heartbeat names what a client that missed nothing has.
      if (frame.type === 'heartbeat' && frame.position !== position) {
        faults.push(`heartbeat at ${frame.position}, the copy is at ${position}`);
      }
    },
    replace(list, at) {
      items.clear();
      for (const item of list) put(item);
      position = at;
    },
  };
}
