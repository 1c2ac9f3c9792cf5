import type { OrganizationId } from '@carillon/core';
import { describe, expect, it } from '@jest/globals';
import { chooseLane, createShares } from './lanes.ts';

const [loud, quiet] = ['loud', 'quiet'] as OrganizationId[];
const call = (organizationId: OrganizationId | undefined, rows: number) => ({
  organizationId: organizationId ?? ('' as OrganizationId),
  drafts: [{ to: Array.from({ length: rows }) }],
});

describe('the lane of a create call', () => {
  it('is the fast one for an organization alone, however much it sends', () => {
    const shares = createShares({ monotonicMs: () => 0 });
    for (let index = 0; index < 50; index += 1) {
      expect(chooseLane(shares, call(loud, 1_000))).toBe('hinted');
    }
  });

  it('is the slow one for who floods while others send, and not for the others', () => {
    const shares = createShares({ monotonicMs: () => 0 });
    expect(chooseLane(shares, call(quiet, 1))).toBe('hinted');
    expect(chooseLane(shares, call(loud, 500))).toBe('hinted');
    expect(chooseLane(shares, call(loud, 1))).toBe('bulk');
    expect(chooseLane(shares, call(quiet, 1))).toBe('hinted');
  });

  it('is the fast one again in the next second', () => {
    let nowMs = 0;
    const shares = createShares({ monotonicMs: () => nowMs });
    chooseLane(shares, call(quiet, 1));
    expect(chooseLane(shares, call(loud, 1_000))).toBe('bulk');
    nowMs = 1_001;
    expect(chooseLane(shares, call(loud, 1_000))).toBe('hinted');
  });
});
