import type { Overview as OverviewObject } from '@carillon/contracts';
import type { DeliveryMode } from '@carillon/core';
import type { Overview } from '../../actions/overview.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** Domain → wire. */
export function fromOverview({ record, workersAlive }: Overview, mode: DeliveryMode): OverviewObject {
  const { at, kinds, pieces, piece_seconds: pieceSeconds } = record;
  const total = (of: (kind: (typeof kinds)[number]) => number): number =>
    kinds.reduce((sum, kind) => sum + of(kind), 0);
  return {
    ...{ at: at.toISOString(), paused_at: isoOrNull(record.paused_at), delivery_mode: mode },
    workers_alive: workersAlive ?? null,
    oldest_due_seconds: Math.floor(record.oldest_due_seconds),
    undispatched: record.undispatched,
    ...{ due: total(({ due }) => due), held: total(({ held }) => held) },
    ...{ dead_letters: total(({ dead }) => dead), dead_letters_lately: record.dead_lately },
    accepted: pieces.reduce((sum, piece) => sum + piece.accepted, 0),
    sent: pieces.reduce((sum, piece) => sum + piece.sent, 0),
    piece_seconds: pieceSeconds,
    pieces: pieces.map((piece, index) => ({
      at: new Date(at.getTime() - (pieces.length - index) * pieceSeconds * 1000).toISOString(),
      ...piece,
    })),
    deliveries_complete_since: record.complete_since.toISOString(),
    kinds: kinds.map(({ open, dead, ...kind }) => ({ ...kind, not_answering: open, dead_letters: dead })),
  };
}
