import type { ChannelId } from '@carillon/core';
import { testChannel } from '../../actions/channel-tests.ts';
import { changeOne, createOne, getShown, listAll, removeOne } from '../../actions/channels.ts';
import type { ApiDeps } from '../../deps.ts';
import type { DialectRoute } from '../dialect.ts';
import { readFields, refuse } from './body.ts';
import { readChange, readNew, toChannel, toWritten } from './channel-object.ts';
import { idOf } from './ids.ts';
import { everybody, onlyAdmins } from './rights.ts';

const base = '/api/monitoring/notifications/channels';
const one = `${base}/{channelId}`;

/** The organization's channels: members see them, admins change them. */
export function channelRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'GET', path: base, auth: everybody('admin') },
      async handle({ caller }) {
        const shown = await listAll(deps, caller);
        const channels = shown.map((channel) => toChannel(channel, caller.user.role === 'admin'));
        return { status: 200, body: { channels, total: channels.length } };
      },
    },
    {
      ...{ method: 'POST', path: base, auth: onlyAdmins },
      async handle({ body, caller }) {
        const { result } = await createOne(deps, caller, readNew(body), undefined);
        return { status: 201, body: toWritten(result) };
      },
    },
    {
      ...{ method: 'PUT', path: one, auth: onlyAdmins },
      async handle({ params, body, caller }) {
        const channel = await getShown(deps, caller, channelId(params));
        const wish = readChange(body, channel);
        return { status: 200, body: toWritten(await changeOne(deps, caller, channel.id, wish)) };
      },
    },
    {
      ...{ method: 'DELETE', path: one, auth: onlyAdmins },
      async handle({ params, caller }) {
        await removeOne(deps, caller, channelId(params));
        return { status: 200, body: { message: 'The notification channel was deleted.' } };
      },
    },
    {
      ...{ method: 'POST', path: `${one}/test`, auth: onlyAdmins },
      async handle({ params, body, caller }) {
        await testChannel(deps, caller, channelId(params), { address: readAddress(body), orOwn: true });
        return { status: 200, body: { message: 'The test notification was sent.' } };
      },
    },
  ];
}

function channelId(params: Readonly<Record<string, string>>): ChannelId {
  return idOf(params['channelId']) as ChannelId;
}

/** oCore sends no body; ours may name to whom the test goes. */
function readAddress(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  const errors: Parameters<typeof refuse>[0] = [];
  const address = readFields(body, '', errors).text('address', { charsMin: 1, charsMax: 2_048 });
  refuse(errors);
  return address;
}
