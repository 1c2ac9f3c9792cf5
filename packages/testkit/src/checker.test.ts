import { describe, expect, it } from '@jest/globals';
import { check, noFindings, type Findings, type Stored } from './checker.ts';
import type { LoadCall } from './load.ts';

const ok: LoadCall = { key: 'k1', recipients: ['u1'], outcome: 'ok', tries: [], notificationIds: ['n1'] };
const row = {
  ...{ id: 'n1', call: 'k1', recipientId: 'u1', placedSequence: 1, changedSequence: 1, dispatched: true },
};
const sent = { id: 'd1', kind: 'webhook', state: 'sent', reason: null, attempts: 1, crashes: 0 };
const stored: Stored = { notifications: [row], deliveries: [sent], heads: new Map([['u1', 1]]) };
const arrivals = [{ id: 'd1', body: 'one' }];

describe('the checker', () => {
  it('finds nothing in a run that went well', () => {
    expect(check({ calls: [ok], stored, arrivals })).toEqual({
      ...{ findings: noFindings, duplicates: new Map(), duplicateCount: 0 },
    });
  });

  it('counts what arrived again with the same id', () => {
    const { duplicateCount, findings } = check({ calls: [ok], stored, arrivals: [...arrivals, ...arrivals] });
    expect({ duplicateCount, findings }).toEqual({ duplicateCount: 1, findings: noFindings });
  });

  it.each<{ name: keyof Findings; run: Parameters<typeof check>[0] }>([
    {
      name: 'lost',
      run: { calls: [ok], stored: { ...stored, notifications: [], heads: new Map() }, arrivals },
    },
    { name: 'lost', run: { calls: [{ ...ok, recipients: ['u1', 'u2'] }], stored, arrivals } },
    { name: 'unexpected', run: { calls: [{ ...ok, outcome: 'refused' }], stored, arrivals } },
    { name: 'unexpected', run: { calls: [], stored, arrivals } },
    {
      name: 'doubled',
      run: { calls: [ok], stored: { ...stored, notifications: [row, { ...row, id: 'n2' }] }, arrivals },
    },
    {
      name: 'unsettled',
      run: { calls: [ok], stored: { ...stored, deliveries: [{ ...sent, state: 'sending' }] }, arrivals },
    },
    {
      name: 'unsettled',
      run: { calls: [ok], stored: { ...stored, notifications: [{ ...row, dispatched: false }] }, arrivals },
    },
    { name: 'sequences', run: { calls: [ok], stored: { ...stored, heads: new Map([['u1', 2]]) }, arrivals } },
    { name: 'sequences', run: { calls: [ok], stored: { ...stored, heads: new Map([['u1', 0]]) }, arrivals } },
    { name: 'unsent', run: { calls: [ok], stored, arrivals: [] } },
    { name: 'stray', run: { calls: [ok], stored, arrivals: [...arrivals, { id: 'd2', body: 'x' }] } },
    { name: 'altered', run: { calls: [ok], stored, arrivals: [...arrivals, { id: 'd1', body: 'x' }] } },
  ])('names what is $name, and nothing else', ({ name, run }) => {
    const { findings } = check(run);
    expect(findings[name]).not.toEqual([]);
    expect({ ...findings, [name]: [] }).toEqual(noFindings);
  });
});
