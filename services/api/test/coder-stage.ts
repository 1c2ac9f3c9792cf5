import { WebSocket } from 'ws';
import type { OrganizationId, Role } from '@carillon/core';
import { pollUntil, trackOpen } from '@carillon/testkit';
import { createInboxWriter, type InboxWriter } from './inbox-writer.ts';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

/** Tests look into bodies freely. */
type Json = ReturnType<typeof JSON.parse>;

export interface CoderAnswer {
  status: number;
  /** Undefined where nothing was sent. */
  body: Json;
  headers: Headers;
}

export interface CoderAsk {
  /** Sent as `Coder-Session-Token`, as the command line does it. */
  token?: string;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** An open watch. */
export interface Watch {
  /** What it was told so far. */
  frames: { notification: Json; unread_count: number }[];
  /** The texts as they came. */
  texts: string[];
  /** The first `count` messages; throws when they do not come. */
  told(count: number): Promise<Watch['frames']>;
  send(data: string): void;
  closed: Promise<{ code: number; reason: string }>;
  drop(): void;
}

/** A real API with two organizations, as Coder's clients meet it. */
export interface CoderStage {
  api: TestApi;
  writer: InboxWriter;
  owner: Actor;
  member: Actor;
  /** As mighty as the owner, in another organization. */
  stranger: Actor;
  makeUser(role: Role): Promise<Actor>;
  ask(method: string, path: string, ask?: CoderAsk): Promise<CoderAnswer>;
  /** Resolves when it is open; throws WatchRefused. */
  watch(query: string, headers: Record<string, string>): Promise<Watch>;
  /** Harmless when it was stopped. */
  stop(): Promise<void>;
}

/** The answer before an upgrade. */
export class WatchRefused extends Error {
  readonly status: number;
  readonly body: Json;

  constructor(status: number, body: Json) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }
}

const livenessMs = 20_000;

export async function setCoderStage(environment: Record<string, string> = {}): Promise<CoderStage> {
  const api = await startTestApi(environment);
  const writer = createInboxWriter(api);
  const operator = await api.makeOperator();
  const organizationId = await makeOrganization(api, operator, 'one');
  const other = await makeOrganization(api, operator, 'other');
  let stopped = false;
  return {
    ...{ api, writer },
    owner: await api.makeUser(organizationId, 'admin'),
    member: await api.makeUser(organizationId, 'member'),
    stranger: await api.makeUser(other, 'admin'),
    makeUser: (role) => api.makeUser(organizationId, role),
    ask: (method, path, ask) => askCoder(api.url, method, path, ask),
    watch: (query, headers) => openWatch(api, query, headers),
    async stop() {
      if (stopped) return;
      stopped = true;
      await writer.stop();
      await api.stop();
    },
  };
}

/** By the call that gives a new organization its templates. */
async function makeOrganization(api: TestApi, token: string, slug: string): Promise<OrganizationId> {
  const { body } = await api.ask('POST', '/v1/organizations', { token, body: { slug, name: slug } });
  return body.id;
}

export async function askCoder(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: CoderAsk = {},
): Promise<CoderAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { 'coder-session-token': token }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(livenessMs),
  });
  const text = await response.text();
  const { status, headers: given } = response;
  return { status, headers: given, body: text === '' ? undefined : JSON.parse(text) };
}

async function openWatch(api: TestApi, query: string, headers: Record<string, string>): Promise<Watch> {
  const url = `${api.url.replace('http', 'ws')}/api/v2/notifications/inbox/watch${query}`;
  const socket = new WebSocket(url, { headers });
  const untrack = trackOpen('watch', async () => socket.terminate());
  const texts: string[] = [];
  const frames: Watch['frames'] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      untrack();
      resolve({ code, reason: reason.toString() });
    });
  });
  // Frames are text: as a browser's page sees them.
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? 'binary' : (data as Buffer).toString('utf8');
    texts.push(text);
    frames.push(JSON.parse(text));
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        untrack();
        const text = Buffer.concat(chunks).toString('utf8');
        reject(new WatchRefused(response.statusCode ?? 0, JSON.parse(text)));
      });
    });
  });
  return {
    ...{ texts, frames, closed },
    async told(count) {
      await pollUntil(
        () => frames.length >= count,
        livenessMs,
        `${count} messages, there were ${texts.join()}`,
      );
      return frames.slice(0, count);
    },
    send: (data) => socket.send(data),
    drop: () => socket.terminate(),
  };
}
