import { describe, expect, it } from '@jest/globals';
import type { ConnectionStatus, InboxItem } from '@carillon/client';
import { CarillonError } from '@carillon/client';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { renderInbox } from './render.ts';
import { moveSelection, selectedItem, selectNeighbour, wishOf, type View } from './view.ts';

const now = new Date('2026-03-01T12:00:00Z');
const item = (id: string, fields: Partial<InboxItem> = {}): InboxItem => ({
  ...{ id, trigger_id: 't', title: `Title ${id}`, body: '', category: 'general', data: {}, actions: [] },
  ...{ targets: [], url: null, icon: null, sender_id: null, environment: '', project: '', urgent: false },
  ...{ inbox_at: '2026-03-01T11:57:00Z', seen_at: null, read_at: null, acknowledged_at: null },
  ...{ archived_at: null, dismissed_at: null, expires_at: null, sequence: 1 },
  ...fields,
});
const open: ConnectionStatus = { state: 'open', transport: 'sse', shared: false };
const view = (items: InboxItem[], fields: Partial<View> = {}, connection: ConnectionStatus = open): View => ({
  ...{ tab: 'all', selectedId: undefined, isOpen: false, message: '' },
  snapshot: {
    ...{ items, counts: { unread: 2, unseen: 0 }, connection, hasMore: false, isLoaded: true },
    ...{ error: undefined, position: 'e.1' },
  },
  ...fields,
});
const render = (shown: View, width = 60, height = 12): string[] =>
  renderInbox(shown, { width, height, now, paint: (_, text) => text });

describe('the cursor', () => {
  const three = view([item('a'), item('b'), item('c')]);

  it('stays on its item while others arrive above, and within the list', () => {
    const onB = moveSelection(three, 1);
    expect(selectedItem(onB)?.id).toBe('b');
    const { items } = onB.snapshot;
    const later = { ...onB, snapshot: { ...onB.snapshot, items: [item('new'), ...items] } };
    expect(selectedItem(later)?.id).toBe('b');
    expect(selectedItem(moveSelection(three, 99))?.id).toBe('c');
    expect(selectedItem(moveSelection(three, -99))?.id).toBe('a');
  });

  it('goes to the item below when its own leaves, and to the one above at the end', () => {
    expect(selectNeighbour(moveSelection(three, 1)).selectedId).toBe('c');
    expect(selectNeighbour(moveSelection(three, 2)).selectedId).toBe('b');
    expect(selectNeighbour(view([item('a')])).selectedId).toBeUndefined();
  });
});

describe('keys', () => {
  it.each([
    { key: { name: 'c', ctrl: true }, wish: { do: 'quit' } },
    { key: { name: 'r', shift: true }, wish: { do: 'readAll' } },
    { key: { name: 'r' }, wish: { do: 'change', verb: 'read' } },
    { key: { name: 'a', ctrl: true }, wish: undefined },
    { key: { name: 'x' }, wish: undefined },
    { key: {}, wish: undefined },
  ])('$key mean $wish', ({ key, wish }) => {
    expect(wishOf(key)).toEqual(wish);
  });
});

describe('the screen', () => {
  it('shows the list with the cursor, what is unread, and the keys', () => {
    const read = item('b', { read_at: '2026-03-01T11:58:00Z', body: 'with **words**' });
    expect(render(view([item('a'), read]), 60, 9)).toEqual([
      'Inbox  2 unread  ● live (sse)',
      '[all]  unread   archived ',
      '',
      '❯ ●  3 min  Title a',
      '     3 min  Title b – with **words**',
      '',
      '',
      '',
      '↑↓ move · enter open · r read/unread · a archive · d dismis…',
    ]);
  });

  it('shows an open item whole, with its links', () => {
    const actions = [{ label: 'Show the log', url: 'https://ci.example.com/7' }];
    const lines = render(
      view([item('a', { body: 'one\ntwo', url: '/b/7', actions })], { isOpen: true }),
      60,
      16,
    );
    for (const text of ['one', 'two', '/b/7', 'Show the log: https://ci.example.com/7'])
      expect(lines).toContain(text);
  });

  it.each<{ connection: ConnectionStatus; says: string }>([
    { connection: { state: 'connecting' }, says: 'connecting…' },
    { connection: { state: 'waiting', error: undefined, retryInMs: 4_200 }, says: 'offline, again in 5 s' },
    {
      connection: {
        state: 'refused',
        error: new CarillonError('Expired', { code: 'auth.invalid', retryable: false }),
      },
      says: 'refused: Expired',
    },
    { connection: { state: 'stopped' }, says: 'stopped' },
  ])('says "$says"', ({ connection, says }) => {
    expect(render(view([], {}, connection))[0]).toContain(says);
  });

  it('says why there is nothing in it', () => {
    const empty = view([]);
    const loading = { ...empty, snapshot: { ...empty.snapshot, isLoaded: false } };
    expect(render(loading)).toContain('Loading…');
    expect(render(empty)).toContain('Nothing here.');
    expect(render({ ...empty, tab: 'unread' })).toContain('All read.');
  });

  it('fits, whatever stands in items and however small it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    const items = fc.array(fc.record({ title: text, body: text, category: text, url: fc.option(text) }), {
      maxLength: 12,
    });
    const sizes = fc.record({
      width: fc.integer({ min: 40, max: 200 }),
      height: fc.integer({ min: 6, max: 60 }),
    });
    fc.assert(
      fc.property(items, sizes, fc.boolean(), fc.nat(30), (fields, { width, height }, isOpen, place) => {
        const shown = view(fields.map((one, index) => item(String(index), one)));
        const lines = render({ ...moveSelection(shown, place), isOpen }, width, height);
        expect(lines.length).toBeLessThanOrEqual(height);
        const signs = ['\u001b', '\u009b', '\u202e', '\n'];
        const isWrong = (line: string): boolean =>
          stringWidth(line) > width || signs.some((sign) => line.includes(sign));
        expect(lines.filter(isWrong)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
