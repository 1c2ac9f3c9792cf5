import type { Clock, OrganizationId } from '@carillon/core';

/** How much each organization sent in the present second, in this process. */
export interface Shares {
  /** Adds to an organization's rows; answers whether it is above its share. */
  add(organizationId: OrganizationId, rows: number): boolean;
}

const windowMs = 1_000;
/** Below this many rows a second nobody is slowed down. */
const rowsAlwaysFree = 500;

/**
 * An organization is above its share when others are active in the same second and it sent more than
 * an equal part of all rows, and more than what is always free. Alone it never is.
 */
export function createShares(clock: Pick<Clock, 'monotonicMs'>): Shares {
  let startedMs = clock.monotonicMs();
  let total = 0;
  let byOrganization = new Map<OrganizationId, number>();
  return {
    add(organizationId, rows) {
      if (clock.monotonicMs() - startedMs > windowMs) {
        startedMs = clock.monotonicMs();
        total = 0;
        byOrganization = new Map();
      }
      const own = (byOrganization.get(organizationId) ?? 0) + rows;
      byOrganization.set(organizationId, own);
      total += rows;
      return byOrganization.size > 1 && own > rowsAlwaysFree && own > total / byOrganization.size;
    },
  };
}

/**
 * `bulk` leaves no hint: workers claim such rows from PostgreSQL round robin by organization, so that
 * one that floods does not stand in front of the others.
 */
export function chooseLane(
  shares: Shares,
  call: { organizationId: OrganizationId; drafts: readonly { to: readonly unknown[] }[] },
): 'hinted' | 'bulk' {
  const rows = call.drafts.reduce((sum, draft) => sum + draft.to.length, 0);
  return shares.add(call.organizationId, rows) ? 'bulk' : 'hinted';
}
