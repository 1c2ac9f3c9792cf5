import type { CarillonError } from '../errors.ts';
import type { ChangesFrame, InboxCounts } from '../wire.ts';

export type StreamTransportName = 'websocket' | 'sse';
export type TransportName = StreamTransportName | 'polling';

/** How the copy is connected to the server: what a person is shown. */
export type ConnectionStatus =
  /** For the first time, or again after a loss. */
  | { state: 'connecting' }
  /** The copy is up to date; by `polling`, it was a moment ago. `shared`: by another tab's connection. */
  | { state: 'open'; transport: TransportName; shared: boolean }
  /** Lost, and tried again after `retryInMs`, or at once by `reconnect`. */
  | { state: 'waiting'; error: CarillonError | undefined; retryInMs: number }
  /** The credential is not taken; tried again now and then, or at once by `reconnect`. */
  | { state: 'refused'; error: CarillonError }
  | { state: 'stopped' };

/** What a feed tells, in order. */
export interface FeedEvents {
  /** What happened after everything that was told before. */
  changes(frame: ChangesFrame): void;
  /** The counts as of a position. */
  counts(counts: InboxCounts, position: string): void;
  /** What is known is of no use: read the list. What happens after that moment is told. */
  reload(): void;
  status(status: ConnectionStatus): void;
}

/** Changes of one inbox without gaps, wherever they come from. */
export interface Feed {
  status(): ConnectionStatus;
  /** Everything up to here was told; undefined before the first answer of the server. */
  position(): string | undefined;
  /** Something has changed that makes a try worth while: do not wait any longer. */
  wake(): void;
  stop(): void;
}
