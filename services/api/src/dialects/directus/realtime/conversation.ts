import { CarillonError, TooManyError, UnavailableError } from '@carillon/core';
import type { ApiDeps } from '../../../deps.ts';
import { needRoom, toLiveCaller } from '../../../live/admit.ts';
import { closeCodes, type CloseReason } from '../../../live/connection.ts';
import type { RowChange } from '../../../live/row-feed.ts';
import { watchRows, type RowWatch } from '../../../live/watch-rows.ts';
import { createMessageBudget } from '../../../live/websocket.ts';
import { forbiddenCollection, invalidPayload, DirectusError } from '../errors.ts';
import { asDirectusError } from '../from-error.ts';
import { kindOf } from '../items.ts';
import { helloBy, sayHello, type HandshakeDeps, type Hello, type SocketOrigin } from './handshake.ts';
import {
  handshakeFailed,
  parseMessage,
  problemOf,
  refusal,
  systemCollection,
  tokenExpired,
  tooManyMessages,
  unreadable,
  type ClientMessage,
  type ServerMessage,
  type Uid,
} from './messages.ts';
import { createSerial } from './serial.ts';
import { beginSubscription, readSubscription, tellSubscription, type Subscription } from './subscription.ts';

/** What a conversation is held over. */
export interface Line {
  send(text: string): void;
  /** Bytes that were written and not taken by the other side yet. */
  bufferedBytes(): number;
  /** The client said who it is. */
  welcomed(): void;
  /** After what was sent; without a code the other side sees none. */
  close(code?: number, reason?: string): void;
}

/** One client's talk, from the handshake to the end. */
export interface Conversation {
  /** A text of the client; undefined for what is none. */
  hear(text: string | undefined): void;
  /** The time to say who it is, is over. */
  refuseStranger(): void;
  /** Asks for a sign of life; ends the talk where the credential says something else by now. */
  ping(): void;
  /** The line is closed. */
  end(): void;
}

type Deps = HandshakeDeps & Pick<ApiDeps, 'hub' | 'organizations' | 'db' | 'clock' | 'metrics'>;

const subscriptionsMax = 50;
/** The SDK asks for each of its subscriptions twice when it comes back. */
const messagesPerSecond = 150;
/** Messages and events that wait for the database; whoever causes more is cut off, and may begin again. */
const waitingMax = 500;
/** A client that leaves so much unread is closed, and may begin again. */
const bufferedBytesMax = 1024 * 1024;
interface Guest extends Omit<Hello, 'refreshToken'> {
  watch: RowWatch;
}

