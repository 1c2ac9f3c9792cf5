import type { Carillon } from '../client.ts';
import type { Notification } from '../wire.ts';
import { poll } from './poll.ts';

/** What a notification must be like. What is not named may be anything. */
export interface NotificationWish {
  /** The recipient's id in your own system. */
  to: string;
  title?: string | RegExp;
  body?: string | RegExp;
  category?: string;
  /** The key of its template. */
  template?: string;
  /** Data that it must have, among others. */
  data?: Readonly<Record<string, unknown>>;
  /** Whether it is in the inbox by then; yes unless told. */
  placed?: boolean;
}

/**
 * The newest notification that is as wished; waits for it. Rejects after `withinMs` (10,000 unless told) with an
 * error that lists what the recipient got instead.
 */
export async function expectNotification(
  admin: Carillon,
  wish: NotificationWish,
  { withinMs = 10_000 }: { withinMs?: number } = {},
): Promise<Notification> {
  let got: Notification[] = [];
  const found = await poll(async () => {
    const { data: users } = await admin.users.list({ external_id: wish.to });
    const [user] = users;
    got =
      user === undefined ? [] : (await admin.notifications.list({ recipient_id: user.id, limit: 50 })).data;
    return got.find((one) => fits(one, wish));
  }, withinMs);
  if (found !== undefined) return found;
  const list = got.map(({ title, category, state }) => `  ${state}: ${JSON.stringify(title)} (${category})`);
  const rest = list.length === 0 ? ' Nothing was sent to that user.' : `\nWhat was sent:\n${list.join('\n')}`;
  throw new Error(`No notification to ${wish.to} like ${describe(wish)} within ${withinMs} ms.${rest}`);
}

function fits(one: Notification, wish: NotificationWish): boolean {
  return (
    isLike(one.title, wish.title) &&
    isLike(one.body, wish.body) &&
    isLike(one.category, wish.category) &&
    isLike(one.template ?? '', wish.template) &&
    (wish.placed === false || one.state === 'placed') &&
    Object.entries(wish.data ?? {}).every(([key, value]) => isSame(one.data[key], value))
  );
}

function isLike(text: string, wished: string | RegExp | undefined): boolean {
  if (wished === undefined) return true;
  return typeof wished === 'string' ? text === wished : wished.test(text);
}

/** By their JSON, with keys in one order: data goes through JSON on its way, and a database sorts its keys. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]),
  );
}

function describe({ to: _to, ...wish }: NotificationWish): string {
  return JSON.stringify(wish, (_key, value: unknown) => (value instanceof RegExp ? String(value) : value));
}
