import { describe, expect, it } from '@jest/globals';
import type { KindDecision } from '../deliveries/plan.ts';
import { preferenceLayers } from '../preferences/resolve-preference.ts';
import { quietLayers } from '../quiet-hours/resolve-quiet.ts';
import {
  attemptOutcomes,
  deliveryStates,
  reasonCodes,
  type DeliveryId,
  type Feedback,
} from '../vocabulary.ts';
import { audiences, type Audience } from './audience.ts';
import { explainNotification, tellDecision, type Explainable } from './explain.ts';
import { tellInstant } from './moment.ts';

const now = new Date('2026-03-01T22:14:00Z');
const morning = new Date('2026-03-02T06:00:37Z');
const berlin = { zone: 'Europe/Berlin', now };
const window = { start: '22:00', end: '07:00', zone: 'Europe/Berlin' };
const heldByHours: KindDecision = {
  ...{ kind: 'email', decision: 'hold', code: 'quiet_hours' },
  because: {
    quiet: { layer: 'user', window, local_time: '2026-03-01 23:14', mode: 'hold' },
    until: morning.toISOString(),
  },
};

type Delivery = Explainable['deliveries'][number];
const delivery = (fields: Partial<Delivery> = {}): Delivery => ({
  ...{ id: 'd1' as DeliveryId, kind: 'email', state: 'pending', reason: null, notBefore: now },
  ...{ settledAt: null, pausedBy: null, attempts: [] },
  ...fields,
});
const record = (fields: Partial<Explainable> = {}): Explainable => ({
  ...{ createdAt: now, sendAt: null, dispatchedAt: now, inboxAt: now, seenAt: null, readAt: null },
  ...{ acknowledgedAt: null, archivedAt: null, dismissedAt: null, snoozedUntil: null, cancelledAt: null },
  ...{ expiredAt: null, deletedAt: null, pausedBy: null, inboxReason: 'placed', deliveries: [] },
  decisions: [{ kind: 'inbox', decision: 'place', code: 'placed' }],
  ...fields,
});

/** Every sentence that an explanation holds. */
function sentencesOf(explainable: Explainable, audience: Audience): string[] {
  const { life, waitsFor, kinds } = explainNotification(explainable, audience, berlin);
  return [
    ...[...life, ...waitsFor, ...kinds].map((one) => one.sentence),
    ...kinds.flatMap((kind) => kind.deliveries.flatMap((one) => [one.sentence, ...one.attempts])),
  ];
}

const isPlain = /^[A-Z][^{}<>]*\.$/;

describe.each(audiences)('for the %s', (audience) => {
  it.each(reasonCodes)('%s has a plain sentence, as a decision and as the reason of a delivery', (code) => {
    const decision: KindDecision = { kind: 'email', decision: 'suppress', code };
    const told = tellDecision(decision, audience, berlin);
    expect(told).toMatch(isPlain);
    expect(told).not.toMatch(/undefined|null|NaN/);
    const reasoned = record({
      decisions: null,
      inboxReason: code,
      deliveries: [delivery({ reason: code, notBefore: morning })],
    });
    for (const sentence of sentencesOf(reasoned, audience)) expect(sentence).toMatch(isPlain);
  });

  it('tells no two reasons in the same words', () => {
    const told = reasonCodes.map((code) =>
      tellDecision({ kind: 'email', decision: 'suppress', code }, audience, berlin),
    );
    expect(new Set(told).size).toBe(reasonCodes.length);
  });

  it.each([...preferenceLayers])('a kind that goes by the layer %s says so plainly', (layer) => {
    const decision: KindDecision = {
      kind: 'email',
      decision: 'send',
      code: 'deliver_now',
      because: { preference: { layer } },
    };
    expect(tellDecision(decision, audience, berlin)).toMatch(isPlain);
  });

  it.each([...quietLayers])('quiet time that was decided by the layer %s is told plainly', (layer) => {
    for (const code of ['deliver_now', 'quiet_hours', 'dropped_in_quiet_time'] as const) {
      const decision: KindDecision = { kind: 'email', decision: 'send', code, because: { quiet: { layer } } };
      expect(tellDecision(decision, audience, berlin)).toMatch(isPlain);
    }
  });

  it.each(deliveryStates)('a delivery that is %s has a plain sentence with and without a reason', (state) => {
    for (const reason of [null, ...reasonCodes]) {
      for (const sentence of sentencesOf(record({ deliveries: [delivery({ state, reason })] }), audience)) {
        expect(sentence).toMatch(isPlain);
      }
    }
  });
});

