import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChangesFrame, InboxItem } from '../wire.ts';
import { createInboxCopy, type CopyFilter, type InboxCopy, type ListedPage } from './copy.ts';

/** An inbox as the server keeps it: rows, and the frame of each change. */
interface Server {
  rows: Map<string, InboxItem & { placed: number }>;
  gone: Map<string, number>;
  head: number;
}

const pageSize = 3;
const noCounts = { unread: 0, unseen: 0 };
const at = (sequence: number): string => `life.${sequence}`;

type Change =
  | { type: 'place' }
  | { type: 'read' | 'unread' | 'archive' | 'unarchive' | 'delete'; pick: number };

function change(server: Server, what: Change): void {
  server.head += 1;
  const sequence = server.head;
  const stamp = `2026-01-01T00:00:00.${String(sequence).padStart(3, '0')}Z`;
  if (what.type === 'place') {
    const id = `item-${sequence}`;
    const blank = { title: id, body: '', category: 'general', environment: '', project: '' } as InboxItem;
    server.rows.set(id, {
      ...{ ...blank, id, inbox_at: stamp, read_at: null, archived_at: null, dismissed_at: null },
      ...{ sequence, placed: sequence },
    });
    return;
  }
  const ids = [...server.rows.keys()];
  const row = server.rows.get(ids[what.pick % Math.max(1, ids.length)] ?? '');
  if (row === undefined) return;
  if (what.type === 'delete') {
    server.rows.delete(row.id);
    server.gone.set(row.id, sequence);
    return;
  }
  const now = { ...row, sequence };
  if (what.type === 'read' || what.type === 'unread') now.read_at = what.type === 'read' ? stamp : null;
  else now.archived_at = what.type === 'archive' ? stamp : null;
  server.rows.set(row.id, now);
}

function frameOf(server: Server, after: number): ChangesFrame {
  const rows = [...server.rows.values()].filter(({ sequence }) => sequence > after);
  return {
    ...{ type: 'changes', position: at(server.head), counts: noCounts },
    placed: rows.filter(({ placed }) => placed > after),
    changed: rows.filter(({ placed }) => placed <= after),
    deleted: [...server.gone].flatMap(([id, sequence]) => (sequence > after ? [id] : [])),
  };
}

function isListed({ status = 'all' }: CopyFilter, row: InboxItem): boolean {
  if (row.archived_at !== null) return status === 'archived';
  if (status === 'unread') return row.read_at === null;
  return status === 'all';
}

function listOf(server: Server, filter: CopyFilter): InboxItem[] {
  return [...server.rows.values()]
    .filter((row) => isListed(filter, row))
    .sort((a, b) => (a.inbox_at > b.inbox_at ? -1 : 1));
}

function pageOf(server: Server, filter: CopyFilter, cursor: string | undefined): ListedPage {
  const older = listOf(server, filter).filter(({ inbox_at: one }) => cursor === undefined || one < cursor);
  const data = older.slice(0, pageSize);
  const next = older.length > pageSize ? (data.at(-1)?.inbox_at ?? null) : null;
  return { data, next_cursor: next, position: at(server.head), counts: noCounts };
}

const idsOf = (items: readonly InboxItem[]): string[] => items.map(({ id, sequence }) => `${id}@${sequence}`);
const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ type: 'place' } as const) },
  fc.record({
    type: fc.constantFrom(
      'read' as const,
      'unread' as const,
      'archive' as const,
      'unarchive' as const,
      'delete' as const,
    ),
    pick: fc.nat(50),
  }),
);
/** What happens to a copy: changes, frames that come late, pages that were read before frames and come after them. */
const events = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('change' as const), what: changes }) },
    { weight: 2, arbitrary: fc.constant({ type: 'emit' } as const) },
    { weight: 2, arbitrary: fc.constant({ type: 'tell' } as const) },
    { weight: 1, arbitrary: fc.constant({ type: 'ask_more' } as const) },
    { weight: 1, arbitrary: fc.constant({ type: 'answer' } as const) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('own' as const), archives: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ type: 'reload' } as const) },
  ),
  // Without a size of its own it would be ten at most.
  { maxLength: 60, size: 'max' },
);

type Happening = typeof events extends fc.Arbitrary<(infer Event)[]> ? Event : never;