/** `hello` is who came with a token in the address already. */
export function createConversation(
  deps: Deps,
  line: Line,
  origin: SocketOrigin,
  hello: Hello | undefined,
): Conversation {
  const subscriptions = new Map<Uid | symbol, Subscription>();
  const budget = createMessageBudget(deps, messagesPerSecond);
  let guest: Guest | undefined;
  let ended = false;
  const serial = createSerial(waitingMax, (error) => {
    deps.log.warn({ event: 'realtime.failed', requestId: origin.requestId, error });
    close(closeCodes.slow, 'try again later');
  });

  function end(): void {
    ended = true;
    serial.stop();
    subscriptions.clear();
    guest?.watch.stop();
  }

  function close(code?: number, reason?: string): void {
    if (ended) return;
    end();
    line.close(code, reason);
  }

  function send(message: ServerMessage): void {
    if (ended) return;
    if (line.bufferedBytes() > bufferedBytesMax) {
      deps.log.info({ event: 'stream.too_slow', userId: guest?.caller.user.id });
      return close(closeCodes.slow, 'slow');
    }
    deps.metrics.framesSent.inc();
    line.send(JSON.stringify(message));
  }

  function enqueue(task: () => Promise<void> | void): void {
    if (!serial.run(task)) close(closeCodes.slow, 'slow');
  }

  const watcher = {
    told: (changes: readonly RowChange[]) => enqueue(() => tell(changes)),
    // What is there is told again to who comes back.
    lost: () => close(closeCodes.restart, 'restart'),
    ended(reason: CloseReason) {
      if (reason === 'revoked') send(refusal('auth', tokenExpired));
      close(closeCodes[reason], reason);
    },
  };

  async function tell(changes: readonly RowChange[]): Promise<void> {
    if (guest === undefined) return;
    for (const subscription of subscriptions.values()) {
      for (const message of await tellSubscription(deps, guest.caller, subscription, changes)) send(message);
    }
  }

  /** A guest may show another credential of the same user; the talk goes on by it. */
  async function welcome({ caller, accessToken }: Hello): Promise<boolean> {
    if (guest !== undefined) {
      const { user } = guest.caller;
      if (user.id !== caller.user.id || kindOf(guest.caller) !== kindOf(caller)) return false;
      guest.watch.renew(caller);
      guest = { ...guest, caller, accessToken };
      return true;
    }
    needRoom(deps, toLiveCaller(caller));
    const watch = await watchRows(deps, caller, watcher);
    if (ended) watch.stop();
    guest = { caller, accessToken, watch };
    line.welcomed();
    return true;
  }

  async function authenticate({ uid, fields }: ClientMessage): Promise<void> {
    try {
      const said = await sayHello(deps, fields, origin);
      if (said === undefined || !(await welcome(said))) return fail(handshakeFailed, uid);
      send({ type: 'auth', status: 'ok', refresh_token: said.refreshToken, uid });
    } catch (error) {
      if (!(error instanceof CarillonError) || error instanceof UnavailableError) throw error;
      deps.log.info({ event: 'auth.refused', dialect: 'directus', requestId: origin.requestId });
      fail(error instanceof TooManyError ? problemOf(asDirectusError(error)) : handshakeFailed, uid);
    }
  }

  function fail(error: { code: string; message: string }, uid: Uid | undefined): void {
    send(refusal('auth', error, uid));
    close();
  }

  async function subscribe(message: ClientMessage, { caller }: Guest): Promise<void> {
    const { uid } = message;
    try {
      const key = uid ?? Symbol('without a name');
      if (subscriptions.size >= subscriptionsMax && !subscriptions.has(key))
        throw invalidPayload(`A socket may have ${subscriptionsMax} subscriptions`);
      const subscription = readSubscription(message, caller);
      send(await beginSubscription(deps, caller, subscription));
      // The SDK asks twice when it comes back: the second one takes the place of the first.
      subscriptions.set(key, subscription);
    } catch (error) {
      if (!(error instanceof DirectusError)) throw error;
      send(refusal('subscribe', problemOf(error), uid));
    }
  }

  function unsubscribe({ uid }: ClientMessage): void {
    if (uid === undefined) subscriptions.clear();
    else subscriptions.delete(uid);
    send({ type: 'subscription', event: 'unsubscribe', uid });
  }

  /** Reading and writing by the socket is for collections of one's own, of which there are none here. */
  function refuseItems({ uid, fields: { collection } }: ClientMessage): void {
    if (typeof collection !== 'string')
      return send(refusal('items', problemOf(invalidPayload('"collection" is required')), uid));
    const isSystem = collection.startsWith('directus_');
    const error = isSystem ? systemCollection : problemOf(forbiddenCollection(collection));
    send(refusal('items', error, uid));
  }

  async function answer(text: string | undefined): Promise<void> {
    const message = text === undefined ? undefined : parseMessage(text);
    if (message?.type === 'auth') return authenticate(message);
    if (guest === undefined) return fail(handshakeFailed, message?.uid);
    switch (message?.type) {
      case undefined:
        return send(refusal('server', unreadable));
      case 'subscribe':
        return subscribe(message, guest);
      case 'unsubscribe':
        return unsubscribe(message);
      case 'ping':
        return send({ type: 'pong', uid: message.uid });
      case 'items':
        return refuseItems(message);
      // Directus says nothing either, also to the answer to its own ping.
      default:
        return undefined;
    }
  }

  async function answerOrRefuse(text: string | undefined): Promise<void> {
    try {
      await answer(text);
    } catch (error) {
      if (!(error instanceof DirectusError)) throw error;
      send(refusal('server', problemOf(error)));
    }
  }

  /** A credential that ends is found by the hub; who became somebody else comes back with the new rights. */
  async function recheck({ caller, accessToken }: Guest): Promise<void> {
    const again = await helloBy(deps, accessToken).catch((error: unknown) => {
      if (error instanceof CarillonError && !(error instanceof UnavailableError)) return undefined;
      throw error;
    });
    if (again?.caller.user.role !== caller.user.role) watcher.ended('revoked');
  }

  if (hello !== undefined) enqueue(async () => void (await welcome(hello)));
  return {
    hear(text) {
      if (ended) return;
      if (budget.spend()) return enqueue(() => answerOrRefuse(text));
      send(refusal('server', tooManyMessages));
      close(closeCodes.revoked, tooManyMessages.code);
    },
    refuseStranger() {
      if (guest === undefined) fail(handshakeFailed, undefined);
    },
    ping() {
      send({ type: 'ping' });
      if (guest !== undefined) {
        const { caller, accessToken, watch } = guest;
        enqueue(() => recheck({ caller, accessToken, watch }));
      }
    },
    end,
  };
}
