import type { Attempt, Delivery } from '@carillon/contracts';
import type { AttemptRecord, DeliveryRecord } from '@carillon/db';
import { isoOrNull } from '../notifications/wire.ts';

/** Domain → wire. */
export function fromDelivery(row: DeliveryRecord): Delivery {
  return {
    id: row.id,
    notification_id: row.notification_id,
    recipient_id: row.recipient_id,
    kind: row.kind,
    channel_id: row.channel_id,
    contact_point_id: row.contact_point_id,
    state: row.state,
    reason: row.reason,
    not_before: row.not_before.toISOString(),
    attempts_made: row.attempts_made,
    provider_id: clip(row.provider_id, 1024),
    created_at: row.created_at.toISOString(),
    settled_at: isoOrNull(row.settled_at),
  };
}

export function fromAttempt(row: AttemptRecord): Attempt {
  return {
    number: row.number,
    started_at: row.started_at.toISOString(),
    ended_at: isoOrNull(row.ended_at),
    outcome: row.outcome,
    reason: clip(row.reason, 2048),
    status_code: isStatus(row.status_code) ? row.status_code : null,
    provider_id: clip(row.provider_id, 1024),
  };
}

function isStatus(code: number | null): code is number {
  return code !== null && code >= 100 && code <= 599;
}

/** What a receiver said may be longer than the contract lets us say; nothing at all is null. */
function clip(text: string | null, lengthMax: number): string | null {
  return text === null || text === '' ? null : text.slice(0, lengthMax);
}
