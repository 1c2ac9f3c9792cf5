import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dialectBattery, loadGoldenPairs, playGoldenPair, type DescribedRoute } from '@carillon/testkit';
import { setCoderStage, type CoderStage } from '../../../test/coder-stage.ts';
import type { ApiDeps } from '../../deps.ts';
import { dialectLoaders } from '../list.ts';
import { coder } from './index.ts';

const pairs = loadGoldenPairs(new URL('golden/', import.meta.url));
/** Tables of routes are made before there is a server: nothing is asked of it until a route is called. */
const noDeps = {} as ApiDeps;
const routes = coder.routes(noDeps).map(({ method, path, auth }): DescribedRoute => ({
  ...{ method, path, isPublic: auth === 'public' },
}));
const unknownId = '01981c5e-8f00-7000-8000-0000000000ff';
const tests = 'c425f63e-716a-4bf4-ae24-78348f706c3f';

/** What the routes take; those that are left out take none. */
const bodies: Record<string, unknown> = {
  'PUT /api/v2/notifications/inbox/{id}/read-status': { is_read: true },
  'PUT /api/v2/notifications/settings': { notifier_paused: false },
  'POST /api/v2/notifications/custom': { content: { title: 'Lunch', message: 'Pizza' } },
  'PUT /api/v2/notifications/templates/{id}/method': { method: 'smtp' },
  'PUT /api/v2/users/{user}/notifications/preferences': { template_disabled_map: { [tests]: false } },
};

let stage: CoderStage;
/** Of the owner's organization alone. */
let itemId: string;
let templateId: string;

beforeAll(async () => {
  stage = await setCoderStage();
  const { api, owner, writer } = stage;
  itemId = await writer.place(owner, { title: 'First' });
  const { body } = await api.ask('POST', '/v1/templates', {
    token: owner.token,
    body: { key: 'own', name: 'Own', category: 'general' },
  });
  templateId = body.id;
});
afterAll(() => stage.stop());

describe("Coder's dialect", () => {
  const battery = dialectBattery({
    url: () => stage.api.url,
    ...{ routes, pairs, mounts: coder.mounts },
    streams: coder.streams(noDeps).map(({ path }) => path),
    credentials: [
      {
        name: 'the header Coder-Session-Token',
        place: (token) => ({ headers: { 'coder-session-token': token } }),
      },
      {
        name: 'the cookie coder_session_token',
        place: (token) => ({ headers: { cookie: `a=b; coder_session_token=${token}; c=d` } }),
      },
      {
        name: 'the query parameter coder_session_token',
        place: (token) => ({ query: `coder_session_token=${token}` }),
      },
      { name: 'a bearer token', place: (token) => ({ headers: { authorization: `Bearer ${token}` } }) },
      { name: 'the query parameter access_token', place: (token) => ({ query: `access_token=${token}` }) },
    ],
    tokens: () => ({ own: stage.owner.token, foreign: stage.stranger.token }),
    parameter(name, path) {
      if (name === 'user') return { own: stage.owner.id, unknown: unknownId };
      return { own: path.includes('/templates/') ? templateId : itemId, unknown: unknownId };
    },
    bodyOf: ({ method, path }) => bodies[`${method} ${path}`],
    checkError: (_status, body) => expect(body).toEqual(errorObject),
    checkUnservedPath(status, body) {
      expect({ status, body }).toEqual({ status: 404, body: { message: 'Route not found.' } });
    },
  });
  it.each(battery)('$name', ({ run }) => run());

  it('is one of those that are served', async () => {
    expect(await dialectLoaders.coder()).toBe(coder);
  });
});

const errorObject = {
  asymmetricMatch(body: unknown): boolean {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
    const { message, detail, validations, ...more } = body as Record<string, unknown>;
    const isText = (value: unknown) => typeof value === 'string' && value !== '';
    if (!isText(message) || Object.keys(more).length > 0) return false;
    if (detail !== undefined && !isText(detail)) return false;
    return (
      validations === undefined ||
      (Array.isArray(validations) &&
        validations.length > 0 &&
        validations.every((one) => isText(one.field) && isText(one.detail) && Object.keys(one).length === 2))
    );
  },
};

/** As Coder's documents and its clients show them, in the order of their files: later ones build on earlier ones. */
describe('golden pairs', () => {
  let golden: CoderStage;
  const values: Record<string, string> = {};

  beforeAll(async () => {
    golden = await setCoderStage();
    const { api, owner, member, stranger, writer } = golden;
    const workspace = '0b4dfc3f-6b2e-4b3a-9d7e-0f5b7b5a1c01';
    Object.assign(values, {
      ...{ 'owner.id': owner.id, 'member.id': member.id, workspace, unknown: unknownId, version: coder.name },
    });
    values['disk'] = await writer.place(member, {
      ...{
        title: 'blue-whale runs out of disk space',
        body: 'The volume **/data/ada** is more than 90% full.',
      },
      ...{ templateId: 'f047f6a3-5713-40f7-85aa-0394cce9fa3a', targets: [workspace] },
      actions: [{ label: 'Open workspace', url: 'https://coder.example.com/@ada/blue-whale' }],
    });
    values['plain'] = await writer.place(member, {
      title: 'Lunch',
      body: 'Pizza & more < 5',
      icon: '/pizza.png',
    });
    values['foreign'] = await writer.place(stranger, { title: 'Not yours' });
    await api.ask('PATCH', `/v1/users/${member.id}`, {
      ...{ token: owner.token, body: { username: 'ada', email: 'ada@example.com', name: 'Ada' } },
    });
  });
  afterAll(() => golden.stop());

  it.each(pairs)('$name', (pair) =>
    playGoldenPair(pair, {
      ...{ url: golden.api.url, values },
      headersOf(caller) {
        const actor = { owner: golden.owner, member: golden.member, stranger: golden.stranger }[caller];
        if (actor === undefined) throw new Error(`nobody is called ${caller}`);
        return { 'coder-session-token': actor.token };
      },
    }),
  );
});
