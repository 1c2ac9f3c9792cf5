import { sql } from 'kysely';
import { NotFoundError, type ChannelId, type OrganizationId, type TemplateRef } from '@carillon/core';
import type { Database } from '../connect.ts';
import type { ChannelRecord } from './channels.ts';
import { wakeOfChannel, wakeOfTemplate } from './set-aside.ts';
import { getTemplate, type TemplateRecord } from './templates.ts';

/**
 * Pauses or resumes a channel. While it is paused its deliveries wait and everything else goes on; resuming makes them
 * due at once. Twice is once. Throws NotFoundError.
 */
export async function setChannelPaused(
  db: Database,
  organizationId: OrganizationId,
  id: ChannelId,
  paused: boolean,
): Promise<ChannelRecord> {
  const row = await db
    .updateTable('channels')
    .set({ paused_at: paused ? sql<Date>`coalesce(paused_at, carillon_now())` : null })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('channel.not_found', 'There is no such channel');
  if (!paused) await wakeOfChannel(db, organizationId, id);
  return row;
}

/**
 * Pauses or resumes a template. While it is paused, what is sent by it waits before it enters an inbox, and what is in
 * one already is not delivered; resuming makes all of it due at once. Twice is once. Throws NotFoundError.
 */
export async function setTemplatePaused(
  db: Database,
  organizationId: OrganizationId,
  ref: TemplateRef,
  paused: boolean,
): Promise<TemplateRecord> {
  const { id } = await getTemplate(db, organizationId, ref);
  await db
    .updateTable('templates')
    .set({ paused_at: paused ? sql<Date>`coalesce(paused_at, carillon_now())` : null })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .execute();
  if (!paused) await wakeOfTemplate(db, organizationId, id);
  return getTemplate(db, organizationId, { by: 'id', id });
}
