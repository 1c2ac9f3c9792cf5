const hex = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;
const hyphenated = /^[^-]{8}-[^-]{4}-[^-]{4}-[^-]{4}-[^-]{12}$/;

export const nilUuid = '00000000-0000-0000-0000-000000000000';

/**
 * A uuid in any of the four forms that Go's `uuid.Parse` takes (plain, in braces, as a URN, without hyphens), in its
 * usual spelling; undefined for anything else.
 */
export function parseUuid(text: string): string | undefined {
  const bare = /^urn:uuid:/i.test(text) ? text.slice(9) : /^\{.*\}$/.test(text) ? text.slice(1, -1) : text;
  if (bare !== text && !hyphenated.test(bare)) return undefined;
  if (bare.includes('-') && !hyphenated.test(bare)) return undefined;
  const parts = hex.exec(bare);
  return parts === null ? undefined : parts.slice(1).join('-').toLowerCase();
}