/** Plays events; at the end everything that is on its way arrives. */
function play(filter: CopyFilter, given: readonly Happening[]) {
  const server: Server = { rows: new Map(), gone: new Map(), head: 0 };
  for (let index = 0; index < 8; index += 1) change(server, { type: 'place' });
  const copy = createInboxCopy(filter);
  let emitted = 0;
  const frames: ChangesFrame[] = [];
  let onItsWay: { page: ListedPage; replaces: boolean } | undefined;
  const arrived: string[] = [];
  /** The newest state in which each item was shown, or left by an own call. */
  const newest = new Map<string, number>();
  const wentBack: string[] = [];
  const emit = (): void => {
    frames.push(frameOf(server, emitted));
    emitted = server.head;
  };
  const tell = (): void => {
    const frame = frames.shift();
    if (frame !== undefined) arrived.push(...copy.apply(frame).map(({ id }) => id));
  };
  const answer = (): void => {
    if (onItsWay === undefined) return;
    if (onItsWay.replaces) copy.replace([onItsWay.page]);
    else copy.append(onItsWay.page);
    copy.endLoad();
    onItsWay = undefined;
  };
  const ask = (replaces: boolean): void => {
    const cursor = copy.cursor();
    if (onItsWay !== undefined || (!replaces && typeof cursor !== 'string')) return;
    copy.beginLoad();
    onItsWay = { page: pageOf(server, filter, replaces ? undefined : (cursor ?? undefined)), replaces };
  };
  ask(true);
  const happen = (event: Happening): void => {
    switch (event.type) {
      case 'change':
        return change(server, event.what);
      case 'emit':
        return emit();
      case 'tell':
        return tell();
      case 'ask_more':
        return ask(false);
      case 'reload':
        return ask(true);
      case 'answer':
        return answer();
      case 'own': {
        const changed = ownChange(server, copy, event.archives);
        return void (changed !== undefined && newest.set(changed.id, changed.sequence));
      }
    }
  };
  for (const event of given) {
    happen(event);
    for (const { id, sequence } of copy.items()) {
      if ((newest.get(id) ?? 0) > sequence) wentBack.push(id);
      newest.set(id, sequence);
    }
  }
  answer();
  emit();
  while (frames.length > 0) tell();
  return { server, copy, arrived, wentBack };
}

/** A call of the client's own: its answer is ahead of the stream. */
function ownChange(server: Server, copy: InboxCopy, archives: boolean): InboxItem | undefined {
  const first = copy.items()[0];
  if (first === undefined || !server.rows.has(first.id)) return undefined;
  const pick = [...server.rows.keys()].indexOf(first.id);
  change(server, { type: archives ? 'archive' : 'read', pick });
  const now = server.rows.get(first.id);
  copy.put(first.id, now, at(server.head));
  return now;
}

describe('a copy of an inbox', () => {
  it.each(['all', 'unread', 'archived'] as const)(
    'is the newest part of the list of %s, in whatever order pages, frames and own answers come',
    (status) => {
      fc.assert(
        fc.property(events, (given) => {
          const { server, copy } = play({ status }, given);
          const listed = idsOf(listOf(server, { status }));
          const shown = idsOf(copy.items());
          const expected = copy.cursor() === null ? listed : listed.slice(0, shown.length);
          expect(shown).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('never shows an older state of an item than it has shown', () => {
    fc.assert(
      fc.property(events, (given) => {
        expect(play({}, given).wentBack).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('announces nothing twice', () => {
    fc.assert(
      fc.property(events, (given) => {
        const { arrived } = play({}, given);
        expect(new Set(arrived).size).toBe(arrived.length);
      }),
    );
  });

  it('says on a new reading what has arrived since, and nothing on the first', () => {
    const server: Server = { rows: new Map(), gone: new Map(), head: 0 };
    const copy = createInboxCopy({});
    change(server, { type: 'place' });
    expect(copy.replace([pageOf(server, {}, undefined)])).toEqual([]);
    change(server, { type: 'place' });
    change(server, { type: 'read', pick: 0 });
    expect(idsOf(copy.replace([pageOf(server, {}, undefined)]))).toEqual(['item-2@2']);
  });

  it('keeps the counts of the latest position, whichever comes last', () => {
    const copy = createInboxCopy({});
    copy.setCounts({ unread: 5, unseen: 1 }, at(9));
    copy.setCounts({ unread: 4, unseen: 1 }, at(8));
    expect(copy.counts()).toEqual({ unread: 5, unseen: 1 });
    copy.setCounts({ unread: 2, unseen: 0 }, 'restored.1');
    expect(copy.counts()).toEqual({ unread: 2, unseen: 0 });
  });

  it('is the same list object until something changes', () => {
    const server: Server = { rows: new Map(), gone: new Map(), head: 0 };
    change(server, { type: 'place' });
    const copy = createInboxCopy({});
    copy.replace([pageOf(server, {}, undefined)]);
    const before = copy.items();
    copy.apply({
      type: 'changes',
      position: at(2),
      placed: [],
      changed: [],
      deleted: ['x'],
      counts: noCounts,
    });
    expect(copy.items()).toBe(before);
  });
});
