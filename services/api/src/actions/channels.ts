import { ConflictError, type ChannelId, type ChannelRate, type ExternalKind } from '@carillon/core';
import {
  deleteChannel,
  getChannel,
  inOrganization,
  insertChannel,
  listChannels,
  lockChannel,
  updateChannel,
  type ChannelRecord,
} from '@carillon/db';
import type { ApiDeps } from '../deps.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Guard } from '../http/etag.ts';
import type { RequestKey } from '../http/idempotency-key.ts';
import { mergeSettings, showSettings, toStored, type StoredSettings } from './channel-settings.ts';
import { once } from './once.ts';

type ChannelDeps = Pick<ApiDeps, 'db' | 'sealer' | 'log' | 'newId' | 'config' | 'randomBytes'>;

/** Channels of one organization at most. */
const perOrganizationMax = 100;

/** A channel as it may be shown: its settings hold no secret. */
export type ShownChannel = Omit<ChannelRecord, 'secrets'>;

/** What a write gives back. */
export interface WrittenChannel {
  channel: ShownChannel;
  generated: StoredSettings['generated'];
}

/** Fields of a channel that a caller may set. */
export interface ChannelWish {
  name?: string | undefined;
  enabled?: boolean | undefined;
  position?: number | undefined;
  settings?: Readonly<Record<string, unknown>> | undefined;
  /** Null for the limit of the kind. */
  rate?: ChannelRate | null | undefined;
}

/** Throws InvalidError for settings that do not fit the kind, ConflictError when there are too many channels. */
export async function createOne(
  deps: ChannelDeps,
  caller: UserCaller,
  wish: ChannelWish & { kind: ExternalKind; name: string },
  key: RequestKey | undefined,
): Promise<{ result: WrittenChannel; replayed: boolean }> {
  const { organizationId } = caller.user;
  const { kind, name, enabled, position, rate } = wish;
  const id = deps.newId() as ChannelId;
  const made = await once(deps, { organizationId, id: caller.id }, key, {
    async write(db) {
      const { generated, ...stored } = toStored(deps, { id, organizationId, kind }, wish.settings ?? {});
      if ((await listChannels(db, organizationId)).length >= perOrganizationMax) {
        throw new ConflictError('limit.reached', `An organization may have ${perOrganizationMax} channels`);
      }
      const row = await insertChannel(db, {
        ...{ id, organizationId, kind, name, enabled, position, rate },
        ...stored,
      });
      return { result: { channel: showChannel(deps, row), generated }, ids: [id] };
    },
    async again(db, { ids }) {
      const row = await getChannel(db, organizationId, ids[0] as ChannelId);
      return { channel: showChannel(deps, row), generated: undefined };
    },
  });
  if (!made.replayed) deps.log.info({ event: 'channel.created', channelId: id, kind, callerId: caller.id });
  return made;
}

/** All channels of the organization by kind, then in the order in which they are tried. */
export async function listAll(
  deps: Pick<ApiDeps, 'db' | 'sealer'>,
  { user }: UserCaller,
): Promise<ShownChannel[]> {
  const rows = await inOrganization(deps.db, user.organizationId, (db) =>
    listChannels(db, user.organizationId),
  );
  const byKind = rows.toSorted((a, b) => (a.kind < b.kind ? -1 : Number(a.kind > b.kind)));
  return byKind.map((row) => showChannel(deps, row));
}

/** Throws NotFoundError. */
export async function getShown(
  deps: Pick<ApiDeps, 'db' | 'sealer'>,
  { user }: UserCaller,
  id: ChannelId,
): Promise<ShownChannel> {
  const row = await inOrganization(deps.db, user.organizationId, (db) =>
    getChannel(db, user.organizationId, id),
  );
  return showChannel(deps, row);
}

/**
 * Changes what is named; throws NotFoundError, InvalidError for settings that do not fit the kind, and what `guard`
 * throws.
 */
export async function changeOne(
  deps: ChannelDeps,
  caller: UserCaller,
  id: ChannelId,
  { settings, ...fields }: ChannelWish,
  guard?: Guard<ShownChannel>,
): Promise<WrittenChannel> {
  const { organizationId } = caller.user;
  const written = await inOrganization(deps.db, organizationId, async (db) => {
    // Locked, so that of two changes of different settings at once neither is lost.
    const before = await lockChannel(db, organizationId, id);
    guard?.(showChannel(deps, before));
    const { generated, ...stored } =
      settings === undefined
        ? { generated: undefined }
        : toStored(deps, { id, organizationId, kind: before.kind }, mergeSettings(deps, before, settings));
    const row = await updateChannel(db, organizationId, id, { ...fields, ...stored });
    return { channel: showChannel(deps, row), generated };
  });
  deps.log.info({
    ...{ event: 'channel.changed', channelId: id, callerId: caller.id },
    fields: [...Object.keys(fields), ...(settings === undefined ? [] : ['settings'])],
  });
  return written;
}

/** What is pending for it is not sent. Throws NotFoundError, and what `guard` throws. */
export async function removeOne(
  deps: Pick<ApiDeps, 'db' | 'sealer' | 'log'>,
  caller: UserCaller,
  id: ChannelId,
  guard?: Guard<ShownChannel>,
): Promise<void> {
  const { organizationId } = caller.user;
  await inOrganization(deps.db, organizationId, async (db) => {
    guard?.(showChannel(deps, await lockChannel(db, organizationId, id)));
    await deleteChannel(db, organizationId, id);
  });
  deps.log.info({ event: 'channel.removed', channelId: id, callerId: caller.id });
}

/** A channel as it may be shown. */
export function showChannel(deps: Pick<ApiDeps, 'sealer'>, row: ChannelRecord): ShownChannel {
  const { secrets: _secrets, ...shown } = row;
  return { ...shown, settings: showSettings(deps, row) };
}
