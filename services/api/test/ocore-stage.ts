import type { NotificationId, OrganizationId, Role } from '@carillon/core';
import { claimChannelTests, recordChannelTest, type ChannelTestOutcome } from '@carillon/db';
import { every } from '@carillon/runtime';
import { trackOpen } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from './inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

export interface OcoreAnswer {
  status: number;
  /** Tests look into it freely. */
  body: ReturnType<typeof JSON.parse>;
  headers: Headers;
}

export interface OcoreAsk {
  token?: string;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A real API with two organizations, as oCore's clients meet it. */
export interface OcoreStage {
  api: TestApi;
  writer: InboxWriter;
  admin: Actor;
  member: Actor;
  /** As mighty as the admin, in another organization. */
  stranger: Actor;
  makeUser(role: Role): Promise<Actor>;
  ask(method: string, path: string, ask?: OcoreAsk): Promise<OcoreAnswer>;
  /** One item in the inbox of a user, sent by the admin through `/v1`. */
  notify(to: Actor, fields: Record<string, unknown>): Promise<NotificationId>;
  /** What the target of a channel answers to tests; `sent` unless it was told otherwise. */
  answerTestsOf(channelName: string, outcome: ChannelTestOutcome): void;
  /** To which address each test went so far; null for kinds that take none. */
  testedAddresses: (string | null)[];
  stop(): Promise<void>;
}

const livenessMs = 20_000;
const sent: ChannelTestOutcome = { outcome: 'sent', reason: null, statusCode: 200 };

export async function setOcoreStage(environment: Record<string, string> = {}): Promise<OcoreStage> {
  const api = await startTestApi(environment);
  const writer = createInboxWriter(api);
  const operator = await api.makeOperator();
  const organizationId = await makeOrganization(api, operator, 'one');
  const other = await makeOrganization(api, operator, 'other');
  const admin = await api.makeUser(organizationId, 'admin');
  const outcomes = new Map<string, ChannelTestOutcome>();
  const testedAddresses: (string | null)[] = [];
  const answering = answerTests(api, outcomes, testedAddresses);
  return {
    ...{ api, writer, admin, testedAddresses },
    member: await api.makeUser(organizationId, 'member'),
    stranger: await api.makeUser(other, 'admin'),
    makeUser: (role) => api.makeUser(organizationId, role),
    ask: (method, path, ask) => askOcore(api.url, method, path, ask),
    async notify(to, fields) {
      const { body } = await api.ask('POST', '/v1/notifications', {
        ...{ token: admin.token, body: { to: [to.id], title: 'Told', ...fields } },
      });
      const [{ id }] = body.notifications;
      await writer.placeAccepted(to, id);
      return id;
    },
    answerTestsOf: (channelName, outcome) => void outcomes.set(channelName, outcome),
    async stop() {
      await answering.stop();
      await writer.stop();
      await api.stop();
    },
  };
}

/** Does a worker's part: takes tests of channels and writes down what their targets say. */
function answerTests(
  { database: { db } }: TestApi,
  outcomes: ReadonlyMap<string, ChannelTestOutcome>,
  testedAddresses: (string | null)[],
): { stop(): Promise<void> } {
  const failures: unknown[] = [];
  const everyMs = 25;
  const loop = every(
    everyMs,
    async () => {
      for (const test of await claimChannelTests(db, 10)) {
        testedAddresses.push(test.address);
        await recordChannelTest(db, test.id, outcomes.get(test.channel.name) ?? sent);
      }
    },
    { onError: (error) => failures.push(error) },
  );
  const untrack = trackOpen('answering of channel tests', () => loop.stop());
  return {
    async stop() {
      untrack();
      await loop.stop();
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** By the call that gives a new organization what comes with it. */
async function makeOrganization(api: TestApi, token: string, slug: string): Promise<OrganizationId> {
  const { body } = await api.ask('POST', '/v1/organizations', { token, body: { slug, name: slug } });
  return body.id;
}

async function askOcore(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: OcoreAsk = {},
): Promise<OcoreAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(livenessMs),
  });
  const { status, headers: given } = response;
  return { status, headers: given, body: await response.json() };
}
