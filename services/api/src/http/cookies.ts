/** How a cookie is kept by a browser (RFC 6265); never shown to scripts, never sent by other sites' pages. */
export interface CookieKeeping {
  path: string;
  /** 0 removes it. */
  maxAgeSeconds: number;
  /** Sent over https only. */
  secure: boolean;
}

/** The cookie of this name, without the quotes that it may stand in; undefined where there is none, or an empty one. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name)
      return (
        pair
          .slice(at + 1)
          .trim()
          .replaceAll('"', '') || undefined
      );
  }
  return undefined;
}

/** A `Set-Cookie` header. The value must be one that needs no escapes, such as a token. */
export function writeCookie(
  name: string,
  value: string,
  { path, maxAgeSeconds, secure }: CookieKeeping,
): string {
  const kept = `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`;
  return secure ? `${kept}; Secure` : kept;
}
