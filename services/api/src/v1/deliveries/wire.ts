import type { Attempt, Delivery, DeliveryContent, Paused } from '@carillon/contracts';
import type { AttemptRecord, DeliveryRecord, PauseState } from '@carillon/db';
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
    feedback: row.feedback,
    feedback_at: isoOrNull(row.feedback_at),
    feedback_reason: clip(row.feedback_reason, 500),
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
    channel_id: row.channel_id,
  };
}

/** A kept message is what a worker of any earlier version stored, so each part is looked at. */
export function fromMessage(deliveryId: string, message: unknown): DeliveryContent {
  const parts: Record<string, unknown> = isRecord(message) ? message : {};
  return {
    delivery_id: deliveryId,
    title: textOf(parts['title']),
    text: textOf(parts['text']),
    html: textOf(parts['html']),
    notification: isRecord(parts['notification']) ? parts['notification'] : {},
  };
}

function textOf(part: unknown): string {
  return typeof part === 'string' ? part : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fromPause({ pausedAt, pausedKinds }: PauseState): Paused {
  return { paused: pausedAt !== null, paused_at: isoOrNull(pausedAt), channels: pausedKinds };
}

export function isStatus(code: number | null): code is number {
  return code !== null && code >= 100 && code <= 599;
}

/** What a receiver said may be longer than the contract lets us say; nothing at all is null. */
export function clip(text: string | null, lengthMax: number): string | null {
  return text === null || text === '' ? null : text.slice(0, lengthMax);
}
