import type { KindDescription, Message } from '@carillon/channels';
import type { DeliveryId } from '@carillon/core';
import {
  claimDeliveries,
  claimHeldDeliveries,
  loadPolicies,
  loadReaders,
  startAttempts,
  type ClaimedDelivery,
  type DeliveryOutcome,
  type DigestStart,
  type SendableDelivery,
} from '@carillon/db';
import type { WorkerDeps } from '../deps.ts';
import { decideClaimed, withoutAttempt } from './decide.ts';
import { loadMissingDetails } from './details.ts';
import type { Digest } from './digest.ts';
import { loadFacts, type Facts, type FactsSubject } from './facts.ts';
import type { Gate } from './gate.ts';
import type { Recorder } from './recorder.ts';
import { messageOf, sendOnce } from './send.ts';

/** Delivers one kind in this worker: claims what was offered, as many at once as there are slots. */
export interface DeliveryRunner {
  /** Resolves when each of these was looked at: sent, put off, or found to be somebody else's. */
  offer(ids: readonly DeliveryId[]): Promise<void>;
  /** Sends one that took a worker down before, with nothing else under way. */
  offerAlone(id: DeliveryId): Promise<void>;
  /**
   * Keeps up to `wanted` slots for deliveries that are about to be stored as begun; undefined when there is no
   * room, or none now.
   */
  reserve(wanted: number): Reservation | undefined;
  /** How many more could be sent at once, counting what already waits. */
  capacity(): number;
  /** Claims no more; waits for what is under way until `withinMs`, then aborts it and hands leases back. */
  stop(withinMs: number): Promise<void>;
}

/** Slots kept for deliveries while they are stored. Used once: by `send`, with what was stored. */
export interface Reservation {
  slots: number;
  /** Sends these, not more than there are slots, and gives back each slot when it is free. */
  send(begun: readonly BegunDelivery[]): void;
  /**
   * For when nobody knows whether they were stored: their attempts end without a send, so that they are tried
   * again at once and nobody has to wait for their leases.
   */
  handBack(begun: readonly BegunDelivery[]): void;
}

/** A delivery whose attempt is open under our lease: all that is missing is the send. */
export interface BegunDelivery {
  delivery: SendableDelivery;
  message: Message;
  attemptNumber: number;
}

type RunnerDeps = Pick<
  WorkerDeps,
  | 'db'
  | 'newId'
  | 'log'
  | 'metrics'
  | 'fault'
  | 'config'
  | 'sealer'
  | 'random'
  | 'clock'
  | 'adapters'
  | 'renderPool'
>;

interface Offer {
  left: number;
  done(): void;
}

