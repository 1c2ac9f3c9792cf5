import type { InboxItem as WireItem } from '@carillon/contracts';
import type { InboxItem } from '@carillon/db';
import { isoOrNull } from '../notifications/wire.ts';

/** Domain → wire: the recipient's view of a notification. */
export function fromInboxItem(item: InboxItem): WireItem {
  return {
    id: item.id,
    trigger_id: item.trigger_id,
    title: item.title,
    body: item.body,
    category: item.category,
    data: item.data,
    actions: item.actions,
    targets: item.targets,
    url: item.url,
    icon: item.icon,
    sender_id: item.sender_id,
    environment: item.environment,
    project: item.project,
    urgent: item.urgent,
    inbox_at: item.inbox_at.toISOString(),
    seen_at: isoOrNull(item.seen_at),
    read_at: isoOrNull(item.read_at),
    acknowledged_at: isoOrNull(item.acknowledged_at),
    archived_at: isoOrNull(item.archived_at),
    dismissed_at: isoOrNull(item.dismissed_at),
    expires_at: isoOrNull(item.expires_at),
    sequence: item.changed_sequence,
  };
}
