import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

type Method = Parameters<TestApi['ask']>[0];
const ask = (method: Method, path: string, body?: unknown, token = admin.token): Promise<Answer> =>
  api.ask(method, `/v1${path}`, { token, body });

let count = 0;
/** A template with one version, where one is given; answers its key. */
async function make(version?: object, settings: object = {}): Promise<string> {
  count += 1;
  const key = `made-${count}`;
  await made(ask('POST', '/templates', { key, name: key, ...settings }));
  if (version !== undefined) await made(ask('POST', `/templates/${key}/versions`, version));
  return key;
}
async function made(asked: Promise<Answer>): Promise<void> {
  const { status, text } = await asked;
  if (status !== 201) throw new Error(text);
}
const variants = (title: string, body = '') => ({ variants: [{ title, body }] });
const publish = (key: string, version = 1): Promise<Answer> =>
  ask('POST', `/templates/${key}/versions/${version}/publish`);

describe('templates', () => {
  it('are made with their settings, found by key and by id, changed and listed', async () => {
    const settings = { group: 'Builds', category: 'builds', urgent: true, channels: ['email'] };
    const made = await ask('POST', '/templates', { key: 'build-failed', name: 'Build failed', ...settings });
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`/v1/templates/${made.body.id}`);
    expect(made.body).toMatchObject({
      ...settings,
      ...{ source: 'custom', mandatory: false, default_enabled: null, enabled: true },
      ...{ published_version: null, latest_version: null },
    });
    expect((await ask('GET', '/templates/build-failed')).body).toEqual(made.body);
    expect((await ask('GET', `/templates/${made.body.id}`)).body).toEqual(made.body);
    const wish = { channels: null, default_enabled: false, dispatch_method: 'email', mandatory: true };
    const changed = await ask('PATCH', '/templates/build-failed', wish);
    expect(changed.body).toMatchObject({ ...settings, ...wish });
    const listed = await ask('GET', '/templates?limit=200');
    expect(listed.body.data).toContainEqual(changed.body);
  });

  it('are listed in pages', async () => {
    const other = await api.makeUser(await api.makeOrganization(), 'admin');
    for (const key of ['a', 'b', 'c']) await ask('POST', '/templates', { key, name: key }, other.token);
    const first = await ask('GET', '/templates?limit=2', undefined, other.token);
    const path = `/templates?limit=2&cursor=${first.body.next_cursor}`;
    const second = await ask('GET', path, undefined, other.token);
    const keys = [first, second].map((page) => page.body.data.map((one: { key: string }) => one.key));
    expect(keys).toEqual([['a', 'b'], ['c']]);
    expect((await ask('GET', path)).body.code).toBe('cursor.invalid');
  });

  it('are made once for a repeated key of the call', async () => {
    const asked = { body: { key: 'repeated', name: 'R' }, headers: { 'Idempotency-Key': 't-1' } };
    const first = await api.ask('POST', '/v1/templates', { token: admin.token, ...asked });
    const again = await api.ask('POST', '/v1/templates', { token: admin.token, ...asked });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await ask('POST', '/templates', asked.body)).body).toMatchObject({
      ...{ status: 409, code: 'template.key_taken', errors: [{ pointer: '/key' }] },
    });
  });

  it('are gone when they were deleted, but not those that came with Carillon', async () => {
    const [custom, seeded] = [await make(), await make()];
    await runSql(api.databaseUrl, `update templates set source = 'system' where key = $1`, [seeded]);
    expect((await ask('DELETE', `/templates/${custom}`)).status).toBe(204);
    expect((await ask('GET', `/templates/${custom}`)).body.code).toBe('template.not_found');
    expect((await ask('DELETE', `/templates/${seeded}`)).body.code).toBe('template.is_system');
    expect((await ask('PATCH', `/templates/${seeded}`, { enabled: false })).body).toMatchObject({
      ...{ source: 'system', enabled: false },
    });
  });

  it.each([
    {
      name: 'a key like an id',
      body: { key: '01981c5e-8f00-7000-8000-000000000001', name: 'x' },
      at: '/key',
    },
    { name: 'a key with capitals', body: { key: 'Build', name: 'x' }, at: '/key' },
    { name: 'an unknown kind', body: { key: 'x', name: 'x', channels: ['fax'] }, at: '/channels/0' },
    { name: 'no kind at all', body: { key: 'x', name: 'x', channels: [] }, at: '/channels' },
    {
      name: 'the inbox as dispatch method',
      body: { key: 'x', name: 'x', dispatch_method: 'pigeon' },
      at: '/dispatch_method',
    },
  ])('refuses $name and points to it', async ({ body, at }) => {
    const refused = await ask('POST', '/templates', body);
    expect(refused.body).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ pointer: at }] });
  });

  it('of another organization do not exist', async () => {
    const key = await make(variants('T'));
    const path = `/templates/${key}`;
    const answers = await Promise.all([
      ask('GET', path, undefined, stranger.token),
      ask('PATCH', path, { name: 'x' }, stranger.token),
      ask('DELETE', path, undefined, stranger.token),
      ask('GET', `${path}/versions`, undefined, stranger.token),
      ask('POST', `${path}/versions`, variants('T'), stranger.token),
      ask('GET', `${path}/versions/1`, undefined, stranger.token),
      ask('POST', `${path}/versions/1/publish`, undefined, stranger.token),
      ask('POST', `${path}/preview`, {}, stranger.token),
      ask('POST', `${path}/test-send`, {}, stranger.token),
    ]);
    expect(answers.map((one) => one.body.code)).toEqual(Array(9).fill('template.not_found'));
  });

  it('may be read by programs that send, and written by admins only', async () => {
    const key = await make(variants('T'));
    const { token } = await api.makeUser(admin.organizationId, 'system');
    expect((await ask('GET', `/templates/${key}/versions/1`, undefined, token)).status).toBe(200);
    expect((await ask('POST', `/templates/${key}/preview`, {}, token)).status).toBe(200);
    const refused = await Promise.all([
      ask('PATCH', `/templates/${key}`, { name: 'x' }, token),
      ask('POST', `/templates/${key}/versions/1/publish`, undefined, token),
      ask('PUT', '/template-parts/partial/x', { source: '' }, token),
    ]);
    expect(refused.map((one) => one.body.code)).toEqual(Array(3).fill('auth.forbidden'));
  });
});

