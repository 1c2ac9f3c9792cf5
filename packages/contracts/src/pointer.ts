const keyLengthMax = 100;

/** The JSON pointer (RFC 6901) to a place. Keys of a caller are cut at 100 characters. */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((part) => `/${escapeKey(String(part))}`).join('');
}

/** One key as a part of a pointer. */
export function escapeKey(key: string): string {
  const cut = key.length > keyLengthMax ? `${key.slice(0, keyLengthMax)}…` : key;
  return cut
    .replace(/[\0\p{Cs}]/gu, '\ufffd')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
}
