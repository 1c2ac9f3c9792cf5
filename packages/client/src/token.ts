import { CarillonError } from './errors.ts';

/**
 * A credential: an access token or a JWT, or what gets one. A function is called before the first call, and again
 * after the server has refused what it gave: short-lived tokens need no clock of ours.
 */
export type TokenSource = string | (() => string | Promise<string>);

export interface TokenKeeper {
  get(): Promise<string | undefined>;
  /** Tells that a token was refused. True when another one may be had. */
  refused(token: string | undefined): boolean;
  /** The one that is kept is of no use any more, whichever it is. */
  forget(): void;
}

/** Keeps one token for all calls; calls that need one at the same moment share one question for it. */
export function keepToken(source: TokenSource | undefined): TokenKeeper {
  let kept: Promise<string> | undefined;
  let keptText: string | undefined;
  if (typeof source !== 'function') {
    return { get: async () => source, refused: () => false, forget: () => undefined };
  }
  return {
    get() {
      kept ??= Promise.resolve()
        .then(source)
        .then((token) => {
          keptText = token;
          return token;
        })
        .catch((cause: unknown) => {
          kept = undefined;
          const message = 'The token could not be got';
          throw new CarillonError(message, { code: 'client.token', retryable: true, cause });
        });
      return kept;
    },
    refused(token) {
      // Another call may have asked for a new one meanwhile: that one is not to be thrown away.
      if (token !== undefined && token === keptText) kept = undefined;
      return true;
    },
    forget() {
      kept = undefined;
    },
  };
}
