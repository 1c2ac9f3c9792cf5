/** Those that people write by hand; the others are shown as they stand. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', copy: '©' },
};

/** The character that is written at `at` as an entity, and where the entity ends; undefined where there is none. */
export function decodeEntity(text: string, at: number): { character: string; end: number } | undefined {
  const found = /^&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/i.exec(text.slice(at, at + 12));
  if (found === null) return undefined;
  const [whole, hexadecimal, decimal, name] = found;
  const end = at + whole.length;
  if (name !== undefined) {
    const character = Object.hasOwn(named, name) ? named[name] : undefined;
    return character === undefined ? undefined : { character, end };
  }
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return { character: isCharacter ? String.fromCodePoint(code) : '\ufffd', end };
}
