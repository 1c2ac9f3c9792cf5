import type { ChannelId, TemplateRef } from '@carillon/core';
import { inOrganization, type TemplateRecord } from '@carillon/db';
import { setChannelPaused, setTemplatePaused } from '@carillon/db/operation';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import { showChannel, type ShownChannel } from './channels.ts';

/** Pauses or resumes a channel of the caller's organization; a worker's next scan finds what had waited. Throws NotFoundError. */
export async function pauseChannel(
  deps: Pick<ApiDeps, 'db' | 'sealer' | 'log'>,
  caller: UserCaller,
  id: ChannelId,
  paused: boolean,
): Promise<ShownChannel> {
  const { organizationId } = caller.user;
  const row = await inOrganization(deps.db, organizationId, (db) =>
    setChannelPaused(db, organizationId, id, paused),
  );
  const event = paused ? 'channel.paused' : 'channel.resumed';
  deps.log.info({ event, channelId: id, callerId: caller.id });
  return showChannel(deps, row);
}

/** Pauses or resumes a template of the caller's organization; a worker's next scan finds what had waited. Throws NotFoundError. */
export async function pauseTemplate(
  deps: Pick<ApiDeps, 'db' | 'log'>,
  caller: UserCaller,
  ref: TemplateRef,
  paused: boolean,
): Promise<TemplateRecord> {
  const { organizationId } = caller.user;
  const row = await inOrganization(deps.db, organizationId, (db) =>
    setTemplatePaused(db, organizationId, ref, paused),
  );
  const event = paused ? 'template.paused' : 'template.resumed';
  deps.log.info({ event, templateId: row.id, callerId: caller.id });
  return row;
}
