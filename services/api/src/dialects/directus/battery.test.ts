import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dialectBattery, loadGoldenPairs, playGoldenPair, type DescribedRoute } from '@carillon/testkit';
import { setDirectusStage, type DirectusStage } from '../../../test/directus-stage.ts';
import type { ApiDeps } from '../../deps.ts';
import { dialectLoaders } from '../list.ts';
import { authRoutes } from './auth-routes.ts';
import { directus } from './index.ts';
import { meRoutes } from './me.ts';
import { itemRoutes } from './routes.ts';

const pairs = loadGoldenPairs(new URL('golden/', import.meta.url));
/** Tables of routes are made before there is a server: nothing is asked of it until a route is called. */
const noDeps = {} as ApiDeps;
/** REST: GraphQL answers nobody and everybody in ways of its own, and its tests say which. */
const routes = [...itemRoutes(noDeps), ...meRoutes(noDeps), ...authRoutes(noDeps)].map(
  ({ method, path, auth }): DescribedRoute => ({ ...{ method, path, isPublic: auth === 'public' } }),
);
const [ownId, unknownId] = ['700001', '700002'];

let stage: DirectusStage;

/** What the routes take; those that are left out take none. Public ones are asked when there is a stage. */
const bodies: Record<string, () => unknown> = {
  'SEARCH /notifications': () => ({ query: { limit: 1 } }),
  'POST /notifications': () => [],
  'PATCH /notifications': () => ({ keys: [], data: { status: 'archived' } }),
  'DELETE /notifications': () => ({ keys: [] }),
  'PATCH /notifications/{id}': () => ({ status: 'archived' }),
  'POST /auth/login': () => stage.login,
  'POST /auth/refresh': () => ({ refresh_token: stage.refreshTokens[0], mode: 'json' }),
  'POST /auth/logout': () => ({ refresh_token: stage.refreshTokens[1], mode: 'json' }),
};

beforeAll(async () => {
  stage = await setDirectusStage();
  await stage.create({ id: Number(ownId), recipient: stage.member.id, subject: 'First' });
});
afterAll(() => stage.stop());

describe("Directus' dialect over REST", () => {
  const battery = dialectBattery({
    url: () => stage.api.url,
    ...{ routes, pairs, mounts: directus.mounts.filter((mount) => mount !== '/graphql'), streams: [] },
    credentials: [
      { name: 'a bearer token', place: (token) => ({ headers: { authorization: `bearer ${token}` } }) },
      { name: 'the query parameter access_token', place: (token) => ({ query: `access_token=${token}` }) },
      {
        name: 'the cookie directus_session_token',
        place: (token) => ({ headers: { cookie: `a=b; directus_session_token=${token}; c=d` } }),
      },
    ],
    tokens: () => ({ own: stage.admin.token, foreign: stage.stranger.token }),
    parameter: () => ({ own: ownId, unknown: unknownId }),
    bodyOf: ({ method, path }) => bodies[`${method} ${path}`]?.(),
    checkError: (_status, body) => expect(body).toEqual({ errors: expect.arrayContaining([problem]) }),
    checkUnservedPath(status, body) {
      expect({ status, body }).toEqual({
        status: 404,
        body: {
          errors: [
            {
              message: expect.stringMatching(/^Route \/\S+ doesn't exist\.$/),
              extensions: { path: expect.stringMatching(/^\//), code: 'ROUTE_NOT_FOUND' },
            },
          ],
        },
      });
    },
    nobodyStatus: 403,
    hasNo405: true,
    takesLists: ({ method }) => method === 'PATCH' || method === 'DELETE',
    toleratesAbsent: ({ method }) => method === 'PATCH' || method === 'DELETE',
  });
  it.each(battery)('$name', ({ run }) => run());

  it('is one of those that are served', async () => {
    expect(await dialectLoaders.directus()).toBe(directus);
  });
});

const problem = {
  message: expect.stringMatching(/\S/),
  extensions: expect.objectContaining({ code: expect.stringMatching(/^[A-Z_]+$/) }),
};

/** As Directus answers them, in the order of their files: later ones build on earlier ones. */
describe('golden pairs', () => {
  let golden: DirectusStage;
  const values: Record<string, string> = {};

  beforeAll(async () => {
    golden = await setDirectusStage();
    const { admin, member, other, stranger, login, refreshTokens } = golden;
    const [renewed = '', ended = ''] = refreshTokens;
    const people = { admin, member, other, stranger };
    for (const [name, { id }] of Object.entries(people)) values[name] = id;
    for (const length of [65, 256]) values[`text${length}`] = 'x'.repeat(length);
    Object.assign(values, { email: login.email, password: login.password, renewed, ended });
    values['nobody'] = '01981c5e-8f00-7000-8000-0000000000ff';
    values['upper'] = member.id.toUpperCase();
    values['member.token'] = member.token;
  });
  afterAll(() => golden.stop());

  it.each(pairs)('$name', (pair) =>
    playGoldenPair(pair, {
      ...{ url: golden.api.url, values },
      headersOf(caller) {
        const { admin, member, other, stranger } = golden;
        const actor = { admin, member, other, stranger }[caller];
        if (actor === undefined) throw new Error(`nobody is called ${caller}`);
        return { authorization: `Bearer ${actor.token}` };
      },
    }),
  );
});
