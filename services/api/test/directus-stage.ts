import { createInboxWriter } from './inbox-writer.ts';
import { createPeople } from './people.ts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** A real API with two organizations, as Directus' clients meet it over REST. */
export interface DirectusStage {
  api: TestApi;
  admin: Actor;
  member: Actor;
  /** Another member of the same organization. */
  other: Actor;
  /** As mighty as the admin, in another organization. */
  stranger: Actor;
  /** What the member logs in with. */
  login: { email: string; password: string };
  /** Of two sessions of the member. */
  refreshTokens: readonly string[];
  /** Creates notifications as the admin; throws unless that was taken. */
  create(body: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function setDirectusStage(): Promise<DirectusStage> {
  const api = await startTestApi();
  const writer = createInboxWriter(api);
  const people = createPeople(api);
  const home = await api.makeOrganization();
  const admin = await people.make(home, { role: 'admin' });
  const { email, password, ...member } = await people.make(home);
  const login = { email, password };
  const post = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return response.json() as Promise<{ data: { refresh_token: string } }>;
  };
  const refreshTokens = [];
  for (let at = 0; at < 2; at += 1) refreshTokens.push((await post('/auth/login', login)).data.refresh_token);
  return {
    ...{ api, admin, member, login, refreshTokens },
    other: await api.makeUser(home, 'member'),
    stranger: await api.makeUser(await api.makeOrganization(), 'admin'),
    async create(body) {
      await post('/notifications', body);
    },
    async stop() {
      await writer.stop();
      await api.stop();
    },
  };
}
