/** Of a channel what its place among others of its kind depends on. */
export interface Ordered {
  id: string;
  position: number;
}

/**
 * The positions to write so that a channel goes one place up (-1) or down (1) among those of its kind, given in their
 * present order: 0, 1, 2 … for all, and only those that change. None where it is at the end already.
 */
export function moved(channels: readonly Ordered[], id: string, by: -1 | 1): Ordered[] {
  const from = channels.findIndex((one) => one.id === id);
  const to = from + by;
  const [one, other] = [channels[from], channels[to]];
  if (one === undefined || other === undefined) return [];
  const order = channels.with(from, other).with(to, one);
  return order
    .map((channel, position) => ({ id: channel.id, position, before: channel.position }))
    .filter(({ position, before }) => position !== before)
    .map((channel) => ({ id: channel.id, position: channel.position }));
}
