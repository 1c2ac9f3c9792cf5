import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dialectBattery, loadGoldenPairs, playGoldenPair, type DescribedRoute } from '@carillon/testkit';
import { setOcoreStage, type OcoreStage } from '../../../test/ocore-stage.ts';
import type { ApiDeps } from '../../deps.ts';
import { dialectLoaders } from '../list.ts';
import { ocore } from './index.ts';

const pairs = loadGoldenPairs(new URL('golden/', import.meta.url));
/** Tables of routes are made before there is a server: nothing is asked of it until a route is called. */
const noDeps = {} as ApiDeps;
const routes = ocore.routes(noDeps).map(({ method, path, auth }): DescribedRoute => ({
  ...{ method, path, isPublic: auth === 'public' },
}));
const unknownId = '01981c5e-8f00-7000-8000-0000000000ff';
const channels = '/api/monitoring/notifications/channels';

/** What the routes take; those that are left out take none. */
const bodies: Record<string, unknown> = {
  'PUT /api/notifications/preferences': { preferences: [{ category: 'billing', enabled: true }] },
  [`POST ${channels}`]: { name: 'Nowhere', type: 'null' },
  [`PUT ${channels}/{channelId}`]: { name: 'Still nowhere' },
};

let stage: OcoreStage;
/** Of the admin's organization alone. */
let itemId: string;
/** One is deleted on the way. */
let channelId: string;
let testedChannelId: string;

beforeAll(async () => {
  stage = await setOcoreStage();
  itemId = await stage.writer.place(stage.admin, { title: 'First' });
  const make = async (name: string) => {
    const made = await stage.ask('POST', channels, {
      token: stage.admin.token,
      body: { name, type: 'null' },
    });
    return made.body.id;
  };
  [channelId, testedChannelId] = [await make('Deleted'), await make('Tested')];
});
afterAll(() => stage.stop());

describe("oCore's dialect", () => {
  const battery = dialectBattery({
    url: () => stage.api.url,
    ...{ routes, pairs, mounts: ocore.mounts },
    streams: ocore.streams(noDeps).map(({ path }) => path),
    credentials: [
      { name: 'a bearer token', place: (token) => ({ headers: { authorization: `Bearer ${token}` } }) },
    ],
    tokens: () => ({ own: stage.admin.token, foreign: stage.stranger.token }),
    parameter(name, path) {
      if (name === 'id') return { own: itemId, unknown: unknownId };
      return { own: path.endsWith('/test') ? testedChannelId : channelId, unknown: unknownId };
    },
    bodyOf: ({ method, path }) => bodies[`${method} ${path}`],
    checkError(_status, body) {
      expect(body).toEqual({
        message: expect.stringMatching(/\S/),
        code: expect.stringMatching(/^\w+\.\w+$/),
      });
    },
    checkUnservedPath(status, body) {
      expect({ status, body }).toEqual({
        ...{ status: 404, body: { message: 'Route not found.', code: 'route.not_found' } },
      });
    },
  });
  it.each(battery)('$name', ({ run }) => run());

  it('is one of those that are served', async () => {
    expect(await dialectLoaders.ocore()).toBe(ocore);
  });
});

/** As oCore documents them, in the order of their files: later ones build on earlier ones. */
describe('golden pairs', () => {
  let golden: OcoreStage;
  /** `token` stands in a message as it is. */
  const values: Record<string, string> = { unknown: unknownId, token: '<token>' };

  beforeAll(async () => {
    golden = await setOcoreStage();
    const { member, stranger, admin, writer, api, ask } = golden;
    await api.ask('PUT', '/v1/categories/security', { token: admin.token, body: { mandatory: true } });
    await api.ask('PATCH', `/v1/users/${admin.id}`, {
      token: admin.token,
      body: { email: 'ada@example.com' },
    });
    values['bare'] = await golden.notify(member, { title: 'Lunch' });
    values['deploy'] = await golden.notify(member, {
      ...{ title: 'Deploy failed', body: 'shop in **production**', category: 'deployments' },
      url: 'https://ocore.example.com/projects/shop/deployments/7',
    });
    values['foreign'] = await writer.place(stranger, { title: 'Not yours' });
    golden.answerTestsOf('Broken', { outcome: 'reject', reason: 'no such hook', statusCode: 404 });
    const make = async (name: string) => {
      const body = { name, type: 'webhook', config: { url: 'https://93.184.216.34/hook' } };
      return (await ask('POST', channels, { token: admin.token, body })).body.id;
    };
    values['broken'] = await make('Broken');
    values['ops'] = await make('Ops room');
  });
  afterAll(() => golden.stop());

  it.each(pairs)('$name', (pair) =>
    playGoldenPair(pair, {
      ...{ url: golden.api.url, values },
      headersOf(caller) {
        const actor = { admin: golden.admin, member: golden.member, stranger: golden.stranger }[caller];
        if (actor === undefined) throw new Error(`nobody is called ${caller}`);
        return { authorization: `Bearer ${actor.token}` };
      },
    }),
  );
});
