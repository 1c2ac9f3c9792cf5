import { describe, expect, it } from '@jest/globals';
import { stretchesOf } from './quiet-day.tsx';
import { timelineOf, type Explanation } from './timeline.ts';

type Kind = Explanation['kinds'][number];
type Delivery = Kind['deliveries'][number];

const base: Explanation = {
  ...{ notification_id: 'n', recipient_id: 'u', zone: 'UTC', delivery_mode: 'live' },
  life: [
    { event: 'accepted', at: '2026-03-01T08:00:00.000Z', sentence: 'Accepted.' },
    { event: 'dispatched', at: '2026-03-01T08:00:00.045Z', sentence: 'Decided.' },
    { event: 'placed', at: '2026-03-01T08:00:00.045Z', sentence: 'Placed.' },
    { event: 'read', at: '2026-03-01T09:00:00.045Z', sentence: 'Read.' },
  ],
  ...{ waits_for: [], kinds: [], rules: null },
};
const kind: Kind = {
  ...{ kind: 'email', decision: 'send', code: 'deliver_now', sentence: 'Sent at once.' },
  ...{ preference: null, quiet: null, until: null, detail: null, deliveries: [] },
};
const delivery: Delivery = {
  ...{ id: 'd', step: 0, state: 'sent', reason: null, sentence: 'Sent.' },
  ...{ not_before: '2026-03-01T08:00:00.045Z', settled_at: '2026-03-01T08:00:00.400Z', channel_id: 'c' },
  ...{ contact_point_id: null, digest_id: null, feedback: null, feedback_at: null, attempts: [] },
};
const attempt: Delivery['attempts'][number] = {
  ...{ number: 1, started_at: '2026-03-01T08:00:00.100Z', ended_at: '2026-03-01T08:00:00.400Z' },
  ...{ outcome: 'sent', status_code: 250, reason: null, channel_id: 'c', sentence: 'Try 1 was taken.' },
};

const draw = (more: Partial<Explanation>) => timelineOf({ ...base, ...more });
const stepsOf = (of: Partial<Delivery>): string[] => {
  const { lanes } = draw({ kinds: [{ ...kind, deliveries: [{ ...delivery, ...of }] }] });
  return lanes[0]?.branches[0]?.steps.map(({ title }) => title) ?? [];
};

describe('the picture of what became of a notification', () => {
  it('begins with a trunk until it was planned, with how long each step took', () => {
    expect(draw({}).trunk.map(({ title, after }) => [title, after])).toEqual([
      ['Accepted', undefined],
      ['Planned', '+45 ms'],
    ]);
  });

  it('has what the recipient did in the lane of the inbox', () => {
    const { lanes } = draw({ kinds: [{ ...kind, kind: 'inbox', decision: 'place', code: 'placed' }] });
    expect(lanes[0]?.branches[0]?.steps.map(({ title }) => title)).toEqual(['In the inbox', 'Read']);
  });

  it('shows what it waits for as long as it is not planned', () => {
    const waits = { reason: 'scheduled', until: '2026-03-02T08:00:00.000Z', sentence: 'Waits.' } as const;
    const { trunk } = draw({ life: base.life.slice(0, 1), waits_for: [waits] });
    expect(trunk.at(-1)).toMatchObject({ title: 'Waits', wait: { until: waits.until } });
  });

  it('draws the window that held it, and what the clock showed', () => {
    const quiet: Kind['quiet'] = {
      ...{ layer: 'user', preference_id: null, mode: 'hold', malformed: false },
      window: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', days: null },
      local_time: '2026-03-01 23:14',
    };
    const until = '2026-03-02T06:00:37.000Z';
    const { lanes } = draw({ kinds: [{ ...kind, decision: 'hold', code: 'quiet_hours', quiet, until }] });
    expect(lanes[0]?.decision.wait).toEqual({
      until,
      quiet: { start: '22:00', end: '07:00', zone: 'Europe/Berlin', local: '23:14' },
    });
  });

  it.each([
    { name: 'one try that was taken', of: { attempts: [attempt] }, steps: ['Try 1: taken · 250 in 300 ms'] },
    {
      name: 'a try that failed, and the wait for the next',
      of: {
        state: 'pending' as const,
        attempts: [{ ...attempt, outcome: 'retry' as const, status_code: null }],
      },
      steps: ['Try 1: try again in 300 ms', 'Waits for the next try'],
    },
    {
      name: 'a try under way',
      of: {
        state: 'sending' as const,
        attempts: [{ ...attempt, outcome: null, ended_at: null, status_code: null }],
      },
      steps: ['Try 1: under way'],
    },
    {
      name: 'the end after the last try',
      of: {
        state: 'dead' as const,
        attempts: [{ ...attempt, outcome: 'reject' as const, status_code: 550 }],
      },
      steps: ['Try 1: refused · 550 in 300 ms', 'Given up'],
    },
    {
      name: 'what was told together with others',
      of: { state: 'digested' as const },
      steps: ['Told in a digest'],
    },
    {
      name: 'what the provider told afterwards',
      of: { attempts: [attempt], feedback: 'bounced' as const, feedback_at: '2026-03-01T08:05:00.000Z' },
      steps: ['Try 1: taken · 250 in 300 ms', 'Provider: bounced'],
    },
  ])('draws $name', ({ of, steps }) => {
    expect(stepsOf(of)).toEqual(steps);
  });
});

describe('a quiet window within a day', () => {
  it.each([
    { start: '01:00', end: '06:30', stretches: [[1, 6.5]] },
    {
      start: '22:00',
      end: '07:00',
      stretches: [
        [0, 7],
        [22, 24],
      ],
    },
    { start: '22:00', end: '00:00', stretches: [[22, 24]] },
    { start: '08:00', end: '08:00', stretches: [] },
  ])('from $start to $end', ({ start, end, stretches }) => {
    expect(stretchesOf(start, end)).toEqual(stretches);
  });
});
