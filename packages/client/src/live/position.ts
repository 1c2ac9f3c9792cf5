/** A place in the stream of an inbox's changes: `<epoch>.<sequence>`. */
export interface Position {
  epoch: string;
  sequence: number;
}

export function readPosition(text: string): Position {
  const dot = text.lastIndexOf('.');
  return { epoch: text.slice(0, dot), sequence: Number(text.slice(dot + 1)) };
}

/**
 * Whether who stands at `own` has seen everything up to `other`. Undefined when the two cannot be compared: the
 * database was restored from a backup between them, and numbers run a second time.
 */
export function hasSeen(own: string, other: string): boolean | undefined {
  const [a, b] = [readPosition(own), readPosition(other)];
  return a.epoch === b.epoch ? a.sequence >= b.sequence : undefined;
}
