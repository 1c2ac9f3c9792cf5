import { sql } from 'kysely';
import type { NotificationId } from '@carillon/core';
import { afterLookup } from '../by-id.ts';
import type { Database } from '../connect.ts';

/** What only some receivers are told of a notification. */
export interface LoadedDetails {
  /** As the recipient is known now; all null for one who was removed. */
  recipient: { email: string | null; name: string | null; username: string | null; locale?: string | null };
  /** Null for what was sent without one. */
  template: { id: string; name: string } | null;
  targets: string[];
  /** Whether it reaches everybody, so that nobody can switch it off: by its category or its template, as they are now. */
  mandatory: boolean;
  /** Of the organization. */
  locale: string;
}

/** Loads details in one statement. For messages to channels that want them only: the others do not pay for it. */
export async function loadDetails(
  db: Database,
  ids: readonly NotificationId[],
): Promise<Map<NotificationId, LoadedDetails>> {
  if (ids.length === 0) return new Map();
  // By the primary keys of notifications, users, templates and categories.
  const { rows } = await sql<LoadedDetails & { id: NotificationId }>`
    select n.id, n.targets, json_build_object('email', u.email, 'name', u.name, 'username', u.username,
        'locale', u.locale) as recipient,
      case when n.template_id is not null then
        json_build_object('id', n.template_id, 'name', coalesce(t.name, '')) end as template,
      coalesce(c.mandatory, false) or coalesce(t.mandatory, false) as mandatory, o.locale
    from notifications n
    join organizations o on o.id = n.organization_id
    left join users u on u.id = n.recipient_id and ${afterLookup(sql`u.deleted_at is null`)}
    left join templates t on t.organization_id = n.organization_id and t.id = n.template_id
    left join categories c on c.organization_id = n.organization_id and c.key = n.category
    where n.id = any(${[...new Set(ids)]}::uuid[])
  `.execute(db);
  return new Map(rows.map(({ id, ...details }) => [id, details]));
}