/** A claim is tried again by the due-scan, so a failed one only needs to be counted. */
export function createDeliveryRunner(
  deps: RunnerDeps,
  kind: KindDescription,
  shared: { gate: Gate; recorder: Recorder },
): DeliveryRunner {
  const waiting = new Map<DeliveryId, Offer[]>();
  const aborting = new AbortController();
  let busySlots = 0;
  let isPumping = false;
  let isClaiming = false;
  let isStopped = false;
  let onIdle: (() => void) | undefined;

  /**
   * What becomes due or free in one turn of the event loop, or while a claim is under way, shares the next
   * claim. Otherwise a batch whose slots come back one by one would be followed by as many claims of one.
   */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      claimNext();
    });
  }

  function claimNext(): void {
    const free = kind.slots - busySlots;
    if (isStopped || isClaiming || free <= 0 || waiting.size === 0) return;
    const ids: DeliveryId[] = [];
    const offers: Offer[] = [];
    for (const [id, ofId] of waiting) {
      if (ids.length === free) break;
      ids.push(id);
      offers.push(...ofId);
      waiting.delete(id);
    }
    busySlots += ids.length;
    isClaiming = true;
    const onClaimed = (): void => {
      isClaiming = false;
      pump();
    };
    void claimAndSend(ids, onClaimed)
      .catch((error: unknown) => {
        deps.metrics.jobErrors.inc({ job: `deliver-${kind.kind}` });
        deps.log.warn({ event: 'delivery.batch_failed', kind: kind.kind, count: ids.length, error });
      })
      .finally(() => {
        for (const offer of offers) settle(offer);
      });
  }

  function release(count: number): void {
    busySlots -= count;
    if (busySlots === 0) onIdle?.();
    pump();
  }

  /** Slots are given back one by one as sends end, so that a slow receiver does not hold its batch. */
  async function claimAndSend(ids: DeliveryId[], onClaimed: () => void): Promise<void> {
    let unused = ids.length;
    try {
      const leave = await shared.gate.enter();
      try {
        const claimed = await claim(ids, false).finally(onClaimed);
        release(ids.length - claimed.length);
        unused = claimed.length;
        await sendAll(claimed, ids.length, () => {
          unused -= 1;
          release(1);
        });
      } finally {
        leave();
      }
    } finally {
      release(unused);
    }
  }

  async function claim(ids: DeliveryId[], alone: boolean): Promise<ClaimedDelivery[]> {
    const lease = { leaseToken: deps.newId(), leaseMs: deps.config.leaseMs };
    // What may become one message is claimed together with all that belongs to it.
    const together = kind.digests && !alone;
    const claimed = await claimDeliveries(deps.db, { ids, alone, heldToo: !together, ...lease });
    if (together && claimed.length < ids.length) {
      const known = new Set(claimed.map((one) => one.id));
      const rest = ids.filter((id) => !known.has(id));
      claimed.push(...(await claimHeldDeliveries(deps.db, { ids: rest, ...lease })));
    }
    if (claimed.length > 0) deps.fault('worker.after-claim');
    return claimed;
  }

  async function sendAll(claimed: ClaimedDelivery[], slots: number, onEach: () => void): Promise<void> {
    if (claimed.length === 0) return;
    const facts = await loadFacts(deps, claimed.map(toSubject), {
      policies: (userIds) => loadPolicies(deps.db, userIds),
      readers: (userIds) => loadReaders(deps.db, userIds),
    });
    const { alone, digests, outcomes } = decideClaimed(claimed, facts, kind, slots);
    const settled = outcomes.map((outcome) => recordOne(outcome, onEach));
    const begun = await startSends([...alone, ...digests.map((one) => one.carrier)], digests, facts, onEach);
    await Promise.all([...settled, ...begun]);
  }

  /** A message that was kept needs no texts, nor does a kind that looks at none. */
  function toSubject({ notification, message }: ClaimedDelivery): FactsSubject {
    const needsText = message === null && kind.ignoresMessage !== true;
    return { notification, kinds: needsText ? [kind.kind] : [] };
  }

  async function startSends(
    going: ClaimedDelivery[],
    digests: readonly Digest[],
    facts: Facts,
    onEach: () => void,
  ): Promise<Promise<void>[]> {
    if (going.length === 0) return [];
    if (isStopped) {
      const all = [...going, ...digests.flatMap((one) => one.members)];
      return all.map((one) => recordOne(withoutAttempt(one, 'pending', one.heldFor ?? undefined), onEach));
    }
    const details = await loadMissingDetails(deps, going);
    const digestMessages = new Map(digests.map(({ carrier, message }) => [carrier.id, message]));
    const messages = new Map(
      going.map((delivery) => {
        const digest = digestMessages.get(delivery.id);
        const made = digest ? { message: digest, isNew: true } : messageOf(delivery, kind, facts, details);
        return [delivery.id, made];
      }),
    );
    deps.fault('worker.after-render');
    const starting = going.map(({ id, leaseToken }) => {
      const message = messages.get(id);
      return { deliveryId: id, leaseToken, message: message?.isNew === true ? message.message : undefined };
    });
    const numbers = await startAttempts(deps.db, starting, digests.map(toDigestStart));
    const told = digests.reduce((sum, one) => sum + one.members.length, 0);
    deps.metrics.digested.inc(told);
    const begun = going.flatMap((delivery) => {
      const attemptNumber = numbers.get(delivery.id);
      const message = messages.get(delivery.id)?.message;
      return attemptNumber === undefined || message === undefined
        ? []
        : [{ delivery, message, attemptNumber }];
    });
    for (let over = told + going.length - begun.length; over > 0; over -= 1) onEach();
    return sendBegun(begun, onEach);
  }

  function sendBegun(begun: readonly BegunDelivery[], onEach: () => void): Promise<void>[] {
    const adapter = deps.adapters[kind.kind];
    // One for the whole batch: its sends begin together.
    const signal = AbortSignal.any([aborting.signal, AbortSignal.timeout(deps.config.dispatchTimeoutMs)]);
    return begun.map(async (one) =>
      recordOne(await sendOnce(deps, { ...one, kind, adapter, signal }), onEach),
    );
  }

  function reserve(wanted: number): Reservation | undefined {
    const slots = Math.min(wanted, capacity());
    const leave = slots > 0 ? shared.gate.tryEnter() : undefined;
    if (leave === undefined) return undefined;
    busySlots += slots;
    const settleAll = (sends: Promise<void>[]): void => {
      release(slots - sends.length);
      void Promise.all(sends).finally(leave);
    };
    const giveOne = () => release(1);
    const handBack = (begun: readonly BegunDelivery[]) =>
      settleAll(begun.map((one) => recordOne(notSent(one), giveOne)));
    return {
      slots,
      send: (begun) => (isStopped ? handBack(begun) : settleAll(sendBegun(begun, giveOne))),
      handBack,
    };
  }

  function capacity(): number {
    return isStopped ? 0 : Math.max(0, kind.slots - busySlots - waiting.size);
  }

  async function recordOne(outcome: DeliveryOutcome, onEach: () => void): Promise<void> {
    try {
      const recorded = await shared.recorder.record(outcome);
      if (!recorded) deps.log.warn({ event: 'delivery.lease_lost', deliveryId: outcome.deliveryId });
      deps.fault('worker.recorded-before-ack');
    } catch (error) {
      // Never thrown: the others of its batch are still under way, and their slots are theirs.
      deps.metrics.jobErrors.inc({ job: `deliver-${kind.kind}` });
      deps.log.error({ event: 'delivery.not_recorded', deliveryId: outcome.deliveryId, error });
    } finally {
      onEach();
    }
  }

  return {
    offer(ids) {
      if (isStopped || ids.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const offer = { left: ids.length, done: resolve };
        for (const id of ids) waiting.set(id, [...(waiting.get(id) ?? []), offer]);
        pump();
      });
    },
    async offerAlone(id) {
      if (isStopped) return;
      busySlots += 1;
      try {
        await shared.gate.alone(async () => {
          const claimed = isStopped ? [] : await claim([id], true);
          await sendAll(claimed, 1, () => undefined);
        });
      } finally {
        release(1);
      }
    },
    ...{ reserve, capacity },
    async stop(withinMs) {
      isStopped = true;
      for (const offers of waiting.values()) for (const offer of offers) settle(offer);
      waiting.clear();
      const cut = AbortSignal.timeout(Math.max(1, withinMs));
      cut.addEventListener('abort', () => aborting.abort());
      if (busySlots > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      await deps.adapters[kind.kind].stop();
    },
  };
}

function settle(offer: Offer): void {
  offer.left -= 1;
  if (offer.left === 0) offer.done();
}

function toDigestStart({ carrier, members }: Digest): DigestStart {
  return { carrierId: carrier.id, members: members.map(({ id, leaseToken }) => ({ id, leaseToken })) };
}

/** How an attempt ends that was opened and never entered its adapter. */
function notSent({ delivery, attemptNumber }: BegunDelivery): DeliveryOutcome {
  return {
    ...{ deliveryId: delivery.id, leaseToken: delivery.leaseToken, state: 'pending', reason: 'retry' },
    delayMs: 0,
    attempt: {
      ...{ number: attemptNumber, outcome: 'retry', reason: 'the worker could not begin the send' },
      ...{ statusCode: undefined, providerId: undefined },
    },
  };
}