describe('versions', () => {
  it('keep what was written, count from 1 and are repeated by key', async () => {
    const key = await make();
    const body = {
      variants: [
        { title: 'Hi {{name}}', body: '**{{name}}**', actions: [{ label: 'Go', url: '/x/{{id}}' }] },
        { kind: 'email', locale: 'de', title: 'Hallo', url: 'https://example.com/{{id}}', icon: '/i.png' },
      ],
      ...{ data_schema: { type: 'object' }, sample_data: { name: 'Ada', id: 7 }, on_missing: 'refuse' },
    };
    const asked = { token: admin.token, body, headers: { 'Idempotency-Key': 'v-1' } };
    const made = await api.ask('POST', `/v1/templates/${key}/versions`, asked);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ version: 1, data_schema: body.data_schema, sample_data: body.sample_data, on_missing: 'refuse' },
      ...{ layout: null, published_at: null, created_by: admin.id },
    });
    expect(made.body.variants[1]).toMatchObject({ kind: 'email', locale: 'de', body: '', actions: [] });
    const again = await api.ask('POST', `/v1/templates/${key}/versions`, asked);
    expect(again.body).toEqual(made.body);
    expect((await ask('GET', `/templates/${key}/versions/1`)).body).toEqual(made.body);
    await ask('POST', `/templates/${key}/versions`, variants('Second'));
    const listed = await ask('GET', `/templates/${key}/versions?limit=1`);
    expect(listed.body.data).toMatchObject([{ version: 2 }]);
    const rest = await ask('GET', `/templates/${key}/versions?limit=1&cursor=${listed.body.next_cursor}`);
    expect(rest.body).toMatchObject({ data: [{ version: 1 }], next_cursor: null });
    expect((await ask('GET', `/templates/${key}/versions/3`)).body.code).toBe('template.version_not_found');
  });

  it.each([
    {
      name: 'no variant for every kind',
      body: { variants: [{ kind: 'email', title: 'x' }] },
      at: '/variants',
    },
    {
      name: 'two variants for one place',
      body: {
        variants: [
          { title: 'x', locale: 'de' },
          { title: 'x', locale: 'DE' },
        ],
      },
      at: '/variants/1',
    },
    { name: 'no variant', body: { variants: [] }, at: '/variants' },
    {
      name: 'a locale that is none',
      body: { variants: [{ title: 'x', locale: 'd_e' }] },
      at: '/variants/0/locale',
    },
    {
      name: 'six actions',
      body: { variants: [{ title: 'x', actions: Array(6).fill({ label: 'x', url: '/' }) }] },
      at: '/variants/0/actions',
    },
  ])('refuses $name and points to it', async ({ body, at }) => {
    const refused = await ask('POST', `/templates/${await make()}/versions`, body);
    expect(refused.body).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ pointer: at }] });
  });

  it('are published once they compile, and tell what they read', async () => {
    const key = await make(variants('{{a}}', '{{#each list}}{{name}}{{/each}}'));
    const published = await publish(key);
    expect(published.status).toBe(200);
    expect(published.body.variables).toEqual(['a', 'list', 'list[].name']);
    expect(published.body.version.published_at).not.toBeNull();
    expect((await ask('GET', `/templates/${key}`)).body.published_version).toBe(1);
  });

  it('are not published while a text does not compile: each place is named with line and column', async () => {
    const key = await make({
      variants: [
        { title: 'fine', body: 'one\n  {{#if a}}' },
        { kind: 'email', title: '{{nothelper "x"}}', actions: [{ label: 'x', url: '{{{raw}}}' }] },
      ],
    });
    const refused = await publish(key);
    expect(refused.body).toMatchObject({ status: 422, code: 'template.syntax' });
    expect(refused.body.errors).toMatchObject([
      { pointer: '/variants/0/body', line: 2 },
      { pointer: '/variants/1/title', line: 1, column: 1 },
      { pointer: '/variants/1/actions/0/url', line: 1, column: 1 },
    ]);
    expect((await ask('GET', `/templates/${key}`)).body.published_version).toBeNull();
  });

  it.each([
    {
      name: 'a layout that is not there',
      version: { ...variants('x'), layout: 'nowhere' },
      code: 'template.syntax',
      at: '/layout',
    },
    {
      name: 'a partial that is not there',
      version: variants('x', '{{> nowhere}}'),
      code: 'template.syntax',
      at: '/variants/0/body',
    },
    {
      name: 'a schema with an expression',
      version: { ...variants('x'), data_schema: { properties: { a: { pattern: '(a+)+$' } } } },
      ...{ code: 'template.schema_invalid', at: '/data_schema/properties/a/pattern' },
    },
    {
      name: 'sample data that do not fit',
      version: {
        ...variants('x'),
        data_schema: { properties: { a: { type: 'integer' } } },
        sample_data: { a: 'x' },
      },
      ...{ code: 'template.data_invalid', at: '/sample_data/a' },
    },
  ])('are not published with $name', async ({ version, code, at }) => {
    const refused = await publish(await make(version));
    expect(refused.body).toMatchObject({ status: 422, code, errors: [{ pointer: at }] });
  });
});

