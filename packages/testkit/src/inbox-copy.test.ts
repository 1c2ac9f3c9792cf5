import type { ServerFrame } from '@carillon/contracts';
import { describe, expect, it } from '@jest/globals';
import { createInboxCopy } from './inbox-copy.ts';

type Changes = Extract<ServerFrame, { type: 'changes' }>;
type Item = Changes['placed'][number];

const item = (id: string, sequence: number, changes: Partial<Item> = {}): Item =>
  ({ id, sequence, read_at: null, archived_at: null, dismissed_at: null, ...changes }) as Item;
const changes = (sequence: number, parts: Partial<Changes>): ServerFrame => ({
  ...{ type: 'changes', position: `life.${sequence}`, placed: [], changed: [], deleted: [] },
  ...{ counts: { unread: 0, unseen: 0 }, ...parts },
});

describe('a copy of an inbox', () => {
  it('follows what is placed, changed, archived and deleted', () => {
    const copy = createInboxCopy();
    copy.replace([item('a', 1), item('b', 2)], 'life.2');
    copy.apply(changes(3, { placed: [item('c', 3)] }));
    copy.apply(changes(4, { changed: [item('a', 4, { read_at: 'now' })] }));
    copy.apply(changes(5, { changed: [item('b', 5, { archived_at: 'now' })] }));
    copy.apply(changes(6, { deleted: ['c'] }));
    copy.apply({ type: 'heartbeat', position: 'life.6' });
    expect([...copy.items.values()]).toEqual([item('a', 4, { read_at: 'now' })]);
    expect({ position: copy.position, faults: copy.faults }).toEqual({ position: 'life.6', faults: [] });
  });

  it('keeps the newer of two states of an item', () => {
    const copy = createInboxCopy();
    copy.replace([item('a', 5, { read_at: 'now' })], 'life.4');
    copy.apply(changes(5, { changed: [item('a', 3)] }));
    expect(copy.items.get('a')?.read_at).toBe('now');
  });

  it.each<{ name: string; frames: ServerFrame[]; fault: RegExp }>([
    {
      name: 'a frame that goes back',
      frames: [changes(3, {}), changes(2, {})],
      fault: /went back from life\.3 to life\.2/,
    },
    {
      name: 'an item that is placed twice',
      frames: [changes(3, { placed: [item('a', 3)] }), changes(4, { placed: [item('a', 4)] })],
      fault: /placed twice: a/,
    },
    {
      name: 'a heartbeat that is ahead of what was told',
      frames: [changes(3, {}), { type: 'heartbeat', position: 'life.4' }],
      fault: /heartbeat at life\.4/,
    },
    { name: 'a position that is none', frames: [changes(Number.NaN, {})], fault: /is no position/ },
  ])('notes $name', ({ frames, fault }) => {
    const copy = createInboxCopy();
    copy.replace([], 'life.2');
    for (const frame of frames) copy.apply(frame);
    expect(copy.faults).toEqual([expect.stringMatching(fault)]);
  });
});
