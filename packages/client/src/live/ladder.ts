import type { StreamTransportName, TransportName } from './feed.ts';

/** Which transport is tried next. */
export interface Ladder {
  current(): TransportName;
  /** The current transport works. */
  opened(): void;
  /** It could not be opened. */
  failed(): void;
  /** Polling has lasted long enough, or fails as well: try the better ones again, each once. */
  climb(): void;
}

/** So often in a row a transport may fail to open before the next one gets its turn. */
const failuresMax = 2;

/** Down from the best transport to polling, which needs nothing but answers, and up again. */
export function createLadder(transports: readonly StreamTransportName[]): Ladder {
  let rung = 0;
  let failures = 0;
  let allowed = failuresMax;
  return {
    current: () => transports[rung] ?? 'polling',
    opened() {
      failures = 0;
      allowed = failuresMax;
    },
    failed() {
      failures += 1;
      if (failures < allowed || rung >= transports.length) return;
      rung += 1;
      failures = 0;
    },
    climb() {
      rung = 0;
      failures = 0;
      allowed = 1;
    },
  };
}
