import type { GraphQLResolveInfo } from 'graphql';
import { CarillonError, TooManyError, UnavailableError } from '@carillon/core';
import type { ApiDeps } from '../../../deps.ts';
import type { UserCaller } from '../../../http/caller.ts';
import type { RequestContext } from '../../../http/request-context.ts';
import { needRoom, toLiveCaller } from '../../../live/admit.ts';
import { closeCodes, type CloseReason } from '../../../live/connection.ts';
import type { RowChange } from '../../../live/row-feed.ts';
import { watchRows, type RowWatch } from '../../../live/watch-rows.ts';
import { helloBy } from '../realtime/handshake.ts';
import { createSerial } from '../realtime/serial.ts';
import type { Arguments } from './arguments.ts';
import type { Feed } from './feed.ts';
import { createListener, mutatedBy, type Listener, type Mutated } from './mutated.ts';
import type { OperationContext } from './resolve.ts';

/** What one socket of GraphQL is: who is on it, and what they are told. */
export interface Talk {
  request: RequestContext;
  /** Of who said who it is. */
  caller(): UserCaller | undefined;
  /** By a token of the handshake or, without one, of the address; false for nobody. */
  welcome(token: unknown): Promise<boolean>;
  /** Events for a subscription. */
  listen(args: Arguments, context: OperationContext, info: GraphQLResolveInfo): Feed<Mutated>;
  /** Ends the talk where the credential says something else by now. */
  recheck(): void;
  end(): void;
}

/** Events of one subscription that its client did not take yet, and changes that wait for the database. */
const waitingMax = 5_000;
const changesMax = 500;
/** 4403 of graphql-transport-ws, after which a client does not come back by itself. */
const forbidden = 4403;

export function createTalk(
  deps: ApiDeps,
  { request, token: tokenOfAddress }: { request: RequestContext; token: string | undefined },
  closeSocket: (code: number, reason: string) => void,
): Talk {
  const listeners = new Set<Listener>();
  let guest: { caller: UserCaller; accessToken: string; watch: RowWatch } | undefined;
  let ended = false;
  const serial = createSerial(changesMax, (error) => {
    deps.log.warn({ event: 'realtime.failed', requestId: request.requestId, error });
    close(closeCodes.slow, 'try again later');
  });

  function end(): void {
    ended = true;
    serial.stop();
    guest?.watch.stop();
  }

  function close(code: number, reason: string): void {
    if (ended) return;
    end();
    closeSocket(code, reason);
  }

  const watcher = {
    told(changes: readonly RowChange[]) {
      if (!serial.run(() => tell(changes))) close(closeCodes.slow, 'slow');
    },
    lost: () => close(closeCodes.restart, 'restart'),
    ended: (reason: CloseReason) => close(reason === 'revoked' ? forbidden : closeCodes[reason], reason),
  };

  async function tell(changes: readonly RowChange[]): Promise<void> {
    for (const listener of listeners) {
      for (const event of await mutatedBy(listener, changes)) listener.feed.push(event);
      if (listener.feed.waiting() > waitingMax) return close(closeCodes.slow, 'slow');
    }
  }

  async function enter(accessToken: string): Promise<void> {
    const { caller } = await helloBy(deps, accessToken);
    needRoom(deps, toLiveCaller(caller));
    const watch = await watchRows(deps, caller, watcher);
    if (ended) watch.stop();
    guest = { caller, accessToken, watch };
  }

  /** A credential that ends is found by the hub; who became somebody else comes back with the new rights. */
  async function compare(accessToken: string, role: string): Promise<void> {
    const again = await helloBy(deps, accessToken).catch((error: unknown) => {
      if (error instanceof CarillonError && !(error instanceof UnavailableError)) return undefined;
      throw error;
    });
    if (again?.caller.user.role !== role) watcher.ended('revoked');
  }

  return {
    request,
    caller: () => guest?.caller,
    async welcome(given) {
      const token = typeof given === 'string' ? given : tokenOfAddress;
      if (token === undefined) return false;
      try {
        await enter(token);
        return true;
      } catch (error) {
        if (!(error instanceof CarillonError) || error instanceof UnavailableError) throw error;
        deps.log.info({ event: 'auth.refused', dialect: 'directus', requestId: request.requestId });
        if (error instanceof TooManyError) close(closeCodes.slow, 'too many sockets');
        return false;
      }
    },
    listen(args, context, info) {
      const listener = createListener(args, context, info, (one) => listeners.delete(one));
      listeners.add(listener);
      return listener.feed;
    },
    recheck() {
      if (guest === undefined) return;
      const { accessToken, caller } = guest;
      serial.run(() => compare(accessToken, caller.user.role));
    },
    end,
  };
}
