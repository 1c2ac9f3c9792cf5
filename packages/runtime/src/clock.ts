import { randomBytes as secureBytes, randomFillSync } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, NewId } from '@carillon/core';
import { v7 } from 'uuid';

/** The clock of this machine. */
export function createClock(): Clock {
  return { now: () => new Date(), monotonicMs: () => performance.now() };
}

/** Ids that are made from one request to the system's generator, which costs as much as ten ids. */
const idsPerFill = 256;
const idBytes = 16;

/**
 * UUIDs of version 7 (RFC 9562 section 5.7). Those of one generator rise strictly, also within one
 * millisecond and when the machine's clock steps back (method 1 of section 6.2: the sequence begins
 * anywhere in its lower half, and counts).
 */
export function createNewId(): NewId {
  const pool = new Uint8Array(idsPerFill * idBytes);
  const view = new DataView(pool.buffer);
  let offset = pool.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (offset === pool.length) {
      randomFillSync(pool);
      offset = 0;
    }
    const now = Date.now();
    if (now > msecs) {
      msecs = now;
      seq = view.getUint32(offset) >>> 1;
    } else {
      seq = (seq + 1) >>> 0;
      if (seq === 0) msecs += 1;
    }
    const random = pool.subarray(offset, (offset += idBytes));
    return v7({ random, msecs, seq });
  };
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
