import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setOncallStage, type OncallActor, type OncallStage } from '../../../test/oncall-stage.ts';
import type { OncallUser } from './translate.ts';

const base = '/api/v1/users';
let stage: OncallStage;
let ada: OncallActor;

beforeAll(async () => {
  stage = await setOncallStage();
  ada = await stage.makeUser();
  const { token } = stage.admin;
  const body = { username: 'Ada', email: 'ada@example.com' };
  await stage.api.ask('PATCH', `/v1/users/${ada.id}`, { token, body });
});
afterAll(() => stage.stop());

const get = (path: string, token = stage.admin.token) => stage.ask('GET', `${base}${path}`, { token });

describe('users', () => {
  it('are found by the name that they have, or else by the id of their own system', async () => {
    const known = { id: ada.oncallId, email: 'ada@example.com', username: 'Ada', role: 'editor' };
    expect((await get('/?username=Ada')).body.results).toEqual([known]);
    const [nameless] = (await get(`/?username=member-${stage.member.id}`)).body.results;
    expect(nameless).toEqual({
      ...{ id: stage.member.oncallId, email: '', username: `member-${stage.member.id}`, role: 'editor' },
    });
    expect((await get('/?username=')).body.results).toEqual([]);
    expect((await get('/?username=member')).body.results).toEqual([]);
  });

  it('are all there over the pages, once, and none of another organization', async () => {
    for (let made = 0; made < 5; made += 1) await stage.makeUser();
    const ids: string[] = [];
    for (let page = 1, more = true; more; page += 1) {
      const { body } = await get(`/?perpage=3&page=${page}`);
      ids.push(...body.results.map((user: OncallUser) => user.id));
      more = body.next !== null;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect((await get('/')).body).toMatchObject({ count: ids.length, page_size: 100 });
    expect(ids).toEqual(expect.arrayContaining([ada.oncallId, stage.admin.oncallId]));
    expect(ids).not.toContain(stage.stranger.oncallId);
  });

  it('have an id that stays, and by which rules name them', async () => {
    expect(ada.oncallId).toMatch(/^U[A-NP-Z1-9]{12}$/);
    expect((await get(`/${ada.oncallId}`)).body.id).toBe(ada.oncallId);
    expect((await get('/current', ada.token)).body.id).toBe(ada.oncallId);
  });

  it('see themselves only, unless they are admins', async () => {
    expect((await get('/', ada.token)).body.results).toMatchObject([{ id: ada.oncallId }]);
    const name = `member-${stage.member.id}`;
    expect((await get(`/?username=${name}`, ada.token)).body.results).toEqual([]);
    expect((await get(`/${stage.member.oncallId}/`, ada.token)).status).toBe(404);
  });

  it('that were deleted are gone, and their rules with them', async () => {
    const leaver = await stage.makeUser();
    const rules = '/api/v1/personal_notification_rules';
    const made = await stage.ask('POST', rules, {
      ...{ token: leaver.token, body: { user_id: leaver.oncallId, type: 'wait' } },
    });
    const { token } = stage.admin;
    await stage.api.ask('DELETE', `/v1/users/${leaver.id}`, { token });
    expect((await get(`/${leaver.oncallId}/`)).status).toBe(404);
    expect((await stage.ask('GET', `${rules}/${made.body.id}/`, { token })).status).toBe(404);
    const listed = await stage.ask('GET', `${rules}/?user_id=${leaver.oncallId}`, { token });
    expect([listed.status, listed.body]).toEqual([400, { detail: 'User not found.' }]);
  });
});
