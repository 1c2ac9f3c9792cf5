import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';
import { exportMax } from './export-rows.ts';

let api: TestApi;
let member: Actor;
let poor: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const home = await api.makeOrganization();
  member = await api.makeUser(home, 'member');
  poor = await api.makeUser(home, 'member');
  // Nothing here reads by them, and filling them takes longer than everything else.
  for (const name of ['inbox', 'unread', 'changes'])
    await runSql(api.databaseUrl, `drop index notifications_${name}`);
  await runSql(api.databaseUrl, manyRows, [home, member.id, exportMax + 1]);
  await runSql(api.databaseUrl, 'analyze notifications');
}, 60_000);
afterAll(() => api.stop());

const manyRows = `insert into notifications (id, organization_id, number, trigger_id, recipient_id, title, body,
    created_at, inbox_at, dispatched_at, placed_sequence)
  select gen_random_uuid(), $1, n, gen_random_uuid(), $2, 'Title ' || n, 'Body', t, t, t, n
  from (select carillon_now() as t offset 0) clock, generate_series(1, $3::int) n`;

function exported(query: string, as: Actor = member, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${as.token}` };
  return fetch(`${api.url}/notifications?${query}`, { headers, ...(signal !== undefined && { signal }) });
}

describe('a file', () => {
  it('has more rows than a list, each once and in the order that was asked for', async () => {
    const response = await exported('export=json&limit=10050&sort=-id&fields=id,recipient.id');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const rows = (await response.json()) as { id: number; recipient: unknown }[];
    expect(rows).toHaveLength(10_050);
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 10_050 }, (_, at) => exportMax + 1 - at));
    expect(rows[0]?.recipient).toEqual({ id: member.id });
  });

  it('of the last page has what is left', async () => {
    const response = await exported(`export=csv&limit=${exportMax}&page=2&sort=id&fields=id,subject`);
    expect(await response.text()).toBe(`"id","subject"\n${exportMax + 1},"Title ${exportMax + 1}"`);
  });

  it('honours filter and search', async () => {
    const query = 'export=json&limit=-1&search=TITLE 7777&filter[id][_lt]=7778&fields=id';
    expect(await (await exported(query)).json()).toEqual([{ id: 7777 }]);
  });

  it('is refused when it would have more rows than it may', async () => {
    const response = await exported('export=yaml&limit=-1');
    expect(response.status).toBe(400);
    const reason = `An export may have ${exportMax} rows: ask for parts of it by "limit" and "page"`;
    const extensions = { reason, code: 'INVALID_QUERY' };
    expect(await response.json()).toEqual({ errors: [{ message: `Invalid query. ${reason}.`, extensions }] });
  });

  it('of groups has all of them', async () => {
    const response = await exported('export=json&aggregate[count]=*&groupBy=status&limit=-1');
    expect(await response.json()).toEqual([{ status: 'inbox', count: String(exportMax + 1) }]);
  });

  it('of no rows is empty', async () => {
    expect(await (await exported('export=csv&limit=-1', poor)).text()).toBe('');
    expect(await (await exported('export=json&limit=-1', poor)).json()).toEqual([]);
  });

  it('is asked for by HEAD without being made', async () => {
    const headers = { authorization: `Bearer ${member.token}` };
    const url = `${api.url}/notifications?export=csv&limit=${exportMax}`;
    const response = await fetch(url, { method: 'HEAD', headers });
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=".+\.csv"$/);
    expect(await response.text()).toBe('');
  });

  it('ends with a client that leaves, which is no error', async () => {
    const leaving = new AbortController();
    const response = await exported(`export=json&limit=${exportMax}`, member, leaving.signal);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    leaving.abort();
    await expect(reader?.read()).rejects.toThrow('aborted');
    expect((await exported('export=csv&limit=1')).status).toBe(200);
    expect(api.logged()).not.toContain('request.failed');
  });
});
