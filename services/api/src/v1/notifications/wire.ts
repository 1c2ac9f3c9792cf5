import {
  dataJsonBytesMax,
  isProblemCode,
  type BatchResult,
  type Notification,
  type NotificationAccepted,
  type NotificationCreate,
  type ProblemCode,
} from '@carillon/contracts';
import {
  InvalidError,
  type RecipientRef,
  type TemplateRef,
  type TriggerDraft,
  type UserId,
} from '@carillon/core';
import type { NotificationRecord } from '@carillon/db';
import type { TriggerResult } from '../../actions/accept.ts';

/** Wire → domain. `prefix` is the JSON pointer of the create within the request's body. */
export function toDraft(body: NotificationCreate, prefix: string): TriggerDraft {
  return {
    to: body.to.map(toRef),
    pointers: body.to.map((_, index) => `${prefix}/to/${index}`),
    strict: body.strict_recipients ?? true,
    pointer: prefix,
    template: body.template === undefined ? undefined : { ref: toTemplateRef(body.template) },
    content: {
      title: body.title ?? '',
      body: body.body ?? '',
      category: body.category ?? 'general',
      data: toData(body, prefix),
      actions: body.actions ?? [],
      targets: body.targets ?? [],
      url: body.url,
      icon: body.icon,
      senderId: body.sender_id as UserId | undefined,
      environment: body.environment ?? '',
      project: body.project ?? '',
      urgent: body.urgent ?? false,
      kinds: body.channels,
      sendAt: toInstant(body.send_at),
      expiresAt: toInstant(body.expires_at),
    },
  };
}

/** Templates read labels as `labels.…`, so they are a part of the data. Throws InvalidError. */
function toData({ data = {}, labels }: NotificationCreate, prefix: string): Record<string, unknown> {
  if (labels === undefined) return data;
  if (Object.hasOwn(data, 'labels')) {
    throw labelsInvalid(`${prefix}/data/labels`, 'must not be given beside `labels`, which becomes it');
  }
  const both = { ...data, labels };
  if (Buffer.byteLength(JSON.stringify(both)) > dataJsonBytesMax) {
    throw labelsInvalid(
      `${prefix}/labels`,
      `must have at most ${dataJsonBytesMax} bytes as JSON together with \`data\``,
    );
  }
  return both;
}

function labelsInvalid(pointer: string, detail: string): InvalidError {
  return new InvalidError('notification.labels_invalid', `${pointer}: ${detail}`, {
    errors: [{ pointer, detail }],
  });
}

function toInstant(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/** Keys never look like ids (contracts). */
export function toTemplateRef(reference: string): TemplateRef {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(reference)
    ? { by: 'id', id: reference }
    : { by: 'key', key: reference };
}

const externalPrefix = 'external:';

export function toRef(to: NotificationCreate['to'][number]): RecipientRef {
  if (typeof to === 'string') {
    if (to.startsWith(externalPrefix))
      return { by: 'external_id', externalId: to.slice(externalPrefix.length) };
    return to.includes('@') ? { by: 'email', email: to } : { by: 'id', id: to as UserId };
  }
  if ('id' in to) return { by: 'id', id: to.id as UserId };
  if (!('external_id' in to)) return { by: 'email', email: to.email };
  const { external_id: externalId, ...known } = to;
  if (Object.keys(known).length === 0) return { by: 'external_id', externalId };
  return { by: 'inline', user: { externalId, ...known } };
}

type Accepted = Extract<TriggerResult, { outcome: 'accepted' }>;

export function fromAccepted(result: Accepted): NotificationAccepted {
  return {
    trigger_id: result.id,
    notifications: result.notifications.map((one) => ({
      id: one.id,
      recipient_id: one.recipientId,
      explain_url: `/v1/notifications/${one.id}/explain`,
    })),
    deduplicated: result.deduplicated,
    rejected: result.rejected,
  };
}

export function fromTriggerResult(result: TriggerResult): BatchResult {
  if (result.outcome === 'accepted') return { status: 'accepted', ...fromAccepted(result) };
  const code: ProblemCode = isProblemCode(result.code) ? result.code : 'request.invalid';
  return { status: 'refused', code, message: result.message, errors: result.errors };
}

/** Domain → wire: the sender's view of a notification. */
export function fromNotification(row: NotificationRecord): Notification {
  return {
    id: row.id,
    trigger_id: row.trigger_id,
    recipient_id: row.recipient_id,
    recipient_external_id: row.recipient_external_id,
    template: row.template_key,
    template_id: row.template_id,
    template_version: row.template_version,
    title: row.title,
    body: row.body,
    category: row.category,
    data: row.data,
    actions: row.actions,
    targets: row.targets,
    url: row.url,
    icon: row.icon,
    sender_id: row.sender_id,
    environment: row.environment,
    project: row.project,
    urgent: row.urgent,
    channels: row.kinds,
    state: stateOf(row),
    decisions: row.decisions,
    created_at: row.created_at.toISOString(),
    dispatched_at: isoOrNull(row.dispatched_at),
    inbox_at: isoOrNull(row.inbox_at),
    seen_at: isoOrNull(row.seen_at),
    read_at: isoOrNull(row.read_at),
    acknowledged_at: isoOrNull(row.acknowledged_at),
    archived_at: isoOrNull(row.archived_at),
    dismissed_at: isoOrNull(row.dismissed_at),
    cancelled_at: isoOrNull(row.cancelled_at),
    send_at: isoOrNull(row.send_at),
    expires_at: isoOrNull(row.expires_at),
  };
}

function stateOf(row: NotificationRecord): Notification['state'] {
  if (row.inbox_at !== null) return 'placed';
  if (row.cancelled_at !== null) return 'cancelled';
  if (row.dispatched_at !== null) return 'suppressed';
  return row.is_early ? 'scheduled' : 'accepted';
}

export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
