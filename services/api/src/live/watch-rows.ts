import { administers, type UserCaller } from '../http/caller.ts';
import type { ApiDeps } from '../deps.ts';
import { toLiveCaller } from './admit.ts';
import type { CloseReason, Connection } from './connection.ts';
import type { StreamForm } from './form.ts';
import { createRowFeed, type RowFeed, type RowListener } from './row-feed.ts';

/** Who watches rows: told what happens to them, and when that is over. */
export interface RowWatcher extends RowListener {
  /** Nothing more is told: the credential is no longer good, or the server stops. */
  ended(reason: CloseReason): void;
}

export interface RowWatch {
  /** The same user with another credential, by which the watch lives from now on. */
  renew(caller: UserCaller): void;
  stop(): void;
}

export type WatchDeps = Pick<ApiDeps, 'hub' | 'organizations' | 'system' | 'log'>;

/**
 * Tells what happens to the rows that a caller sees: to the own ones, for admins to all of the organization. For edges
 * that serve rows; it is counted, and ends with its credential, as any open stream. Resolves when everything that is
 * written from now on will be told. Throws TooManyError when there is no room.
 */
export async function watchRows(deps: WatchDeps, caller: UserCaller, watcher: RowWatcher): Promise<RowWatch> {
  const { id: userId, organizationId } = caller.user;
  const seesAll = administers(caller);
  const feed = seesAll ? undefined : createRowFeed(deps, watcher);
  const connection: Connection = {
    ...{ caller: toLiveCaller(caller), transport: 'websocket', form: wakingForm(caller, feed) },
    ...{ send: () => undefined, bufferedBytes: () => 0 },
    close: (reason) => watcher.ended(reason),
  };
  const stop = (): void => {
    feed?.stop();
    deps.hub.leave(connection);
    if (seesAll) deps.organizations.leave(organizationId, watcher);
  };
  try {
    await deps.hub.join(connection, undefined);
    if (seesAll) await deps.organizations.watch(organizationId, watcher);
  } catch (error) {
    stop();
    throw error;
  }
  return {
    renew(again) {
      if (again.user.id === userId) connection.caller = toLiveCaller(again);
    },
    stop,
  };
}

/** Has no word for anything: what the hub says only wakes the feed, which reads what it needs. */
function wakingForm({ user }: UserCaller, feed: RowFeed | undefined): StreamForm {
  return {
    slow: 'drop',
    ready({ head }) {
      feed?.begin(user.id, head);
      return [];
    },
    changes(_state, { until }) {
      feed?.moved(user.id, until, until - 1);
      return [];
    },
    resync({ head }) {
      feed?.moved(user.id, head, head - 1);
      return [];
    },
    heartbeat: () => [],
    revoked: () => [],
  };
}
