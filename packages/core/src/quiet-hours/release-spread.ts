const spreadMsMax = 120_000;

/**
 * By how many milliseconds (0 ≤ n < 120,000) what was held for a user goes out after the end of the
 * quiet time, so that seven o'clock is no stampede. The same user, kind and local date
 * (`YYYY-MM-DD` of the end) always give the same number: planning again moves nothing.
 */
export function releaseSpreadMs(userId: string, kind: string, localDate: string): number {
  return hash32(`${userId} ${kind} ${localDate}`) % spreadMsMax;
}

/**
 * FNV-1a (Fowler, Noll, Vo) over UTF-16 units, stirred by the finalizer of MurmurHash3: its own last
 * bits depend too little on the first characters. Spreads only; it protects nothing.
 */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
