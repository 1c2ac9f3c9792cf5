export interface UserTokenClaims {
  /** The user's id in your own system. */
  userId: string;
  /** CARILLON_JWT_SECRET of the installation: at least 32 bytes, and only ever on your server. */
  secret: string;
  /** CARILLON_JWT_ISSUER and CARILLON_JWT_AUDIENCE of the installation. */
  issuer: string;
  audience: string;
  /** How long it is good for; 900 seconds unless told. Clients ask for another one by themselves. */
  expiresInSeconds?: number;
  /** Further claims, for example the one that names the organization. */
  claims?: Readonly<Record<string, unknown>>;
  /** This moment unless told. */
  now?: Date;
}

/**
 * A short-lived token for one of your users, to hand to that user's browser: a JWT (RFC 7519) signed with HS256, as
 * the API takes it when CARILLON_JWT_SECRET is set. Rejects with a TypeError for a secret that is too short.
 */
export async function signUserToken(user: UserTokenClaims): Promise<string> {
  const { userId, secret, issuer, audience, expiresInSeconds = 900, claims = {}, now = new Date() } = user;
  const key = new TextEncoder().encode(secret);
  // RFC 7518, section 3.2: a key of at least the size of the hash.
  if (key.length < 32) throw new TypeError('`secret` must have at least 32 bytes');
  const issuedAt = Math.floor(now.getTime() / 1_000);
  const payload = {
    ...claims,
    ...{ sub: userId, iss: issuer, aud: audience, iat: issuedAt, exp: issuedAt + expiresInSeconds },
  };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

function part(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
