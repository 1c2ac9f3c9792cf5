import { sql, type Selectable } from 'kysely';
import {
  NotFoundError,
  type ChannelId,
  type ChannelRate,
  type ExternalKind,
  type OrganizationId,
} from '@carillon/core';
import type { Database } from '../connect.ts';
import type { ChannelsTable } from '../schema.ts';
import { wakeOfChannel } from './set-aside.ts';

/** A configured channel; `secrets` is sealed (runtime/secrets) and opened only to send. */
export type ChannelRecord = Selectable<ChannelsTable>;

export interface ChannelFields {
  name?: string | undefined;
  enabled?: boolean | undefined;
  position?: number | undefined;
  settings?: Record<string, unknown> | undefined;
  /** Null removes. */
  secrets?: string | null | undefined;
  /** Null for the limit of the kind. */
  rate?: ChannelRate | null | undefined;
}

function toColumns(fields: ChannelFields) {
  return {
    ...(fields.name !== undefined && { name: fields.name }),
    ...(fields.enabled !== undefined && { enabled: fields.enabled }),
    ...(fields.position !== undefined && { position: fields.position }),
    ...(fields.settings !== undefined && { settings: JSON.stringify(fields.settings) }),
    ...(fields.secrets !== undefined && { secrets: fields.secrets }),
    ...(fields.rate !== undefined && { rate: fields.rate && JSON.stringify(fields.rate) }),
  };
}

export async function insertChannel(
  db: Database,
  channel: ChannelFields & {
    id: ChannelId;
    organizationId: OrganizationId;
    kind: ExternalKind;
    name: string;
  },
): Promise<ChannelRecord> {
  return db
    .insertInto('channels')
    .values({
      id: channel.id,
      organization_id: channel.organizationId,
      kind: channel.kind,
      ...toColumns(channel),
      name: channel.name,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What leads elsewhere, or is switched on again, has not failed yet. Throws NotFoundError. */
export async function updateChannel(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
  fields: ChannelFields,
): Promise<ChannelRecord> {
  const row = await db
    .updateTable('channels')
    .set({
      ...toColumns(fields),
      ...(isAnew(fields) && { opened_at: null, probe_at: null }),
      updated_at: sql<Date>`carillon_now()`,
    })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('channel.not_found', 'There is no such channel');
  return row;
}

function isAnew({ settings, secrets, enabled }: ChannelFields): boolean {
  return settings !== undefined || secrets !== undefined || enabled === true;
}

export async function getChannel(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
): Promise<ChannelRecord> {
  const row = await db
    .selectFrom('channels')
    .selectAll()
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('channel.not_found', 'There is no such channel');
  return row;
}

/** As `getChannel`; the row stays locked until the transaction ends. */
export async function lockChannel(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
): Promise<ChannelRecord> {
  await sql`select from channels where id = ${id} and organization_id = ${organizationId} for update`.execute(
    db,
  );
  return getChannel(db, organizationId, id);
}

/** In the order in which they are tried: position, then age. */
export async function listChannels(db: Database, organizationId: OrganizationId): Promise<ChannelRecord[]> {
  return db
    .selectFrom('channels')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('position')
    .orderBy('id')
    .limit(200)
    .execute();
}

/** Deliveries that wait for a removed channel are cancelled when they come up. Throws NotFoundError. */
export async function deleteChannel(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
): Promise<void> {
  const result = await db
    .deleteFrom('channels')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw new NotFoundError('channel.not_found', 'There is no such channel');
  await wakeOfChannel(db, organizationId, id);
}

export interface SealedChannel {
  id: ChannelId;
  organization_id: OrganizationId;
  name: string;
  secrets: string;
}

/** All sealed secrets, for the check at start that every one can be opened. By id, in pages. */
export async function listSealedChannels(
  db: Database,
  page: { limit: number; afterId?: ChannelId | undefined },
): Promise<SealedChannel[]> {
  const { rows } = await sql<SealedChannel>`
    select id, organization_id, name, secrets from channels
    where secrets is not null ${page.afterId === undefined ? sql`` : sql`and id > ${page.afterId}`}
    order by id limit ${page.limit}
  `.execute(db);
  return rows;
}
