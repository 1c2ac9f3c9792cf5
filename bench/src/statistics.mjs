/**
 * The middle of some measurements and how far they spread.
 *
 * @typedef {{ median: number, min: number, max: number }} Spread
 */

/**
 * The value below which the part `q` (0 to 1) of all values lies: the nearest rank, so it is always one that
 * was measured. NaN for no values.
 *
 * @param {Iterable<number>} values in any order
 * @param {number} q
 */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).toSorted();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/**
 * Median with both ends. An even number of values has the mean of the middle two as its median.
 *
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/**
 * Ratios of measurements that were made in the same rounds: what shakes a whole round shakes both, so the
 * ratio of a round is steadier than either. Rounds that lack one of the two are left out.
 *
 * @param {readonly number[]} subject
 * @param {readonly number[]} limit
 * @returns {Spread}
 */
export function ratioOf(subject, limit) {
  const rounds = Math.min(subject.length, limit.length);
  return spreadOf(Array.from({ length: rounds }, (_, round) => (subject[round] ?? 0) / (limit[round] ?? 0)));
}

/** @typedef {{ p50: number, p99: number }} Latencies milliseconds */

/**
 * @param {Iterable<number>} values
 * @returns {Latencies}
 */
export function latenciesOf(values) {
  const all = [...values];
  return { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
}
