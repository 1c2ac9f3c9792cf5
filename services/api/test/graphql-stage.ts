import { createDirectus, graphql, rest, staticToken } from '@directus/sdk';
import { createInboxWriter, type InboxWriter } from './inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** Tests look into bodies freely. */
type Json = ReturnType<typeof JSON.parse>;

export interface GraphqlAnswer {
  status: number;
  body: Json;
}

export interface GraphqlAsk {
  /** Nobody where it is left out. */
  as?: Actor | undefined;
  variables?: Record<string, unknown>;
  operationName?: string;
  path?: string;
}

/** A real API with two organizations, as Directus' clients meet it over GraphQL. */
export interface GraphqlStage {
  api: TestApi;
  writer: InboxWriter;
  admin: Actor;
  member: Actor;
  /** Another member of the same organization. */
  other: Actor;
  /** As mighty as the admin, in another organization. */
  stranger: Actor;
  /** One operation as the body of a POST. */
  ask(query: string, ask?: GraphqlAsk): Promise<GraphqlAnswer>;
  /** Any request; a text is sent as it is. */
  send(
    method: string,
    path: string,
    send?: { as?: Actor | undefined; body?: unknown; headers?: Record<string, string> },
  ): Promise<GraphqlAnswer>;
  /** The real SDK. */
  sdk(as: Actor): ReturnType<typeof connect>;
  /** A notification for somebody, by the admin; its id. */
  notify(to: Actor, fields?: Record<string, unknown>): Promise<number>;
  stop(): Promise<void>;
}

const livenessMs = 20_000;

export async function setGraphqlStage(): Promise<GraphqlStage> {
  const api = await startTestApi();
  const writer = createInboxWriter(api);
  const home = await api.makeOrganization();
  const admin = await api.makeUser(home, 'admin');
  const send: GraphqlStage['send'] = async (method, path, { as, body, headers } = {}) => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${as.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(livenessMs),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    ...{ api, writer, admin, send },
    member: await api.makeUser(home, 'member'),
    other: await api.makeUser(home, 'member'),
    stranger: await api.makeUser(await api.makeOrganization(), 'admin'),
    ask: (query, { as, path = '/graphql/system', ...more } = {}) =>
      send('POST', path, { as, body: { query, ...more } }),
    sdk: (as) => connect(api.url, as),
    async notify(to, fields = {}) {
      const body = { recipient: to.id, subject: 'Told', ...fields };
      const { status, body: told } = await send('POST', '/notifications', { as: admin, body });
      if (status !== 200) throw new Error(`creating answered ${status}: ${JSON.stringify(told)}`);
      return told.data.id;
    },
    async stop() {
      await writer.stop();
      await api.stop();
    },
  };
}

function connect(url: string, { token }: Actor) {
  return createDirectus(url).with(staticToken(token)).with(rest()).with(graphql());
}
