import type { Router } from 'express';
import {
  createChannel,
  deleteChannel,
  getChannel,
  listChannelKinds,
  listChannels,
  pauseChannel,
  resumeChannel,
  testChannel,
  updateChannel,
  type Channel,
  type ChannelKindObject,
  type ChannelTestResult,
  type WrittenChannel,
} from '@carillon/contracts';
import type { ChannelId, ContactPointId } from '@carillon/core';
import { listKinds } from '../../actions/channel-kinds.ts';
import { testChannel as test } from '../../actions/channel-tests.ts';
import {
  changeOne,
  createOne,
  getShown,
  listAll,
  removeOne,
  type ShownChannel,
  type WrittenChannel as Written,
} from '../../actions/channels.ts';
import { pauseChannel as pause } from '../../actions/pauses.ts';
import type { ApiDeps } from '../../deps.ts';
import { bind, noStore, replayedHeader } from '../../http/bind.ts';
import { asUser } from '../../http/caller.ts';
import { etagOf, guardOf } from '../../http/etag.ts';
import { isoOrNull } from '../notifications/wire.ts';

/** The ways to reach people that an organization has set up. */
export function mountChannels(deps: ApiDeps, router: Router): void {
  bind(deps, router, listChannelKinds, async () => ({
    status: 200,
    body: { data: listKinds().map(fromKind) },
  }));

  bind(deps, router, createChannel, async ({ body, caller, key }) => {
    const { result, replayed } = await createOne(deps, asUser(caller), body, key);
    return {
      status: 201,
      body: fromWritten(result),
      headers: {
        ...noStore,
        Location: `/v1/channels/${result.channel.id}`,
        ...(replayed && replayedHeader),
      },
    };
  });

  bind(deps, router, listChannels, async ({ caller }) => {
    const channels = await listAll(deps, asUser(caller));
    return {
      status: 200,
      body: { data: channels.map(fromChannel), delivery_mode: deps.config.delivery.mode },
    };
  });

  bind(deps, router, getChannel, async ({ params, caller }) => {
    const channel = await getShown(deps, asUser(caller), params.id as ChannelId);
    return { status: 200, body: fromChannel(channel) };
  });

  bind(deps, router, updateChannel, async ({ params, body, caller, ifMatch }) => {
    const guard = guardOf(ifMatch, fromChannel);
    const written = await changeOne(deps, asUser(caller), params.id as ChannelId, body, guard);
    // Of what a GET shows: without a secret that only this answer tells.
    const headers = { ...noStore, ETag: etagOf(fromChannel(written.channel)) };
    return { status: 200, body: fromWritten(written), headers };
  });

  bind(deps, router, deleteChannel, async ({ params, caller, ifMatch }) => {
    await removeOne(deps, asUser(caller), params.id as ChannelId, guardOf(ifMatch, fromChannel));
    return { status: 204 };
  });

  bind(deps, router, pauseChannel, async ({ params, caller }) => {
    const channel = await pause(deps, asUser(caller), params.id as ChannelId, true);
    return { status: 200, body: fromChannel(channel) };
  });

  bind(deps, router, resumeChannel, async ({ params, caller }) => {
    const channel = await pause(deps, asUser(caller), params.id as ChannelId, false);
    return { status: 200, body: fromChannel(channel) };
  });

  bind(deps, router, testChannel, async ({ params, body, caller }) => {
    const { contact_point_id: point, address } = body;
    const target = { contactPointId: point as ContactPointId | undefined, address };
    const { outcome, reason, statusCode } = await test(deps, asUser(caller), params.id as ChannelId, target);
    const result: ChannelTestResult = { outcome, reason, status_code: statusCode };
    return { status: 200, body: result };
  });
}

/** Schemas as JSON, which leaves out what only their makers know of them. */
function fromKind(kind: ReturnType<typeof listKinds>[number]): ChannelKindObject {
  const { contactPoint, retryScheduleMs } = kind;
  return {
    ...{ kind: kind.kind, title: kind.title, digests: kind.digests },
    settings: { ...kind.settings },
    contact_point: contactPoint === undefined ? null : { ...contactPoint },
    rate: kind.rate?.({}) ?? null,
    retry_seconds: retryScheduleMs.map((delayMs) => Math.ceil(delayMs / 1000)),
  };
}

function fromChannel(channel: ShownChannel): Channel {
  return {
    id: channel.id,
    kind: channel.kind,
    name: channel.name,
    enabled: channel.enabled,
    position: channel.position,
    settings: channel.settings,
    rate: channel.rate,
    circuit: {
      state: channel.opened_at === null ? 'closed' : 'open',
      ...{ opened_at: isoOrNull(channel.opened_at), probe_at: isoOrNull(channel.probe_at) },
    },
    paused_at: isoOrNull(channel.paused_at),
    created_at: channel.created_at.toISOString(),
    updated_at: channel.updated_at.toISOString(),
  };
}

function fromWritten({ channel, generated }: Written): WrittenChannel {
  return { ...fromChannel(channel), ...(generated !== undefined && { generated }) };
}
