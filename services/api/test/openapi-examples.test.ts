import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v1Routes, type Route } from '@carillon/contracts';
import { sampleIds, sampleInstants, samplePosition } from '../../../packages/contracts/src/v1/samples.ts';
import { createInboxWriter, type InboxWriter } from './inbox-writer.ts';
import { setExampleStage, type ExampleStage, type SampleName } from './example-stage.ts';
import { startTestApi, type Answer, type Ask, type TestApi } from './test-api.ts';

/** What of an operation in the served document makes a request. */
interface Operation {
  operationId: string;
  parameters: { name?: string; in?: string; example?: string; $ref?: string }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, unknown>;
}

interface Example {
  id: string;
  method: Route['method'];
  path: string;
  body: unknown;
  statuses: string[];
}

let api: TestApi;
let writer: InboxWriter;
let operator: string;
let mails: string;
let examples: Map<string, Example>;

beforeAll(async () => {
  mails = mkdtempSync(join(tmpdir(), 'carillon-mails-'));
  writeFileSync(join(mails, '2026-03-01T08-00-00.310Z-4f1c9a.eml'), 'Subject: Backup finished\r\n\r\nSafe.');
  api = await startTestApi({ CARILLON_CAUGHT_MAILS_DIR: mails });
  writer = createInboxWriter(api);
  operator = await api.makeOperator();
  const { body } = await api.ask('GET', '/openapi.json');
  examples = new Map(examplesOf(body.paths).map((example) => [example.id, example]));
});
afterAll(async () => {
  await writer.stop();
  await api.stop();
  rmSync(mails, { recursive: true });
});

function examplesOf(paths: Record<string, Record<string, Operation>>): Example[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase() as Route['method'],
      path: filled(path, operation.parameters),
      body: operation.requestBody?.content['application/json']?.example,
      statuses: Object.keys(operation.responses).filter((status) => status.startsWith('2')),
    })),
  );
}

/** The path as a person would call it who takes every example that the page offers. */
function filled(path: string, parameters: Operation['parameters']): string {
  const known = parameters.filter(({ example }) => example !== undefined);
  const inPath = new Map(known.map(({ name = '', example = '' }) => [name, example]));
  const query = new URLSearchParams(
    known.filter((one) => one.in === 'query').map(({ name = '', example = '' }) => [name, example]),
  );
  const called = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => inPath.get(name) ?? `{${name}}`);
  return query.size === 0 ? called : `${called}?${query.toString()}`;
}

/** The example with the ids of things that there are: what it names is made first. */
async function stand(
  stage: ExampleStage,
  { id, path, body }: Example,
): Promise<{ path: string; body: unknown }> {
  let text = JSON.stringify([path, body]);
  // What a call makes must not be there before.
  const needed = id.startsWith('create') ? JSON.stringify([path, { ...Object(body), key: '' }]) : text;
  for (const [name, make] of Object.entries(stage.named)) if (needed.includes(name)) await make();
  for (const name of Object.keys(stage.make) as SampleName[]) {
    const sample = sampleIds[name];
    if (text.includes(sample)) text = text.replaceAll(sample, await stage.make[name](path));
  }
  // How far a simulation may look is counted from now.
  text = text.replaceAll(sampleInstants.late, new Date().toISOString());
  if (text.includes(samplePosition)) text = text.replaceAll(samplePosition, await stage.position());
  const [pathNow, bodyNow] = JSON.parse(text);
  return { path: pathNow, body: bodyNow };
}

async function askAs(stage: ExampleStage, route: Route, path: string, body: unknown): Promise<Ask> {
  const roles = route.auth === 'public' ? [] : route.auth.roles;
  if (route.operationId === 'receiveCallback') return callback(stage, path);
  if (roles.length === 0) return { body };
  return { token: roles.includes('admin') ? stage.admin.token : operator, body };
}

function callback(stage: ExampleStage, path: string): Ask {
  return stage.signCallback(path.slice(path.lastIndexOf('/') + 1));
}

/** A stream does not end by itself: its first line is waited for. */
async function openStream(path: string, { token }: Ask): Promise<Pick<Answer, 'status' | 'body'>> {
  const given = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' };
  const answer = await fetch(`${api.url}${path}`, { headers: given });
  const reader = answer.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  const first = new TextDecoder().decode(value);
  return { status: answer.status, body: first.includes('event: ready') ? {} : { detail: first } };
}

describe('what /openapi.json shows as a request', () => {
  it.each(v1Routes)('$operationId is answered as it says', async (route) => {
    const example = examples.get(route.operationId);
    if (example === undefined) throw new Error('it is not in the document');
    const stage = await setExampleStage(api, writer);
    const { path, body } = await stand(stage, example);
    expect(path).not.toContain('{');
    const ask = await askAs(stage, route, path, body);
    const asked =
      route.operationId === 'openInboxStream' ? openStream(path, ask) : api.ask(example.method, path, ask);
    if (route.operationId === 'testChannel') await stage.answerChannelTest();
    const { status, body: said } = await asked;
    const problem = said?.errors ?? said?.detail;
    expect({ isAsShown: example.statuses.includes(String(status)), problem }).toEqual({ isAsShown: true });
  });
});
