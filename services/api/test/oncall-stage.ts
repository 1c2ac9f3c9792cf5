import type { OrganizationId, Role, TokenScope } from '@carillon/core';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

export interface OncallAnswer {
  status: number;
  /** Tests look into it freely; undefined where nothing was sent. */
  body: ReturnType<typeof JSON.parse>;
  headers: Headers;
}

export interface OncallAsk {
  token?: string | undefined;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A user with the id by which OnCall's clients know them. */
export interface OncallActor extends Actor {
  oncallId: string;
}

/** A real API with two organizations, as OnCall's clients meet it. */
export interface OncallStage {
  api: TestApi;
  organizationId: OrganizationId;
  admin: OncallActor;
  member: OncallActor;
  /** As mighty as the admin, in another organization. */
  stranger: OncallActor;
  makeUser(role?: Exclude<Role, 'system'>, scopes?: TokenScope[]): Promise<OncallActor>;
  /** The token goes into the header as it is; redirects are not followed. */
  ask(method: string, path: string, ask?: OncallAsk): Promise<OncallAnswer>;
  stop(): Promise<void>;
}

const livenessMs = 20_000;

export async function setOncallStage(environment: Record<string, string> = {}): Promise<OncallStage> {
  const api = await startTestApi({ CARILLON_PUBLIC_URL: 'https://carillon.example.com', ...environment });
  const organizationId = await api.makeOrganization();

  async function makeUser(
    role: Exclude<Role, 'system'> = 'member',
    scopes: TokenScope[] = [],
    of: OrganizationId = organizationId,
  ): Promise<OncallActor> {
    const actor = await api.makeUser(of, role, scopes);
    const { body } = await askOncall(api.url, 'GET', '/api/v1/users/current/', { token: actor.token });
    return { ...actor, oncallId: body.id };
  }

  return {
    ...{ api, organizationId, makeUser },
    admin: await makeUser('admin'),
    member: await makeUser(),
    stranger: await makeUser('admin', [], await api.makeOrganization()),
    ask: (method, path, ask) => askOncall(api.url, method, path, ask),
    stop: () => api.stop(),
  };
}

async function askOncall(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: OncallAsk = {},
): Promise<OncallAnswer> {
  const response = await fetch(`${url}${path}`, {
    ...{ method, redirect: 'manual' },
    headers: {
      ...(token !== undefined && { authorization: token }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(livenessMs),
  });
  const text = await response.text();
  return {
    ...{ status: response.status, headers: response.headers },
    body: text === '' ? undefined : JSON.parse(text),
  };
}
