import { createCall, type Call } from './call.ts';
import { createHub, type Hub } from './live/hub.ts';
import { platformShare, shareOf, type SharePlatform } from './live/share.ts';
import { platformWebSocket, type WebSocketConstructor } from './live/websocket.ts';
import type { Operation } from './operation.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import { keepToken, type TokenSource } from './token.ts';

export interface CarillonOptions extends Partial<Surroundings> {
  /** Base of the API, for example `https://carillon.example.com`. */
  url: string;
  /** A token or JWT, or a function that gets one: it is asked again when the server refuses what it gave. */
  token?: TokenSource;
  /** Of each call that names none; 30,000 unless told. */
  timeoutMs?: number;
  /** How often a call is repeated at most, where that is safe; 3 unless told, 0 for never. */
  retries?: number;
  /** For `inbox.live` where the platform has none (Node before 22): that of the library `ws`, for example. */
  WebSocket?: WebSocketConstructor;
  /** How live copies are connected. */
  live?: LiveSettings;
}

export interface LiveSettings {
  /** Which streams are tried, in this order, before polling: `websocket`, then `sse` unless told. */
  transports?: readonly ('websocket' | 'sse')[];
  /** How often is asked where nothing is streamed; 15,000 unless told. */
  pollMs?: number;
  /**
   * Whether tabs share one connection; yes unless told, where the browser can. By a text, tabs with the same text
   * share: name the user where tokens differ from tab to tab.
   */
  shareTabs?: boolean | string;
  /** What tabs share by, in the place of the browser's own. */
  sharePlatform?: SharePlatform;
}

/**
 * What every client stands on: calls of those operations, and one feed for all live copies. Throws a TypeError for a
 * URL that is none.
 */
export function connect(
  options: CarillonOptions,
  operations: Readonly<Record<string, Operation>>,
): { call: Call; hub: Hub } {
  const url = baseOf(options.url);
  const token = keepToken(options.token);
  const surroundings = createSurroundings(options);
  const call = createCall({
    ...{ url, token, surroundings, operations, timeoutMs: options.timeoutMs ?? 30_000 },
    triesMax: 1 + (options.retries ?? 3),
  });
  const { transports = ['websocket', 'sse'], pollMs = 15_000, shareTabs, sharePlatform } = options.live ?? {};
  const hub = createHub({
    ...{ url, call, token, surroundings, transports, pollMs },
    WebSocket: options.WebSocket ?? platformWebSocket(),
    async findShare() {
      const platform = shareTabs === false ? undefined : (sharePlatform ?? platformShare());
      return shareOf(platform, url, token, typeof shareTabs === 'string' ? shareTabs : undefined);
    },
  });
  return { call, hub };
}

function baseOf(url: string): string {
  const { origin, protocol, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`\`url\` must begin with http:// or https://, not ${protocol}`);
  }
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