describe('what was decided', () => {
  it.each([
    {
      name: 'quiet hours, to the recipient',
      ...{ audience: 'recipient' as const, decision: heldByHours },
      told: 'E-mail: held until 07:00 on 2 March (Europe/Berlin) by your quiet hours 22:00–07:00.',
    },
    {
      name: 'quiet hours, to the operator',
      ...{ audience: 'operator' as const, decision: heldByHours },
      told: "E-mail: held until 07:00 on 2 March (Europe/Berlin) by the recipient's quiet hours 22:00–07:00.",
    },
    {
      name: 'quiet hours of a preference row',
      audience: 'recipient' as const,
      decision: {
        ...heldByHours,
        because: { ...heldByHours.because, quiet: { layer: 'preference' as const, window } },
      },
      told: 'E-mail: held until 07:00 on 2 March (Europe/Berlin) by the quiet hours 22:00–07:00 of one of your preferences.',
    },
    {
      name: 'what came in quiet time and is dropped',
      audience: 'recipient' as const,
      decision: {
        ...{ kind: 'email' as const, decision: 'suppress' as const, code: 'dropped_in_quiet_time' as const },
        because: { quiet: { ...heldByHours.because?.quiet, layer: 'user' as const, mode: 'drop' as const } },
      },
      told: 'E-mail: not sent, because it came in your quiet hours 22:00–07:00, when such notifications are dropped; it was 23:14 (Europe/Berlin).',
    },
    {
      name: 'a mute',
      audience: 'recipient' as const,
      decision: {
        ...{ kind: 'email' as const, decision: 'hold' as const, code: 'muted' as const },
        because: { quiet: { layer: 'mute' as const }, until: morning.toISOString() },
      },
      told: 'E-mail: held until 07:00 on 2 March (Europe/Berlin), because you muted notifications.',
    },
    {
      name: 'urgency',
      audience: 'operator' as const,
      decision: {
        ...{ kind: 'email' as const, decision: 'send' as const, code: 'deliver_now' as const },
        because: { quiet: { layer: 'urgent' as const } },
      },
      told: "E-mail: sent at once: it is urgent, and urgent notifications pass the recipient's quiet hours.",
    },
  ])('$name', ({ audience, decision, told }) => {
    expect(tellDecision(decision, audience, berlin)).toBe(told);
  });

  it('gives details of templates to operators only', () => {
    const failed: KindDecision = {
      ...{ kind: 'inbox', decision: 'suppress', code: 'template_error' },
      because: { detail: 'Rendering took longer than 100 ms.' },
    };
    const gaps: KindDecision = {
      kind: 'inbox',
      decision: 'place',
      code: 'placed',
      because: { detail: 'Data is missing: name' },
    };
    expect(tellDecision(failed, 'operator', berlin)).toContain('Rendering took longer than 100 ms.');
    expect(tellDecision(gaps, 'operator', berlin)).toBe(
      "Inbox: placed in the recipient's inbox. Data is missing: name.",
    );
    expect(tellDecision(failed, 'recipient', berlin)).not.toContain('100 ms');
    expect(tellDecision(gaps, 'recipient', berlin)).toBe('Inbox: placed in your inbox.');
  });
});

describe('what a provider told later', () => {
  const at = new Date('2026-03-01T22:15:00Z');
  const sent = (feedback: Feedback, reason: string | null = null, addressIsBad = false) =>
    delivery({ state: 'sent', settledAt: now, told: { feedback, at, reason }, addressIsBad });
  const base = 'E-mail: sent at 23:14 on 1 March (Europe/Berlin)';
  it.each<{ name: string; told: Delivery; operator: string; recipient?: string }>([
    {
      name: 'delivered',
      told: sent('delivered'),
      operator: `${base}, and arrived at 23:15 on 1 March (Europe/Berlin).`,
    },
    {
      name: 'opened',
      told: sent('opened'),
      operator: `${base}, and was opened at 23:15 on 1 March (Europe/Berlin).`,
    },
    {
      name: 'answered',
      told: sent('answered'),
      operator: `${base}, and was answered at 23:15 on 1 March (Europe/Berlin).`,
    },
    {
      name: 'unanswered',
      told: sent('unanswered', 'the line was busy'),
      operator: `${base}, and was not answered (the line was busy).`,
      recipient: `${base}, and was not answered.`,
    },
    {
      name: 'bounced for now',
      told: sent('bounced', 'mailbox full.'),
      operator: `${base}, and came back at 23:15 on 1 March (Europe/Berlin) (mailbox full).`,
      recipient: `${base}, and came back at 23:15 on 1 March (Europe/Berlin).`,
    },
    {
      name: 'bounced for good',
      told: sent('bounced', '550 5.1.1 no such user', true),
      operator: `${base}, and came back at 23:15 on 1 March (Europe/Berlin) (550 5.1.1 no such user); this address is marked as not working, and nothing is sent there until it is corrected.`,
      recipient: `${base}, and came back at 23:15 on 1 March (Europe/Berlin); your address is marked as not working, and nothing is sent there until it is corrected.`,
    },
  ])('is told in the same sentence: $name', ({ told, operator, recipient = operator }) => {
    const explainable = record({ deliveries: [told] });
    expect(sentencesOf(explainable, 'operator')).toContain(operator);
    expect(sentencesOf(explainable, 'recipient')).toContain(recipient);
  });

  it('is told of what was refused at once, too', () => {
    const refused = delivery({ state: 'dead', reason: 'rejected', settledAt: now, addressIsBad: true });
    const other = delivery({
      state: 'dead',
      reason: 'attempts_exhausted',
      settledAt: now,
      addressIsBad: true,
    });
    const told = (one: Delivery) => sentencesOf(record({ deliveries: [one] }), 'operator').join(' ');
    expect(told(refused)).toContain('this address is marked as not working');
    expect(told(other)).not.toContain('this address is marked as not working');
  });
});

