import type { KindDescription } from '@carillon/channels';
import type { ChannelId, DeliveryId } from '@carillon/core';
import type { ClaimedDelivery, DueDelivery, DueFound } from '@carillon/db';
import { sleep } from '@carillon/runtime';
import type { WorkerDeps } from '../deps.ts';
import { notSent } from './begun.ts';
import { claim, claimDue } from './claim.ts';
import { createEndpoints } from './endpoints.ts';
import type { Gate } from './gate.ts';
import { createLobby } from './lobby.ts';
import { createOffers } from './offers.ts';
import { busyWait, prepareClaimed, putOff, type ReadySend } from './prepare.ts';
import type { Recorder } from './recorder.ts';
import { createRecording } from './recording.ts';
import { createReservation, type Reservation } from './reservation.ts';
import { createSends, type Free } from './sends.ts';

/** Delivers one kind in this worker: claims what was offered, as many at once as there are slots. */
export interface DeliveryRunner {
  /** Resolves when each of these was looked at: sent, put off, or found to be somebody else's. */
  offer(ids: readonly DeliveryId[]): Promise<void>;
  /**
   * Claims what is due and came by no job, as many as there are slots, and sends it; resolves when it is claimed. What
   * was held is offered. Answers how many were found, and those that took a worker down before: they are not offered.
   */
  takeDue(perOrganization: number): Promise<{ count: number; suspects: DeliveryId[] }>;
  /** Resolves when all that was offered was looked at and there are slots for more; sends may go on meanwhile. */
  room(): Promise<void>;
  /** Sends one that took a worker down before, with nothing else under way. */
  offerAlone(id: DeliveryId): Promise<void>;
  /**
   * Keeps up to `wanted` slots for deliveries that are about to be stored as begun; undefined when there is no
   * room, or none now.
   */
  reserve(wanted: number): Reservation | undefined;
  /** How many more could be sent at once, counting what already waits. */
  capacity(): number;
  /** Channels that lead to where so many wait that the due-scan should offer no more for them. */
  crowded(): ChannelId[];
  /** Calls the listener when there is room again for what the due-scan left out meanwhile. */
  onRelief(listener: () => void): void;
  /** Claims no more; waits for what is under way until `withinMs`, then aborts it and hands leases back. */
  stop(withinMs: number): Promise<void>;
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
  | 'circuits'
  | 'rateLimiter'
>;

/** One that waits in the lobby: for room at its endpoint, or for the turn that its channel's rate gives it. */
interface Parked {
  one: ReadySend;
  isQueued: boolean;
}

/** How often some of what goes where too many wait is looked at all the same. */
const backEveryMs = 250;

/** After sends were begun from the lobby so long, what gets room meanwhile shares the next statement. */
const startsEveryMs = 4;

/** A claim is tried again by the due-scan, so a failed one only needs to be counted. */
export function createDeliveryRunner(
  deps: RunnerDeps,
  kind: KindDescription,
  shared: { gate: Gate; recorder: Recorder },
): DeliveryRunner {
  const offers = createOffers();
  const endpoints = createEndpoints(kind, deps.clock, (room) => {
    offers.bringBack(room);
    pump();
    if (offers.size() < room) tellRelief?.();
  });
  const aborting = new AbortController();
  const stopping = new AbortController();
  const lobby = createLobby<Parked>({ clock: deps.clock, wake: pump, signal: stopping.signal });
  const { recordOne, recordAll } = createRecording(deps, kind, {
    recorder: shared.recorder,
    tryAgain: (id) => void offer([id]),
  });
  const sends = createSends(deps, kind, { endpoints, signal: aborting.signal, record: recordOne });
  let backAtMs = 0;
  let isStarting = false;
  let busySlots = 0;
  let isPumping = false;
  let isClaiming = false;
  let isStopped = false;
  let onIdle: (() => void) | undefined;
  let tellRelief: (() => void) | undefined;
  const onRoom: (() => void)[] = [];

  /**
   * What becomes due or free in one turn of the event loop, or while a claim is under way, shares the next
   * claim. Otherwise a batch whose slots come back one by one would be followed by as many claims of one.
   */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      startWaiting();
      bringBack();
      claimNext();
    });
  }

  /** Sends those of the lobby whose turn has come, and gives up those that wait too long for room. */
  function startWaiting(): void {
    if (isStopped || lobby.size() === 0) return;
    const overdue = lobby.takeOverdue();
    busySlots += overdue.length;
    for (const { one, isQueued } of overdue) {
      if (isQueued) endpoints.unqueue(one.delivery.channel);
      void recordAll(putOff(deps, one, kind, busyWait(deps))).then(() => release(1));
    }
    if (isStarting) return;
    const turns = lobby.takeReady(kind.slots - busySlots, ({ one: { delivery }, isQueued }) => {
      if (!endpoints.canEnter(delivery.channel)) return false;
      if (isQueued) endpoints.unqueue(delivery.channel);
      endpoints.enter(delivery.channel);
      return true;
    });
    busySlots += turns.length;
    if (turns.length > 0) void sendTurns(turns.map(({ one }) => one));
  }

  async function sendTurns(turns: ReadySend[]): Promise<void> {
    isStarting = true;
    const leave = await shared.gate.enter();
    try {
      const started = await sends.start(turns, release).finally(() => void endStart());
      await Promise.all(started);
    } catch (error) {
      // Claimed and not begun: they are pending again when their leases end.
      release(turns.length);
      tellFailure(turns.length, error);
    } finally {
      leave();
    }
  }

  async function endStart(): Promise<void> {
    await sleep(startsEveryMs, stopping.signal);
    isStarting = false;
    pump();
  }

  function claimNext(): void {
    const free = kind.slots - busySlots;
    if (isStopped || isClaiming || free <= 0 || offers.size() === 0) return;
    const { ids, done } = offers.take(free);
    isClaiming = true;
    const claimThem = async (): Promise<{ claimed: ClaimedDelivery[] }> => {
      const except = endpoints.crowded();
      const claimed = await claim(deps, kind, { ids, except, alone: false }).finally(() => {
        isClaiming = false;
        tellRoom();
        pump();
      });
      if (except.length > 0) setAside(ids, claimed);
      return { claimed };
    };
    void claimAndSend(ids.length, claimThem)
      .then(({ sent }) => sent)
      .catch((error: unknown) => tellFailure(ids.length, error))
      .finally(done);
  }

  function tellFailure(count: number, error: unknown): void {
    deps.metrics.jobErrors.inc({ job: `deliver-${kind.kind}` });
    deps.log.warn({ event: 'delivery.batch_failed', kind: kind.kind, count, error });
  }

  async function takeDue(perOrganization: number): Promise<{ count: number; suspects: DeliveryId[] }> {
    const max = capacity();
    if (max === 0) return { count: 0, suspects: [] };
    const claimThem = (): Promise<DueFound> =>
      claimDue(deps, kind, { perOrganization, max, except: endpoints.crowded() });
    const { found, sent } = await claimAndSend(max, claimThem);
    sent.catch((error: unknown) => tellFailure(found.claimed.length, error));
    const isSuspect = ({ crashes }: DueDelivery): boolean => crashes > 0;
    void offer(found.others.filter((one) => !isSuspect(one)).map(({ id }) => id));
    const suspects = found.others.filter(isSuspect).map(({ id }) => id);
    return { count: found.claimed.length + found.others.length, suspects };
  }

  function release(count: number): void {
    busySlots -= count;
    if (busySlots === 0) onIdle?.();
    tellRoom();
    pump();
  }

  /**
   * Resolves when some were claimed, for whom so many slots are kept; `sent` when all is over with them. Slots are given
   * back one by one as sends end, so that a slow receiver does not hold its batch.
   */
  async function claimAndSend<Found extends { claimed: ClaimedDelivery[] }>(
    slots: number,
    claimSome: () => Promise<Found>,
  ): Promise<{ found: Found; sent: Promise<void> }> {
    busySlots += slots;
    const leave = await shared.gate.enter();
    let unused = slots;
    const free = (count: number): void => {
      unused -= count;
      release(count);
    };
    const end = (): void => {
      leave();
      free(unused);
    };
    try {
      const found = await claimSome();
      free(slots - found.claimed.length);
      return { found, sent: sendAll(found.claimed, slots, free).finally(end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** Of what was not claimed, some go where too many wait. */
  function setAside(ids: readonly DeliveryId[], claimed: readonly ClaimedDelivery[]): void {
    const known = new Set(claimed.map(({ id }) => id));
    offers.setAside(ids.filter((id) => !known.has(id)));
  }

  /** At once when nowhere too many wait; else a few now and then, because they may go elsewhere. */
  function bringBack(): void {
    if (offers.sizeAside() === 0 || offers.size() > 0) return;
    const nowMs = deps.clock.monotonicMs();
    if (endpoints.crowded().length > 0 && nowMs < backAtMs) return;
    backAtMs = nowMs + backEveryMs;
    offers.bringBack(kind.slots);
  }

  async function sendAll(claimed: ClaimedDelivery[], slots: number, free: Free): Promise<void> {
    if (claimed.length === 0) return;
    const { ready, outcomes } = await prepareClaimed(deps, kind, claimed, slots);
    const leftOver = isStopped ? ready.flatMap((one) => putOff(deps, one, kind, undefined)) : [];
    const settled = recordAll([...outcomes, ...leftOver], free);
    const turns = isStopped ? [] : ready.filter((one) => hasTurn(one, free));
    await Promise.all([settled, ...(await sends.start(turns, free))]);
  }

  /** Whether it goes at once. Others wait in the lobby, without their slots, or come again later. */
  function hasTurn(one: ReadySend, free: Free): boolean {
    const { waitMs, members, delivery } = one;
    if (waitMs === 0 && endpoints.hasRoom(delivery.channel)) {
      endpoints.enter(delivery.channel);
      free(members.length);
      return true;
    }
    // A suspect goes alone, and so does not wait among others.
    if (delivery.crashes === 0) {
      const isQueued = waitMs === 0;
      if (isQueued) endpoints.queue(delivery.channel);
      lobby.add({ one, isQueued }, waitMs);
      free(1 + members.length);
      return false;
    }
    const wait = waitMs > 0 ? { reason: 'rate_limited' as const, delayMs: waitMs } : busyWait(deps);
    void recordAll(putOff(deps, one, kind, wait), free);
    return false;
  }

  /** Not for each slot: a page of the due-scan is worth a statement only when there is room for some. */
  function tellRoom(): void {
    const hasRoom = offers.size() === 0 && !isClaiming && busySlots <= kind.slots / 2;
    if (hasRoom || isStopped) for (const tell of onRoom.splice(0)) tell();
  }

  function reserve(wanted: number): Reservation | undefined {
    const slots = Math.min(wanted, capacity());
    const leave = slots > 0 ? shared.gate.tryEnter() : undefined;
    if (leave === undefined) return undefined;
    busySlots += slots;
    return createReservation({
      ...{ slots, endpoints, release, leave, isStopped: () => isStopped },
      sendAll: (begun) => sends.sendBegun(begun, release),
      handBackAll: (begun) => begun.map((one) => recordOne(notSent(one), release)),
    });
  }

  function capacity(): number {
    return isStopped ? 0 : Math.max(0, kind.slots - busySlots - offers.size());
  }

  function offer(ids: readonly DeliveryId[]): Promise<void> {
    if (isStopped || ids.length === 0) return Promise.resolve();
    pump();
    return offers.add(ids);
  }

  return {
    ...{ offer, takeDue },
    room: () =>
      new Promise((resolve) => {
        onRoom.push(resolve);
        tellRoom();
      }),
    async offerAlone(id) {
      if (isStopped) return;
      busySlots += 1;
      try {
        await shared.gate.alone(async () => {
          const claimed = isStopped ? [] : await claim(deps, kind, { ids: [id], except: [], alone: true });
          await sendAll(claimed, 1, () => undefined);
        });
      } finally {
        release(1);
      }
    },
    ...{ reserve, capacity, crowded: () => endpoints.crowded() },
    onRelief(listener) {
      tellRelief = listener;
    },
    async stop(withinMs) {
      isStopped = true;
      tellRoom();
      offers.stop();
      stopping.abort();
      const left = lobby.takeAll();
      busySlots += left.length;
      for (const { one } of left) void recordAll(putOff(deps, one, kind, undefined)).then(() => release(1));
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
