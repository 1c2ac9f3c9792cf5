import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadGoldenPairs, playGoldenPair } from '@carillon/testkit';
import { setDirectusStage, type DirectusStage } from '../../../../test/directus-stage.ts';
import type { ApiDeps } from '../../../deps.ts';
import { graphqlRoutes } from './routes.ts';

const pairs = loadGoldenPairs(new URL('golden/', import.meta.url));

let stage: DirectusStage;
const values: Record<string, string> = {};

beforeAll(async () => {
  stage = await setDirectusStage();
  const { member, other, login } = stage;
  Object.assign(values, { member: member.id, other: other.id, email: login.email });
});
afterAll(() => stage.stop());

/** As Directus answers them, in the order of their files: later ones build on earlier ones. */
describe('golden pairs of GraphQL', () => {
  it.each(pairs)('$name', (pair) =>
    playGoldenPair(pair, {
      ...{ url: stage.api.url, values },
      headersOf(caller) {
        const { admin, member } = stage;
        const actor = { admin, member }[caller];
        if (actor === undefined) throw new Error(`nobody is called ${caller}`);
        return { authorization: `Bearer ${actor.token}` };
      },
    }),
  );

  // Tables of routes are made before there is a server: nothing is asked of it until a route is called.
  it.each(graphqlRoutes({} as ApiDeps))('show an answer of $method $path', ({ method, path }) => {
    const shown = pairs.some(({ request, response }) => {
      const [asked] = request.path.split('?');
      return request.method === method && asked === path && response.status === 200;
    });
    expect(shown).toBe(true);
  });
});
