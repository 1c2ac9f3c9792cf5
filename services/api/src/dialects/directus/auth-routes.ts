import { ForbiddenError, InvalidError } from '@carillon/core';
import { login, logout, refresh, type SessionGrant } from '../../actions/sessions.ts';
import type { ApiDeps } from '../../deps.ts';
import { isOwnPage } from '../../http/same-site.ts';
import type { DialectCall, DialectReply, DialectRoute } from '../dialect.ts';
import { clearedCookies, readRefreshCookie, sessionCookies } from './auth-cookies.ts';
import { invalidPayload, joinErrors, valueMissing, valueNull, type DirectusError } from './errors.ts';

/**
 * Where what was granted goes: into the answer; the refresh token into a cookie that scripts cannot read; or the
 * access token too.
 */
const modes = ['json', 'cookie', 'session'] as const;
type Mode = (typeof modes)[number];

/** Login with e-mail address and password, as the `authentication()` of Directus' SDK does it. */
export function authRoutes(deps: ApiDeps): DialectRoute[] {
  return [
    {
      ...{ method: 'POST', path: '/auth/login', auth: 'public' },
      async handle({ body, clientIp, context }) {
        const fields = asObject(body);
        const mode = readMode(fields) ?? 'json';
        const wish = readLogin(fields);
        const origin = { clientIp, requestId: context.requestId };
        return granted(deps, mode, await login(deps, wish, origin).catch(inItsWords));
      },
    },
    {
      ...{ method: 'POST', path: '/auth/refresh', auth: 'public' },
      async handle(call) {
        const { mode, token } = readRefresh(deps, call);
        return granted(deps, mode, await refresh(deps, token));
      },
    },
    {
      ...{ method: 'POST', path: '/auth/logout', auth: 'public' },
      async handle(call) {
        const { mode, token } = readRefresh(deps, call);
        await logout(deps, token);
        return { status: 204, ...(mode !== 'json' && { cookies: clearedCookies(deps.config) }) };
      },
    },
  ];
}

function granted(deps: Pick<ApiDeps, 'config'>, mode: Mode, grant: SessionGrant): DialectReply {
  const { expiresInMs: expires, accessToken: access_token, refreshToken: refresh_token } = grant;
  const cookies = mode === 'json' ? [] : sessionCookies(deps.config, grant);
  const data = {
    json: { expires, refresh_token, access_token },
    cookie: { expires, access_token },
    session: { expires },
  }[mode];
  return { status: 200, body: { data }, cookies };
}

type Fields = Readonly<Record<string, unknown>>;

function asObject(body: unknown): Fields {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return { ...body };
  throw invalidPayload('"value" must be of type object');
}

function readLogin(fields: Fields) {
  const { email, password, organization } = fields;
  const missing = joinErrors([...lacking('email', email), ...lacking('password', password)]);
  if (missing !== undefined) throw missing;
  return {
    email: asText('email', email),
    password: asText('password', password),
    organization: organization === undefined ? undefined : asText('organization', organization),
  };
}

function lacking(name: string, value: unknown): DirectusError[] {
  if (value === undefined || value === '') return [valueMissing(name)];
  return value === null ? [valueNull(name)] : [];
}

function asText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalidPayload(`"${name}" must be a string`);
}

function readMode({ mode }: Fields): Mode | undefined {
  if (mode === undefined) return undefined;
  const known = modes.find((one) => one === mode);
  if (known === undefined) throw invalidPayload(`"mode" must be one of [${modes.join(', ')}]`);
  return known;
}

/** The refresh token of the body, or else of the cookie, which counts on our own pages only. */
function readRefresh(
  deps: Pick<ApiDeps, 'config' | 'log'>,
  { body, headers }: Pick<DialectCall, 'body' | 'headers'>,
): { mode: Mode; token: string } {
  const fields = asObject(body);
  const given = fields['refresh_token'] ?? undefined;
  const mode = readMode(fields) ?? (given === undefined ? 'cookie' : 'json');
  if (given !== undefined) return { mode, token: asText('refresh_token', given) };
  const token = readRefreshCookie(headers.cookie);
  if (token === undefined) throw invalidPayload('"refresh_token" is required in the body or as a cookie');
  if (isOwnPage(deps.config, { headers })) return { mode, token };
  const { origin } = headers;
  deps.log.warn({ event: 'origin.refused', origin, setting: 'CARILLON_ALLOWED_ORIGINS' });
  throw new ForbiddenError('origin.refused', 'A cookie counts only on pages of this server');
}

/** Directus knows no organizations; its form of a refusal names the field all the same. */
function inItsWords(error: unknown): never {
  if (!(error instanceof InvalidError)) throw error;
  const [first] = error.errors ?? [];
  throw invalidPayload(`"${first?.pointer.slice(1)}" ${first?.detail}`);
}
