import type { ServerFrame } from '../wire.ts';
import type { StreamTransportName } from './feed.ts';

/** One way to be told what happens. */
export interface StreamTransport {
  name: StreamTransportName;
  /**
   * Opens a stream after a position and calls `onFrame` for each frame. Resolves when the stream has ended by the
   * other side or was cut; rejects with a CarillonError when it was refused, or with the signal's reason.
   */
  open(after: string, signal: AbortSignal, onFrame: (frame: ServerFrame) => void): Promise<void>;
}

/** A border: frames are taken as the server's contract promises them; types that are not known yet are skipped. */
export function parseFrame(text: string): ServerFrame | undefined {
  const frame: unknown = JSON.parse(text);
  return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : undefined;
}
