import { randomBytes as secureBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, NewId } from '@carillon/core';
import { v7 } from 'uuid';

/** The clock of this machine. */
export function createClock(): Clock {
  return { now: () => new Date(), monotonicMs: () => performance.now() };
}

/**
 * UUIDs of version 7 (RFC 9562 section 5.7). Those of one process rise strictly, also within one
 * millisecond and when the machine's clock steps back.
 */
export function createNewId(): NewId {
  return () => v7();
}

/** A number in [0, 1), for jitter and sampling; never for secrets. */
export type Random = () => number;

/** The platform's generator. */
export function createRandom(): Random {
  return () => Math.random();
}

/** `count` bytes fit for secrets. */
export function randomBytes(count: number): Uint8Array {
  return secureBytes(count);
}
