import { createHmac, hkdfSync } from 'node:crypto';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { SessionId } from '@carillon/core';
import { loadSessionHolder, type SessionHolder } from '@carillon/db';
import { hashToken, nextToken } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import { createRemembering } from './remembering.ts';

/** Who called with an access token, and until when it is good. */
export interface FoundSession extends SessionHolder {
  expiresAt: Date;
}

/** Makes and judges what somebody has who logged in. */
export interface SessionTokens {
  /** Milliseconds that an access token is good for. */
  readonly accessMs: number;
  /** A JWT that tells who is logged in. */
  sign(holder: SessionHolder): Promise<string>;
  /** Undefined for what `sign` did not make, what has expired, and what belongs to a session that has ended. */
  find(accessToken: string): Promise<FoundSession | undefined>;
  /** The refresh token after this one: always the same, and known to nobody without our key. */
  nextRefreshToken(token: string): string;
  /** Stands for a text where the text must not stand; the same one gives the same. */
  mask(text: string): string;
}

/** As clients of Directus know it, which keep all claims but `session` (contract: sections 3 and 5). */
const issuer = 'directus';
const accessSeconds = 15 * 60;
const algorithm = 'HS256';

/**
 * Keys are derived from the secret key of the installation, one for each use (RFC 5869). So access tokens end with a
 * change of that key; sessions do not, because of refresh tokens only hashes are kept.
 */
export function createSessionTokens(
  deps: Pick<ApiDeps, 'system' | 'clock'>,
  secretKey: Uint8Array,
): SessionTokens {
  const keyFor = (use: string) =>
    new Uint8Array(hkdfSync('sha256', secretKey, new Uint8Array(0), `carillon session ${use}`, 32));
  const keys = { access: keyFor('access'), refresh: keyFor('refresh'), mask: keyFor('mask') };
  const remember = createRemembering<FoundSession | undefined>(deps.clock);

  async function load(accessToken: string): Promise<FoundSession | undefined> {
    const claims = await verify(accessToken);
    const { session, exp } = claims ?? {};
    if (typeof session !== 'string' || exp === undefined) return undefined;
    const holder = await loadSessionHolder(deps.system, session as SessionId);
    return holder === undefined ? undefined : { ...holder, expiresAt: new Date(exp * 1000) };
  }

  async function verify(accessToken: string): Promise<JWTPayload | undefined> {
    const currentDate = deps.clock.now();
    try {
      const options = { issuer, algorithms: [algorithm], requiredClaims: ['exp', 'session'], currentDate };
      return (await jwtVerify(accessToken, keys.access, options)).payload;
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined;
      throw cause;
    }
  }

  return {
    accessMs: accessSeconds * 1000,
    sign({ sessionId, user }) {
      const nowSeconds = Math.floor(deps.clock.now().getTime() / 1000);
      const claims = { id: user.id, role: user.role, app_access: true, admin_access: user.role === 'admin' };
      return new SignJWT({ ...claims, session: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + accessSeconds)
        .setIssuer(issuer)
        .sign(keys.access);
    },
    async find(accessToken) {
      const found = await remember(hashToken(accessToken), () => load(accessToken));
      return found === undefined || found.expiresAt <= deps.clock.now() ? undefined : found;
    },
    nextRefreshToken: (token) => nextToken(token, keys.refresh),
    mask: (text) => createHmac('sha256', keys.mask).update(text).digest('base64url'),
  };
}
