import { describe, expect, it } from '@jest/globals';
import { marksOf, pictureOf, type SimulatedRecipient } from './lanes.ts';

const at = '2026-11-22T02:00:00.000Z';
const until = '2026-11-22T06:00:00.000Z';
const kind = (changes: object) =>
  ({ decision: 'send', until: null, deliveries: 1, ...changes }) as SimulatedRecipient['kinds'][number];
const recipient = (kinds: SimulatedRecipient['kinds'], rules: unknown = null) =>
  ({ recipient_id: 'u', placed: true, kinds, rules }) as SimulatedRecipient;

describe('the picture of a plan', () => {
  const kinds = [
    kind({ kind: 'inbox', decision: 'place' }),
    kind({ kind: 'email', decision: 'hold', until }),
    kind({ kind: 'sms', decision: 'suppress' }),
  ];

  it('has a lane for each kind by which something comes, with the time that it waits', () => {
    const picture = pictureOf(recipient(kinds), at);
    expect(picture.lanes).toEqual([
      { kind: 'inbox', title: 'Inbox', decision: 'place', held: undefined, sent: [Date.parse(at)] },
      {
        ...{ kind: 'email', title: 'E-mail', decision: 'hold' },
        ...{ held: { from: Date.parse(at), to: Date.parse(until) }, sent: [Date.parse(until)] },
      },
    ]);
    expect(picture.to).toBeGreaterThan(Date.parse(until));
  });

  it('shows the steps of rules in the lanes of their kinds', () => {
    const step = { type: 'notify_by_slack', deliveries: 1, at: until, until: null };
    const rules = { list: 'default', steps: [step, { ...step, type: 'wait', deliveries: 0 }] };
    const picture = pictureOf(recipient([kind({ kind: 'slack', decision: 'rules' })], rules), at);
    expect(picture.lanes[0]?.sent).toEqual([Date.parse(until)]);
  });

  it('has marks at round times of the wall, eight at most', () => {
    const picture = pictureOf(recipient(kinds), at);
    const marks = marksOf(picture, 90 * 60_000).map((mark) => new Date(mark).toISOString().slice(11, 16));
    expect(marks).toEqual(['02:30', '03:30', '04:30', '05:30']);
    const long = marksOf({ from: 0, to: 40 * 86_400_000, lanes: [] }, 0);
    expect(long.length).toBeGreaterThan(1);
    expect(long.length).toBeLessThanOrEqual(9);
  });
});
