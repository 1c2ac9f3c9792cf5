import type { PausedBy } from '../deliveries/paused-by.ts';
import { people, type Audience, type Person } from './audience.ts';
import { tellInstant, type Clockwork } from './moment.ts';

/** What can happen to a notification itself, in the order in which it does. */
export const lifeEvents = [
  ...(['accepted', 'scheduled', 'dispatched', 'placed', 'seen', 'read', 'acknowledged'] as const),
  ...(['archived', 'dismissed', 'snoozed', 'cancelled', 'expired', 'deleted'] as const),
] as const;
export type LifeEvent = (typeof lifeEvents)[number];

/** The instants that a notification's row holds; null where that did not happen. */
export interface LifeRecord {
  createdAt: Date;
  sendAt: Date | null;
  dispatchedAt: Date | null;
  inboxAt: Date | null;
  seenAt: Date | null;
  readAt: Date | null;
  acknowledgedAt: Date | null;
  archivedAt: Date | null;
  dismissedAt: Date | null;
  snoozedUntil: Date | null;
  cancelledAt: Date | null;
  expiredAt: Date | null;
  deletedAt: Date | null;
  /** What of it is paused now, so that it is not decided where it goes. */
  pausedBy: Extract<PausedBy, 'organization' | 'template'> | null;
}

export interface LifeStep {
  event: LifeEvent;
  /** When it happened; of a snooze when it ends. */
  at: Date;
  sentence: string;
}

/** What has happened to the notification so far, first things first. */
export function tellLife(record: LifeRecord, audience: Audience, clock: Clockwork): LifeStep[] {
  const person = people[audience];
  const instants: Record<LifeEvent, Date | null> = {
    accepted: record.createdAt,
    scheduled: record.sendAt === null ? null : record.createdAt,
    dispatched: record.dispatchedAt,
    placed: record.inboxAt,
    seen: record.seenAt,
    read: record.readAt,
    acknowledged: record.acknowledgedAt,
    archived: record.archivedAt,
    dismissed: record.dismissedAt,
    snoozed: record.snoozedUntil,
    cancelled: record.cancelledAt,
    expired: record.expiredAt,
    deleted: record.deletedAt,
  };
  const steps = lifeEvents.flatMap((event): LifeStep[] => {
    const at = instants[event];
    if (at === null) return [];
    const shown = event === 'scheduled' && record.sendAt !== null ? record.sendAt : at;
    return [{ event, at, sentence: `${events[event](tellInstant(shown, clock), person)}.` }];
  });
  return steps.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

const events: Readonly<Record<LifeEvent, (at: string, person: Person) => string>> = {
  accepted: (at) => `Accepted at ${at}`,
  scheduled: (at) => `To be sent at ${at}, not before`,
  dispatched: (at) => `Decided where it goes at ${at}`,
  placed: (at, { possessive }) => `Placed in ${possessive} inbox at ${at}`,
  seen: (at) => `Seen in the inbox at ${at}`,
  read: (at) => `Read at ${at}`,
  acknowledged: (at) => `Acknowledged at ${at}`,
  archived: (at) => `Archived at ${at}`,
  dismissed: (at) => `Dismissed at ${at}`,
  snoozed: (at) => `Snoozed until ${at}`,
  cancelled: (at) => `Cancelled by the sender at ${at}`,
  expired: (at) => `Expired at ${at}`,
  deleted: (at) => `Deleted or withdrawn at ${at}`,
};

/** What stands between a notification and the decision where it goes. */
export const waitReasons = ['paused', 'scheduled', 'dispatch'] as const;
export type WaitReason = (typeof waitReasons)[number];

export interface Wait {
  reason: WaitReason;
  /** Null where nobody knows. */
  until: Date | null;
  sentence: string;
}

/** What is waited for until it is decided where the notification goes; nothing once that is done or not to be. */
export function tellWaits(record: LifeRecord, audience: Audience, clock: Clockwork): Wait[] {
  const { dispatchedAt, cancelledAt, deletedAt, sendAt, pausedBy } = record;
  if (dispatchedAt !== null || cancelledAt !== null || deletedAt !== null) return [];
  const waits: Wait[] = [];
  if (pausedBy !== null) {
    const sentence =
      audience === 'operator'
        ? `It waits, because ${pausedBy === 'template' ? 'its template' : 'the organization'} is paused.`
        : 'It waits, because sending is paused at present.';
    waits.push({ reason: 'paused', until: null, sentence });
  }
  if (sendAt !== null && sendAt > clock.now) {
    const sentence = `It waits until ${tellInstant(sendAt, clock)}, when it is to be sent.`;
    waits.push({ reason: 'scheduled', until: sendAt, sentence });
  }
  if (waits.length > 0) return waits;
  return [{ reason: 'dispatch', until: null, sentence: 'It waits for a worker to decide where it goes.' }];
}
