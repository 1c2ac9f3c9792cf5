/**
 * A place in one user's stream of inbox changes: `<epoch>.<sequence>`. The epoch is a random id of
 * the database's life; after a restore sequences run a second time, so a position of another epoch
 * says nothing.
 */
export interface StreamPosition {
  epoch: string;
  sequence: number;
}

const shape = /^([0-9a-z]{1,32})\.(0|[1-9][0-9]{0,15})$/;

export function formatPosition(position: StreamPosition): string {
  return `${position.epoch}.${position.sequence}`;
}

/** Undefined for anything that `formatPosition` cannot have made. */
export function parsePosition(text: string): StreamPosition | undefined {
  const match = shape.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const sequence = Number(match[2]);
  return Number.isSafeInteger(sequence) ? { epoch: match[1], sequence } : undefined;
}

export type Resume = { from: number } | { resync: 'other_epoch' | 'ahead_of_head' | 'too_old' };

/** Whether a client that saw everything up to `position` can be told just what it missed. */
export function resumeFrom(
  position: StreamPosition,
  state: { epoch: string; head: number; resyncBelow: number },
): Resume {
  if (position.epoch !== state.epoch) return { resync: 'other_epoch' };
  if (position.sequence > state.head) return { resync: 'ahead_of_head' };
  if (position.sequence < state.resyncBelow) return { resync: 'too_old' };
  return { from: position.sequence };
}
