import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId } from '@carillon/core';
import { newToken } from '@carillon/runtime';
import { runSql, silentLog } from '@carillon/testkit';
import { startTestApi, type Answer, type TestApi } from '../../test/test-api.ts';
import { coderTemplates, customTemplate } from '../dialects/coder/templates/index.ts';
import { seedSystemTemplates } from './system-templates.ts';

const firstToken = newToken();
const keys = coderTemplates.map(({ key }) => key).sort();

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await startTestApi({ CARILLON_ADMIN_TOKEN: firstToken });
  const operator = await api.makeOperator();
  const body = { slug: 'acme', name: 'Acme', admin: { external_id: 'ada', name: 'Ada' } };
  token = (await api.ask('POST', '/v1/organizations', { token: operator, body })).body.admin.token;
});
afterAll(() => api.stop());

const listed = async (of: string): Promise<string[]> => {
  const { body } = await api.ask('GET', '/v1/templates?limit=100', { token: of });
  return body.data.map((one: { key: string }) => one.key);
};
const post = (path: string, body: object): Promise<Answer> =>
  api.ask('POST', `/v1${path}`, { token, body: { to: ['external:ada'], ...body } });

async function keysOf(organizationId: OrganizationId): Promise<unknown[]> {
  const text = `select key from templates where organization_id = $1 and published_version = 1 order by key`;
  return (await runSql(api.databaseUrl, text, [organizationId])).map((row) => row['key']);
}

describe('templates that come with Carillon', () => {
  it('are in the first organization when the API has started', async () => {
    expect(await listed(firstToken)).toEqual(keys);
  });

  it('are in an organization from its first moment', async () => {
    expect(await listed(token)).toEqual(keys);
  });

  it('are added at a start to organizations that lack some, more of them than a page too, once', async () => {
    const made: OrganizationId[] = [];
    for (let count = 0; count < 101; count += 1) made.push(await api.makeOrganization());
    const [first, last] = [made[0], made.at(-1)];
    if (first === undefined || last === undefined) throw new Error('none was made');
    const deps = { system: api.database.db, systemTemplates: coderTemplates, log: silentLog };
    await Promise.all([seedSystemTemplates(deps), seedSystemTemplates(deps)]);
    expect([await keysOf(first), await keysOf(last)]).toEqual([keys, keys]);
    const sum = 'select count(*)::int as count, max(created_at) as latest from template_versions';
    const before = await runSql(api.databaseUrl, sum);
    await seedSystemTemplates(deps);
    expect(await runSql(api.databaseUrl, sum)).toEqual(before);
  });
});

describe('a create call that names one by its id', () => {
  it.each(coderTemplates)(
    'sends $key with the labels of its sample',
    async ({ id, sampleData, category }) => {
      const labels = Object.fromEntries(Object.entries(sampleData['labels'] ?? {}));
      const sent = await post('/notifications', { template: id, data: { labels, own: 1 } });
      expect(sent.status).toBe(202);
      const other = await post('/notifications', { template: id, data: { own: 1 }, labels });
      const rows = await runSql(
        api.databaseUrl,
        'select template_id, template_version, category, data from notifications where id = any($1)',
        [[sent, other].map(({ body }) => body.notifications[0].id)],
      );
      const row = { template_id: id, template_version: 1, category, data: { labels, own: 1 } };
      expect(rows).toEqual([row, row]);
    },
  );

  it('shows what a sender puts in as text in the inbox', async () => {
    const hostile = '[x](javascript:alert(1)) <b>';
    const labels = { custom_title: hostile, custom_message: hostile };
    const { body } = await post('/simulations', { template: customTemplate.id, labels });
    expect(body.recipients[0].kinds[0]).toMatchObject({
      ...{ kind: 'inbox', decision: 'place' },
      message: { title: hostile, text: hostile, html: '<p>[x](javascript:alert(1)) &lt;b&gt;</p>' },
    });
  });

  it('greets the reader by name in a test, with a way to the settings', async () => {
    const body = { template: 'coder-test' };
    const made = await post('/simulations', body);
    const { message } = made.body.recipients[0].kinds[0];
    expect(message.title).toBe('A test notification');
    expect(message.text).toMatch(/^Hi Ada,/);
    const preview = await api.ask('POST', '/v1/templates/coder-test/preview', { token, body: {} });
    expect(preview.body.actions).toEqual([
      { label: 'Notification settings', url: '/deployment/notifications?tab=settings' },
    ]);
  });
});

describe('labels of a create call', () => {
  const twice = 'must not be given beside `labels`, which becomes it';
  const tooLarge = 'must have at most 65536 bytes as JSON together with `data`';
  const many = Object.fromEntries(
    Array.from({ length: 16 }, (_, index) => [`l${index}`, 'x'.repeat(4_096)] as const),
  );

  it.each([
    { name: 'the data have labels too', data: { labels: {} }, labels: {}, at: '/data/labels', detail: twice },
    { name: 'both are too large together', data: { a: 1 }, labels: many, at: '/labels', detail: tooLarge },
  ])(
    'are refused when $name, alone, in a batch and in a simulation',
    async ({ data, labels, at, detail }) => {
      const one = { title: 'T', data, labels };
      const refusal = { status: 422, code: 'notification.labels_invalid' };
      for (const path of ['/notifications', '/simulations']) {
        const { body } = await post(path, one);
        expect(body).toMatchObject({ ...refusal, errors: [{ pointer: at, detail }] });
      }
      const to = ['external:ada'];
      const notifications = [
        { to, title: 'T' },
        { to, ...one },
      ];
      const batch = await api.ask('POST', '/v1/notifications/batch', { token, body: { notifications } });
      expect(batch.body).toMatchObject({
        ...refusal,
        errors: [{ pointer: `/notifications/1${at}`, detail }],
      });
    },
  );

  it('are a part of the data that is given back, also without a template', async () => {
    const { headers } = await post('/notifications', { title: 'T', labels: { a: 'b' } });
    const { body } = await api.ask('GET', headers['location'] ?? '', { token });
    expect(body.data).toEqual({ labels: { a: 'b' } });
  });
});
