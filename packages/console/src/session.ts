/** What somebody has who is signed in: a token of their own, or a session that a password began. */
export type Session =
  | { by: 'token'; token: string }
  | { by: 'password'; accessToken: string; refreshToken: string };

/** Keeps a session as long as the tab lives, and not beyond: nothing of it is on the disk after that. */
export interface SessionKeeper {
  load(): Session | undefined;
  save(session: Session): void;
  clear(): void;
}

const name = 'carillon.console.session';

/** In the browser's store for one tab; without one (a browser may refuse it) as long as the page is open. */
export function createSessionKeeper(store: Storage | undefined): SessionKeeper {
  let here: Session | undefined;
  return {
    load: () => here ?? parseSession(store?.getItem(name)),
    save(session) {
      here = session;
      store?.setItem(name, JSON.stringify(session));
    },
    clear() {
      here = undefined;
      store?.removeItem(name);
    },
  };
}

/** A border: what else may have written there, or a former version of this page. */
function parseSession(text: string | null | undefined): Session | undefined {
  const value = readJson(text ?? '');
  if (typeof value !== 'object' || value === null) return undefined;
  const { by, token, accessToken, refreshToken } = value as Record<string, unknown>;
  if (by === 'token' && typeof token === 'string') return { by, token };
  if (by !== 'password' || typeof accessToken !== 'string' || typeof refreshToken !== 'string')
    return undefined;
  return { by, accessToken, refreshToken };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
