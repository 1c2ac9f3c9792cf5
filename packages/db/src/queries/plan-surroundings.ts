import { sql } from 'kysely';
import {
  firstZone,
  type ChannelKind,
  type OrganizationId,
  type PlanChannel,
  type PlanContactPoint,
  type UserId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import { plannedChannel } from './loaded-notification.ts';

/** What a plan needs of an organization and some of its users, besides what they prefer. No settings, no secrets. */
export interface PlanSurroundings {
  /** The database's clock. */
  now: Date;
  /** Whether the whole organization is paused. */
  paused: boolean;
  pausedKinds: ChannelKind[];
  /** Those that are switched off too: a plan says so. */
  channels: PlanChannel[];
  /** Who was removed is absent. */
  recipients: Map<UserId, PlanRecipient>;
}

export interface PlanRecipient {
  externalId: string | null;
  /** The user's, else the organization's. */
  zone: string;
  contactPoints: PlanContactPoint[];
}

/** As dispatch loads it with each batch, for notifications that were not accepted. */
export async function loadPlanSurroundings(
  db: Database,
  organizationId: OrganizationId,
  userIds: readonly UserId[],
): Promise<PlanSurroundings> {
  const { rows } = await sql<Omit<PlanSurroundings, 'recipients'> & { zone: string }>`
    select carillon_now() as now, o.paused_at is not null as paused, o.paused_kinds as "pausedKinds", o.zone,
      coalesce((
        select json_agg(json_build_object(${plannedChannel}) order by c.position, c.id)
        from channels c where c.organization_id = o.id), '[]') as channels
    from organizations o where o.id = ${organizationId}
  `.execute(db);
  const [organization] = rows;
  if (organization === undefined) {
    return { now: new Date(0), paused: false, pausedKinds: [], channels: [], recipients: new Map() };
  }
  const { zone, ...rest } = organization;
  return { ...rest, recipients: await loadRecipients(db, organizationId, userIds, zone) };
}

interface RecipientRow {
  id: UserId;
  externalId: string | null;
  zone: string | null;
  contactPoints: (Omit<PlanContactPoint, 'badReason'> & { badReason: string | null })[];
}

async function loadRecipients(
  db: Database,
  organizationId: OrganizationId,
  userIds: readonly UserId[],
  organizationZone: string,
): Promise<Map<UserId, PlanRecipient>> {
  const { rows } = await sql<RecipientRow>`
    select u.id, u.external_id as "externalId", u.zone,
      coalesce((
        select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'badReason', p.bad_reason,
          'verified', p.verified_at is not null) order by p.id)
        from contact_points p where p.user_id = u.id), '[]') as "contactPoints"
    from users u
    where u.id = any(${userIds}::uuid[]) and u.organization_id = ${organizationId} and u.deleted_at is null
  `.execute(db);
  return new Map(
    rows.map(({ id, externalId, zone, contactPoints }) => [
      id,
      {
        externalId,
        zone: firstZone(zone, organizationZone),
        contactPoints: contactPoints.map((p) => ({ ...p, badReason: p.badReason ?? undefined })),
      },
    ]),
  );
}
