import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let system: Actor;

beforeAll(async () => {
  api = await startTestApi();
  system = await api.makeUser(await api.makeOrganization(), 'system');
  const stranger = await api.makeUser(await api.makeOrganization(), 'system');
  const titles = ['Backup finished', 'Backup failed', '100% of the disk', '100 of the disk', 'a_b', 'axb'];
  for (const title of titles) await send(system, title);
  await send(stranger, 'Backup of somebody else');
});
afterAll(() => api.stop());

const send = ({ id, token }: Actor, title: string) =>
  api.ask('POST', '/v1/notifications', { token, body: { to: [id], title } });

async function find(query: Record<string, string>): Promise<string[]> {
  const path = `/v1/notifications?${new URLSearchParams(query).toString()}`;
  const { body } = await api.ask('GET', path, { token: system.token });
  return body.data.map(({ title }: { title: string }) => title);
}

describe('a search in what was sent', () => {
  it.each([
    {
      name: 'finds a part of a title in any case',
      search: 'bACKUP',
      found: ['Backup failed', 'Backup finished'],
    },
    { name: 'takes a percent sign for itself', search: '0% of', found: ['100% of the disk'] },
    { name: 'takes an underscore for itself', search: 'a_b', found: ['a_b'] },
    { name: 'takes a backslash for itself', search: String.raw`\%`, found: [] },
    { name: 'finds nothing of another organization', search: 'somebody else', found: [] },
  ])('$name', async ({ search, found }) => {
    expect(await find({ search })).toEqual(found);
  });

  it('goes on from page to page', async () => {
    const path = '/v1/notifications?search=backup&limit=1';
    const first = await api.ask('GET', path, { token: system.token });
    const next = await api.ask('GET', `${path}&cursor=${first.body.next_cursor}`, { token: system.token });
    expect([...first.body.data, ...next.body.data].map(({ title }) => title)).toEqual([
      ...['Backup failed', 'Backup finished'],
    ]);
    expect(next.body.next_cursor).toBeNull();
  });

  it('is refused for a single character', async () => {
    const { body } = await api.ask('GET', '/v1/notifications?search=b', { token: system.token });
    expect({ code: body.code, at: body.errors[0].pointer }).toEqual({
      ...{ code: 'request.invalid', at: '/query/search' },
    });
  });
});
