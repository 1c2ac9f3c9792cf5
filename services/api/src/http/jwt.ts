import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { UnavailableError, type Log, type OrganizationId, type UserId } from '@carillon/core';
import { inTransaction, loadOrganization, loadUser, upsertUser } from '@carillon/db';
import type { JwtConfig } from '@carillon/runtime';
import type { ApiDeps } from '../deps.ts';
import type { Caller } from './caller.ts';

/** Judges the JWTs of an installation's own users. */
export interface JwtVerifier {
  /**
   * Undefined for a JWT that is refused; why is in the log only. Throws UnavailableError when the keys
   * to judge it by cannot be had: then nothing is wrong with the JWT.
   */
  verify(jwt: string): Promise<Caller | undefined>;
}

/** RFC 8725, section 3.1: the algorithms are fixed by configuration, never by the token. */
const algorithms = { secret: ['HS256'], jwks: ['RS256', 'PS256', 'ES256', 'EdDSA'] } as const;
const skewSeconds = 60;

/**
 * `sub` is the user's external id. Issuer, audience and expiry are required; key material comes from
 * the configuration only (headers that name keys or URLs are never followed).
 */
export function createJwtVerifier(
  config: JwtConfig,
  deps: Pick<ApiDeps, 'system' | 'newId'> & { log: Log },
): JwtVerifier {
  const options: JWTVerifyOptions = {
    issuer: config.issuer,
    audience: config.audience,
    algorithms: [...algorithms[config.source]],
    clockTolerance: skewSeconds,
    requiredClaims: ['exp', 'sub'],
  };
  const check = verifierOf(config, options);
  return {
    async verify(jwt) {
      try {
        return await findUser(config, deps, await check(jwt));
      } catch (cause) {
        if (!(cause instanceof errors.JOSEError)) throw cause;
        deps.log.info({ event: 'jwt.refused', code: cause.code });
        return undefined;
      }
    },
  };
}

function verifierOf(config: JwtConfig, options: JWTVerifyOptions): (jwt: string) => Promise<JWTPayload> {
  if (config.source === 'secret') {
    const key = new TextEncoder().encode(config.secret);
    return async (jwt) => (await jwtVerify(jwt, key, options)).payload;
  }
  const keys = createRemoteJWKSet(new URL(config.jwksUrl), { timeoutDuration: 3_000 });
  return async (jwt) => {
    try {
      return (await jwtVerify(jwt, keys, options)).payload;
    } catch (cause) {
      if (isAboutTheToken(cause)) throw cause;
      const message = 'The keys of JWTs cannot be had at the moment; try again';
      throw new UnavailableError('service.unavailable', message, { cause, retryAfterMs: keysRetryAfterMs });
    }
  };
}

/** As long as jose leaves a key URL alone that did not answer with what was asked for. */
const keysRetryAfterMs = 30_000;
/** What jose says of a key URL that is silent, answers no JSON, or no key set; no answer at all is none of its errors. */
const keyUrlCodes = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);

function isAboutTheToken(cause: unknown): boolean {
  return cause instanceof errors.JOSEError && !keyUrlCodes.has(cause.code);
}

async function findUser(
  config: JwtConfig,
  deps: Pick<ApiDeps, 'system' | 'newId'> & { log: Log },
  payload: JWTPayload,
): Promise<Caller | undefined> {
  const { sub, exp } = payload;
  if (sub === undefined || sub.length > 255 || exp === undefined) return undefined;
  const ref = organizationOf(config, payload);
  const organization = ref === undefined ? undefined : await loadOrganization(deps.system, ref);
  if (organization === undefined) {
    deps.log.info({ event: 'jwt.refused', code: 'organization_unknown' });
    return undefined;
  }
  const known = await loadUser(deps.system, organization.id, { externalId: sub });
  const user = known ?? (config.createUsers ? await createUser(deps, organization.id, sub) : undefined);
  if (user === undefined) return undefined;
  return {
    id: user.id,
    operator: false,
    user: { id: user.id, organizationId: organization.id, role: user.role },
    scopes: [],
    tokenId: undefined,
    sessionId: undefined,
    expiresAt: new Date(exp * 1000),
  };
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const slugCharsMax = 63;

/**
 * Where a claim is configured, a JWT without it belongs nowhere: it may be meant for an organization that its issuer
 * forgot to name, and the same subject may be somebody else in another one.
 */
function organizationOf(
  { organization, organizationClaim }: JwtConfig,
  payload: JWTPayload,
): { id: OrganizationId } | { slug: string } | undefined {
  if (organizationClaim === undefined) return { slug: organization };
  const named = Object.hasOwn(payload, organizationClaim) ? payload[organizationClaim] : undefined;
  if (typeof named !== 'string' || named === '' || named.includes('\0')) return undefined;
  if (uuid.test(named)) return { id: named as OrganizationId };
  return named.length > slugCharsMax ? undefined : { slug: named };
}

async function createUser(
  deps: Pick<ApiDeps, 'system' | 'newId'>,
  organizationId: OrganizationId,
  externalId: string,
) {
  const id = deps.newId() as UserId;
  const { user } = await inTransaction(deps.system, (db) =>
    upsertUser(db, { id, organizationId, fields: { externalId, role: 'member' } }),
  );
  return user;
}
