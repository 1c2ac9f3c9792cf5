import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dialectBattery, loadGoldenPairs, playGoldenPair, type DescribedRoute } from '@carillon/testkit';
import { setOncallStage, type OncallActor, type OncallStage } from '../../../test/oncall-stage.ts';
import type { ApiDeps } from '../../deps.ts';
import { dialectLoaders } from '../list.ts';
import { oncall } from './index.ts';

const pairs = loadGoldenPairs(new URL('golden/', import.meta.url));
/** Tables of routes are made before there is a server: nothing is asked of it until a route is called. */
const noDeps = {} as ApiDeps;
const routes = oncall.routes(noDeps).map(({ method, path, auth }): DescribedRoute => ({
  ...{ method, path, isPublic: auth === 'public' },
}));
const rules = '/api/v1/personal_notification_rules';

async function addRule(
  stage: OncallStage,
  to: OncallActor,
  fields: Record<string, unknown>,
): Promise<string> {
  const body = { user_id: to.oncallId, ...fields };
  return (await stage.ask('POST', `${rules}/`, { token: to.token, body })).body.id;
}

describe("OnCall's dialect", () => {
  let stage: OncallStage;
  let ruleId: string;
  let ownerId = '';
  /** The calls of each token are counted: what the cases need is asked for with another one than theirs. */
  let token: string;

  beforeAll(async () => {
    stage = await setOncallStage();
    token = await stage.api.makeToken(stage.admin, []);
    ownerId = stage.admin.oncallId;
    ruleId = await addRule(stage, stage.admin, { type: 'wait' });
  });
  beforeEach(async () => {
    const { status } = await stage.ask('GET', `${rules}/${ruleId}`, { token });
    // The case before deleted it.
    if (status === 404) ruleId = await addRule(stage, stage.admin, { type: 'wait' });
  });
  afterAll(() => stage.stop());

  const battery = dialectBattery({
    url: () => stage.api.url,
    ...{ routes, pairs, mounts: oncall.mounts, streams: [], nobodyStatus: 403, wrongCredentialStatus: 403 },
    credentials: [
      { name: 'a bare token', place: (token) => ({ headers: { authorization: token } }) },
      { name: 'a bearer token', place: (token) => ({ headers: { authorization: `Bearer ${token}` } }) },
    ],
    tokens: () => ({ own: stage.admin.token, foreign: stage.stranger.token }),
    parameter: (_name, path) =>
      path.startsWith(rules)
        ? { own: ruleId, unknown: 'NT79GA9I7E4DJ' }
        : { own: ownerId, unknown: 'U4DNY931HHJS5' },
    bodyOf({ method }) {
      if (method === 'POST') return { user_id: ownerId, type: 'notify_by_email' };
      return ['PUT', 'PATCH'].includes(method) ? { type: 'wait', duration: 60 } : undefined;
    },
    checkError(_status, body) {
      const texts = Object.values(body as Record<string, unknown>).flat();
      expect(texts).not.toEqual([]);
      for (const text of texts) expect(text).toEqual(expect.stringMatching(/\S/));
    },
    checkUnservedPath(status, body) {
      expect({ status, body }).toEqual({ status: 404, body: { detail: 'Not found.' } });
    },
  });
  it.each(battery)('$name', ({ run }) => run());

  it('is one of those that are served', async () => {
    expect(await dialectLoaders.oncall()).toBe(oncall);
  });

  it.each(routes.map(({ method, path }) => ({ method, path })))(
    '$method $path is served with and without a slash at its end, and never sends elsewhere',
    async ({ method, path }) => {
      for (const end of ['', '/']) {
        const id = path.startsWith(rules) ? ruleId : ownerId;
        const asked = `${path.replace('{id}', id)}${end}`;
        const { status } = await stage.ask(method, asked, {
          token: stage.admin.token,
          body: bodyFor(method),
        });
        expect(status).toBe({ POST: 400, DELETE: end === '' ? 204 : 404 }[method] ?? 200);
        const other = await stage.ask('PROPFIND', asked, { token });
        expect([other.status, other.headers.get('allow')]).toEqual([405, expect.stringContaining(method)]);
      }
    },
  );
});

/** Such a create is judged, and leaves nothing. */
function bodyFor(method: string): unknown {
  return ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
}

/** As OnCall documents them, in the order of their files: later ones build on earlier ones. */
describe('golden pairs', () => {
  let golden: OncallStage;
  let fresh: OncallActor;
  const values: Record<string, string> = {};

  beforeAll(async () => {
    golden = await setOncallStage();
    fresh = await golden.makeUser();
    const { admin, member, stranger } = golden;
    const body = { username: 'ada', email: 'ada@example.com' };
    await golden.api.ask('PATCH', `/v1/users/${member.id}`, { token: admin.token, body });
    for (const [name, actor] of Object.entries({ admin, member, stranger, fresh })) {
      values[name] = actor.oncallId;
    }
    values['sms'] = await addRule(golden, member, { type: 'notify_by_sms' });
    values['wait'] = await addRule(golden, member, { type: 'wait' });
    values['call'] = await addRule(golden, member, { type: 'notify_by_phone_call' });
    values['urgent'] = await addRule(golden, member, { type: 'notify_by_phone_call', important: true });
    values['foreign'] = await addRule(golden, stranger, { type: 'notify_by_sms' });
  });
  afterAll(() => golden.stop());

  it.each(pairs)('$name', (pair) =>
    playGoldenPair(pair, {
      ...{ url: golden.api.url, values },
      headersOf(caller) {
        const { admin, member } = golden;
        if (caller === 'bearer') return { authorization: `Bearer ${admin.token}` };
        const actor = { admin, member, fresh }[caller];
        if (actor === undefined) throw new Error(`nobody is called ${caller}`);
        return { authorization: actor.token };
      },
    }),
  );
});
