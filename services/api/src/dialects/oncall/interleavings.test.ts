import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  setOncallStage,
  type OncallActor,
  type OncallAnswer,
  type OncallStage,
} from '../../../test/oncall-stage.ts';
import type { OncallRule } from './translate.ts';

const base = '/api/v1/personal_notification_rules';
const ten = Array.from({ length: 10 }, (_, index) => index);
/** As many as Terraform runs at once. */
const places = fc.shuffledSubarray(ten, { minLength: 10 });
/** Each makes a user, and some 60 requests. */
const settings: fc.Parameters<unknown> = { numRuns: 4 };
let stage: OncallStage;

beforeAll(async () => {
  stage = await setOncallStage();
});
afterAll(() => stage.stop());

const ask = ({ token }: OncallActor, method: string, path: string, body?: unknown): Promise<OncallAnswer> =>
  stage.ask(method, `${base}${path}`, { token, body });

async function list(owner: OncallActor): Promise<OncallRule[]> {
  const { body } = await ask(owner, 'GET', `?user_id=${owner.oncallId}&perpage=100`);
  return body.results;
}

/** What the provider does for one resource: writes it, reads it back, and fails unless it has what was planned. */
async function apply(owner: OncallActor, position: number, id?: string): Promise<OncallRule> {
  const planned = { type: 'wait', duration: 60, position };
  const wish = { ...planned, manual_order: true };
  const written =
    id === undefined
      ? await ask(owner, 'POST', '/', { ...wish, user_id: owner.oncallId })
      : await ask(owner, 'PUT', `/${id}/`, wish);
  expect(written.status).toBe(id === undefined ? 201 : 200);
  const read = await ask(owner, 'GET', `/${written.body.id}/`);
  expect(read.body).toMatchObject(planned);
  return read.body;
}

const placesOf = (rules: readonly OncallRule[]) => rules.map(({ id, position }) => ({ id, position }));
const byPlace = (one: { position: number }, other: { position: number }) => one.position - other.position;

describe('ten writes at once', () => {
  it("with Terraform's order put every rule where it was planned, when it is made and when all are moved", async () => {
    await fc.assert(
      fc.asyncProperty(places, places, async (first, second) => {
        const owner = await stage.makeUser();
        const made = await Promise.all(first.map((position) => apply(owner, position)));
        expect(placesOf(await list(owner))).toEqual(placesOf(made).toSorted(byPlace));
        const moved = await Promise.all(made.map(({ id }, index) => apply(owner, second[index] ?? 0, id)));
        expect(placesOf(await list(owner))).toEqual(placesOf(moved).toSorted(byPlace));
      }),
      settings,
    );
  });

  it('of all sorts leave a list in which no place is taken twice and nothing is lost', async () => {
    const write = fc.record({
      what: fc.constantFrom('add', 'move', 'swap', 'end', 'drop'),
      at: fc.nat(12),
      of: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 10, maxLength: 10 }), async (writes) => {
        const owner = await stage.makeUser();
        const start = await Promise.all(ten.slice(0, 5).map(() => add(owner, {})));
        const answers = await Promise.all(
          writes.map(({ what, at, of }) => {
            const path = `/${start[of]?.body.id}/`;
            if (what === 'add') return add(owner, { position: at });
            if (what === 'drop') return ask(owner, 'DELETE', path);
            const position = what === 'end' ? -1 : at;
            return ask(owner, 'PUT', path, { position, manual_order: what === 'swap' });
          }),
        );
        expect(answers.filter(({ status }) => ![200, 201, 204, 404].includes(status))).toEqual([]);
        const added = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
        const isDropped = (index: number) => writes.some(({ what, of }) => what === 'drop' && of === index);
        const kept = start.filter((_, index) => !isDropped(index)).map(({ body }) => body.id);
        const rules = await list(owner);
        expect(new Set(rules.map(({ id }) => id))).toEqual(new Set([...kept, ...added]));
        expect(rules).toHaveLength(kept.length + added.length);
        expect(new Set(rules.map(({ position }) => position)).size).toBe(rules.length);
      }),
      settings,
    );
  });
});

function add(owner: OncallActor, fields: Record<string, unknown>): Promise<OncallAnswer> {
  return ask(owner, 'POST', '/', { user_id: owner.oncallId, type: 'notify_by_email', ...fields });
}
