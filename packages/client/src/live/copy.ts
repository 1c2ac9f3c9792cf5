import type { ChangesFrame, InboxCounts, InboxItem } from '../wire.ts';
import { createOrderedItems, isNewer } from './ordered-items.ts';
import { hasSeen } from './position.ts';

/** Which items a copy shows: those that the same filter gives in a list. */
export interface CopyFilter {
  /** `all` (read or not), `unread`, `read` or `archived`; `all` unless told. */
  status?: 'all' | 'unread' | 'read' | 'archived';
  category?: string;
  environment?: string;
  project?: string;
}

/** What a page of the list says. */
export interface ListedPage {
  data: readonly InboxItem[];
  next_cursor: string | null;
  position: string;
  counts: InboxCounts;
}

/**
 * The newest part of an inbox, kept by pages of the list and by changes that come in any order between them. Pure:
 * it does as it is told and never asks.
 */
export interface InboxCopy {
  /** Newest first. The same array as long as nothing changes. */
  items(): readonly InboxItem[];
  counts(): InboxCounts | undefined;
  /** Everything up to here is in it. */
  position(): string | undefined;
  /** Where older items go on; null when all are here, undefined before the first page. */
  cursor(): string | null | undefined;
  /** Changes between `beginLoad` and `endLoad` are kept, and are in the copy after it too. */
  beginLoad(): void;
  endLoad(): void;
  /** The list was read anew, from its beginning. Answers what has arrived since it was last read. */
  replace(pages: readonly ListedPage[]): readonly InboxItem[];
  /** The next page was read. */
  append(page: ListedPage): void;
  /** Answers the items that have entered the inbox by this frame and are shown. */
  apply(frame: ChangesFrame): readonly InboxItem[];
  /** One item as a call of this client's own has left it at `at`; without `item`, it is deleted. */
  put(id: string, item: InboxItem | undefined, at: string): void;
  setCounts(counts: InboxCounts, position: string): void;
}

type Known = InboxItem | 'deleted';

export function createInboxCopy(filter: CopyFilter): InboxCopy {
  const shown = createOrderedItems();
  /**
   * What was told of items beside the pages, whether they are shown or not, and as of when: by changes while a
   * page is on its way, which may be older; by calls of our own, which are ahead of the stream.
   */
  const told = new Map<string, { known: Known; at: string }>();
  let isLoading = false;
  let counts: { value: InboxCounts; position: string } | undefined;
  let position: string | undefined;
  let cursor: string | null | undefined;
  /** The oldest item that a page has given: what is older is not known and not shown. */
  let oldest: InboxItem | undefined;

  function isWithin(item: InboxItem): boolean {
    return cursor === null || (oldest !== undefined && isNewer(item, oldest)) || oldest?.id === item.id;
  }

  function tell(id: string, known: Known, at: string, isOwn: boolean): void {
    if (isOlder(known, told.get(id)?.known)) return;
    if (isLoading || isOwn) told.set(id, { known, at });
    show(id, known);
  }

  /** What is in the copy by now has not to be remembered apart. */
  function forgetTold(): void {
    if (isLoading || position === undefined) return;
    for (const [id, { at }] of told) if (hasSeen(position, at) !== false) told.delete(id);
  }

  function show(id: string, item: Known): void {
    if (item !== 'deleted' && isOlder(item, shown.get(id))) return;
    if (item !== 'deleted' && matches(filter, item) && isWithin(item)) shown.put(item);
    else shown.remove(id);
  }

  function take(page: ListedPage): void {
    cursor = page.next_cursor;
    oldest = page.data.at(-1) ?? oldest;
    for (const item of page.data) show(item.id, item);
    // What was told may be newer than the page, also of items that it has just brought into view.
    for (const [id, { known, at }] of told) if (hasSeen(page.position, at) !== true) show(id, known);
  }

  function setCounts(value: InboxCounts, at: string): void {
    if (counts !== undefined && hasSeen(at, counts.position) === false) return;
    counts = { value: { unread: value.unread, unseen: value.unseen }, position: at };
  }

  return {
    items: shown.list,
    counts: () => counts?.value,
    position: () => position,
    cursor: () => cursor,
    beginLoad() {
      isLoading = true;
    },
    endLoad() {
      isLoading = false;
      forgetTold();
    },
    replace(pages) {
      const [newest] = position === undefined ? [] : shown.list();
      const before = position === undefined ? undefined : new Set(shown.list().map(({ id }) => id));
      shown.clear();
      oldest = undefined;
      for (const page of pages) take(page);
      const first = pages[0];
      if (first !== undefined) {
        position = first.position;
        setCounts(first.counts, first.position);
      }
      if (before === undefined) return [];
      const hasArrived = (item: InboxItem): boolean =>
        !before.has(item.id) && (newest === undefined || isNewer(item, newest));
      return shown.list().filter(hasArrived);
    },
    append: take,
    apply(frame) {
      setCounts(frame.counts, frame.position);
      // The list was read after this had happened.
      if (position !== undefined && hasSeen(position, frame.position) === true) return [];
      const arrived = frame.placed.filter((item) => !shown.has(item.id));
      for (const item of [...frame.placed, ...frame.changed]) tell(item.id, item, frame.position, false);
      for (const id of frame.deleted) tell(id, 'deleted', frame.position, false);
      if (position !== undefined) position = frame.position;
      forgetTold();
      return arrived.filter(({ id }) => shown.has(id));
    },
    put: (id, item, at) => tell(id, item ?? 'deleted', at, true),
    setCounts,
  };
}

/** Whether `known` is older than what is known already. What is deleted does not come back under the same id. */
function isOlder(known: Known, than: Known | undefined): boolean {
  if (than === undefined || known === 'deleted') return false;
  return than === 'deleted' || than.sequence > known.sequence;
}

function matches(filter: CopyFilter, item: InboxItem): boolean {
  const { status = 'all', category, environment, project } = filter;
  if (category !== undefined && item.category !== category) return false;
  if (environment !== undefined && item.environment !== environment) return false;
  if (project !== undefined && item.project !== project) return false;
  const isArchived = item.archived_at !== null || item.dismissed_at !== null;
  if (isArchived) return status === 'archived';
  if (status === 'unread') return item.read_at === null;
  if (status === 'read') return item.read_at !== null;
  return status === 'all';
}
