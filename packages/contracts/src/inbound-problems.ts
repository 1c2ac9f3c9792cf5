import type { ProblemKind } from './problem-kind.ts';

/** Why what says to come from a vendor is not believed. */
export const inboundProblems = {
  'inbound.unsigned': {
    status: 401,
    title: 'The callback is not signed',
    explanation:
      'Callbacks have no token: they are believed by their signature alone. `detail` names the header that is missing, or what has to be switched on at the vendor.',
  },
  'inbound.forged': {
    status: 403,
    title: 'The signature of the callback does not fit',
    explanation:
      "It is not the signature of this channel's vendor for this address and body. If the vendor did send it, the channel has another secret than the vendor, or `CARILLON_PUBLIC_URL` is not the address that the vendor calls. `detail` says what to compare.",
  },
  'inbound.stale': {
    status: 403,
    title: 'The callback is too old',
    explanation:
      'Its signed time is more than five minutes away from now, so it may be a copy. If it is not, one of the two clocks is wrong.',
  },
  'inbound.not_set_up': {
    status: 403,
    title: 'The channel takes no callbacks',
    explanation:
      'It has no setting by which they could be checked. `detail` names the setting; docs/callbacks.md tells where to find its value.',
  },
} as const satisfies Record<string, ProblemKind>;