describe('partials and layouts', () => {
  it('are frozen by publishing, and an old version is published again as it was', async () => {
    await ask('PUT', '/template-parts/partial/foot', { source: 'old foot, {{> deep}}' });
    await ask('PUT', '/template-parts/partial/deep', { source: 'deep' });
    await ask('PUT', '/template-parts/layout/page', { source: 'old page: {{> @content}}' });
    const key = await make({ ...variants('T', '{{> foot}}'), layout: 'page' });
    expect((await publish(key)).status).toBe(200);
    await ask('PUT', '/template-parts/partial/foot', { source: 'new foot' });
    expect((await ask('DELETE', '/template-parts/layout/page')).status).toBe(204);
    await ask('POST', `/templates/${key}/versions`, variants('T', '{{> foot}}'));
    expect((await publish(key, 2)).status).toBe(200);
    expect((await publish(key, 1)).status).toBe(200);
    const text = async (version: number) =>
      (await ask('POST', `/templates/${key}/preview`, { version })).body.text;
    expect([await text(1), await text(2)]).toEqual(['old page: old foot, deep', 'new foot']);
    expect((await ask('GET', `/templates/${key}`)).body.published_version).toBe(1);
  });

  it('are written, listed, read and deleted', async () => {
    const path = '/template-parts/partial/signature';
    const written = await ask('PUT', path, { source: 'Yours, {{organization.name}}' });
    expect(written.body).toMatchObject({ part: 'partial', key: 'signature' });
    expect((await ask('GET', path)).body).toEqual(written.body);
    const { source: _source, ...summary } = written.body;
    expect((await ask('GET', '/template-parts')).body.data).toContainEqual(summary);
    expect((await ask('GET', path, undefined, stranger.token)).body.code).toBe('template.part_not_found');
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('DELETE', path)).body.code).toBe('template.part_not_found');
  });

  it.each([
    { name: 'a partial', path: 'partial/broken', source: 'a\n{{#if}}' },
    { name: 'a layout', path: 'layout/broken', source: 'a\n{{#if}}' },
    { name: 'a layout without a place for the body', path: 'layout/broken', source: 'nothing' },
  ])('refuses $name that compiles nowhere, with line and column', async ({ path, source }) => {
    const refused = await ask('PUT', `/template-parts/${path}`, { source });
    expect(refused.body).toMatchObject({
      ...{ status: 422, code: 'template.syntax', errors: [{ pointer: '/source' }] },
    });
    expect(refused.body.errors[0].line).toBeGreaterThan(0);
  });

  it('may name partials that are written later', async () => {
    expect((await ask('PUT', '/template-parts/partial/first', { source: '{{> later}}' })).status).toBe(200);
  });
});