describe('an explanation', () => {
  it('tells the tries of a delivery in order, and the digest that told of it', () => {
    const attempts = attemptOutcomes.map((outcome, index) => ({
      ...{ number: index + 1, startedAt: now, outcome, statusCode: 503, reason: 'Service unavailable.' },
    }));
    const { kinds } = explainNotification(
      record({ deliveries: [delivery({ state: 'digested', reason: 'digested', attempts })] }),
      'operator',
      berlin,
    );
    expect(kinds[1]?.deliveries[0]?.sentence).toBe('E-mail: told in one message together with others.');
    expect(kinds[1]?.deliveries[0]?.attempts[1]).toBe(
      'Try 2 at 23:14 on 1 March (Europe/Berlin) failed with status 503 in a way that may pass: Service unavailable.',
    );
  });

  it('says by the window of the decision until when a delivery is held now', () => {
    const held = delivery({ reason: 'quiet_hours', notBefore: morning });
    const [, , told] = sentencesOf(
      record({ decisions: [heldByHours], deliveries: [held], inboxAt: null }),
      'recipient',
    );
    expect(told).toBe('E-mail: held until 07:00 on 2 March (Europe/Berlin) by your quiet hours 22:00–07:00.');
  });

  it.each([
    { name: 'a paused organization', fields: { pausedBy: 'organization' as const }, reasons: ['paused'] },
    { name: 'a paused template', fields: { pausedBy: 'template' as const }, reasons: ['paused'] },
    { name: 'its time', fields: { sendAt: morning }, reasons: ['scheduled'] },
    {
      name: 'both',
      fields: { pausedBy: 'organization' as const, sendAt: morning },
      reasons: ['paused', 'scheduled'],
    },
    { name: 'a worker, once its time has come', fields: { sendAt: now }, reasons: ['dispatch'] },
    { name: 'nothing, when it was cancelled', fields: { sendAt: morning, cancelledAt: now }, reasons: [] },
  ])('of what was not dispatched says that it waits for $name', ({ fields, reasons }) => {
    const undispatched = { dispatchedAt: null, inboxAt: null, decisions: null, inboxReason: null };
    const { waitsFor, kinds } = explainNotification(
      record({ ...undispatched, ...fields }),
      'operator',
      berlin,
    );
    expect(waitsFor.map((one) => one.reason)).toEqual(reasons);
    expect(kinds).toEqual([]);
  });

  it('waits for nothing once it is dispatched, and tells its life in order', () => {
    const readAt = new Date(now.getTime() + 60_000);
    const { waitsFor, life } = explainNotification(
      record({ pausedBy: 'organization', readAt, seenAt: readAt }),
      'recipient',
      berlin,
    );
    expect(waitsFor).toEqual([]);
    expect(life.map((step) => step.event)).toEqual(['accepted', 'dispatched', 'placed', 'seen', 'read']);
    expect(life.at(-1)?.sentence).toBe('Read at 23:15 on 1 March (Europe/Berlin).');
  });

  it('of a deleted notification keeps its deliveries, and says that the decisions are gone', () => {
    const deleted = record({
      decisions: null,
      deletedAt: now,
      deliveries: [delivery({ state: 'sent', settledAt: now })],
    });
    const { kinds } = explainNotification(deleted, 'operator', berlin);
    expect(kinds).toMatchObject([{ kind: 'email', decision: undefined, deliveries: [{}] }]);
    expect(kinds[0]?.sentence).toContain('when it was deleted');
  });

  it('of what was given up has the reason', () => {
    const { kinds } = explainNotification(
      record({ decisions: null, inboxReason: 'dispatch_failed', inboxAt: null }),
      'operator',
      berlin,
    );
    expect(kinds).toMatchObject([{ kind: 'inbox', decision: { code: 'dispatch_failed' } }]);
  });
});

describe('an instant', () => {
  it.each([
    {
      name: 'of this year, without it',
      instant: morning,
      zone: 'Europe/Berlin',
      told: '07:00 on 2 March (Europe/Berlin)',
    },
    {
      name: 'of another year, with it',
      instant: new Date('2027-01-01T00:00:00Z'),
      zone: 'UTC',
      told: '00:00 on 1 January 2027 (UTC)',
    },
    {
      name: 'in a zone that is unknown, as UTC',
      instant: morning,
      zone: 'Mars/Olympus',
      told: '06:00 on 2 March (UTC)',
    },
  ])('is told $name', ({ instant, zone, told }) => {
    expect(tellInstant(instant, { zone, now })).toBe(told);
  });
});
