/** Schemes that a link may have; everything else, `javascript:` first of all, is text. */
const schemes = new Set(['http:', 'https:', 'mailto:']);

/**
 * The address of a link as the browser will read it, or undefined for one that is not to be followed. A path is
 * read as one of the page that shows the inbox.
 */
export function safeUrl(url: string | null | undefined, base: string): string | undefined {
  if (url === null || url === undefined || url === '') return undefined;
  try {
    const { protocol, href } = new URL(url, base);
    return schemes.has(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a picture may be loaded: from these origins, or from anywhere where the page allows it. */
export function safePicture(
  url: string | null,
  base: string,
  allowed: readonly string[] | 'any',
): string | undefined {
  const safe = safeUrl(url, base);
  if (safe === undefined || safe.startsWith('mailto:')) return undefined;
  return allowed === 'any' || allowed.includes(new URL(safe).origin) ? safe : undefined;
}
