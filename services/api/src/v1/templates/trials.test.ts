import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
  await runSql(api.databaseUrl, `update users set name = 'Ada', locale = 'de-DE' where id = $1`, [member.id]);
});
afterAll(() => api.stop());

const post = (path: string, body: unknown = {}, headers = {}): Promise<Answer> =>
  api.ask('POST', `/v1/templates${path}`, { token: admin.token, body, headers });

let count = 0;
async function make(version: object): Promise<string> {
  count += 1;
  const key = `trial-${count}`;
  await post('', { key, name: key, category: 'trials' });
  expect((await post(`/${key}/versions`, version)).status).toBe(201);
  return key;
}
const rowsOf = (table: string) => runSql(api.databaseUrl, `select count(*)::int as rows from ${table}`);

describe('a preview', () => {
  it('renders sample data for the caller, and writes nothing', async () => {
    const key = await make({
      variants: [{ title: '{{n}} *files*', body: '**{{name}}** {{gone}}', url: '/files/{{id}}' }],
      sample_data: { n: 2, name: '<b>*Bob*</b>', id: 'a b' },
    });
    const before = await rowsOf('notifications');
    const shown = await post(`/${key}/preview`);
    expect(shown.status).toBe(200);
    expect(shown.body).toMatchObject({
      ...{ version: 1, kind: '', locale: '', title: '2 *files*', url: '/files/a%20b', missing: ['gone'] },
      ...{ text: '<b>*Bob*</b>', html: '<p><strong>&lt;b&gt;*Bob*&lt;/b&gt;</strong></p>' },
    });
    expect(await rowsOf('notifications')).toEqual(before);
    expect(
      (await api.ask('GET', `/v1/templates/${key}`, { token: admin.token })).body.published_version,
    ).toBeNull();
  });

  it('chooses the wording by user, locale and kind, and takes other data', async () => {
    const key = await make({
      variants: [
        { title: 'Hello {{user.name}}, {{number n}}' },
        { locale: 'de', title: 'Hallo {{user.name}}, {{number n}}' },
        { kind: 'email', locale: 'de', title: 'Brief an {{user.name}}' },
      ],
    });
    const title = async (wish: object) =>
      (await post(`/${key}/preview`, { data: { n: 1234.5 }, ...wish })).body.title;
    expect(await title({ user: member.id })).toBe('Hallo Ada, 1.234,5');
    expect(await title({ user: member.id, locale: 'en' })).toBe('Hello Ada, 1,234.5');
    expect(await title({ user: member.id, kind: 'email' })).toBe('Brief an Ada');
  });

  it('says line and column of what does not compile, and what is missing where that is refused', async () => {
    const broken = await make({ variants: [{ title: 'x', body: 'a\n {{#if}}' }] });
    expect((await post(`/${broken}/preview`)).body).toMatchObject({
      ...{ status: 422, code: 'template.syntax' },
      errors: [{ pointer: '/variants/0/body', line: 2, column: 9 }],
    });
    const strict = await make({ variants: [{ title: 'Hi {{who}}' }], on_missing: 'refuse' });
    expect((await post(`/${strict}/preview`)).body).toMatchObject({
      ...{ status: 422, code: 'template.failed', errors: [{ pointer: '/data' }] },
    });
  });

  it('renders a draft that is not stored, with the number that it would get, and keeps nothing', async () => {
    const key = await make({ variants: [{ title: 'stored' }] });
    const draft = { variants: [{ title: 'Hi {{who}}', body: '*{{who}}*' }], sample_data: { who: 'Ada' } };
    const shown = await post(`/${key}/preview`, { draft });
    expect(shown.body).toMatchObject({ version: 2, title: 'Hi Ada', html: '<p><em>Ada</em></p>' });
    expect((await post(`/${key}/preview`)).body).toMatchObject({ version: 1, title: 'stored' });
  });

  it.each([
    {
      name: 'does not compile',
      ...{ wish: { draft: { variants: [{ title: 'x', body: 'a\n{{#if}}' }] } }, code: 'template.syntax' },
      error: { pointer: '/draft/variants/0/body', line: 2 },
    },
    {
      name: 'leaves a channel without a text',
      ...{ wish: { draft: { variants: [{ kind: 'email', title: 'x' }] } }, code: 'request.invalid' },
      error: { pointer: '/draft/variants' },
    },
    {
      name: 'comes beside the number of a version',
      ...{ wish: { version: 1, draft: { variants: [{ title: 'x' }] } }, code: 'request.invalid' },
      error: { pointer: '/version' },
    },
  ])('refuses a draft that $name, and points into the request', async ({ wish, code, error }) => {
    const key = await make({ variants: [{ title: 'stored' }] });
    expect((await post(`/${key}/preview`, wish)).body).toMatchObject({ code, errors: [error] });
  });

  it('shows no user of another organization', async () => {
    const key = await make({ variants: [{ title: 'Hi {{user.email}}' }] });
    const other = await api.makeUser(await api.makeOrganization(), 'member');
    expect((await post(`/${key}/preview`, { user: other.id })).body.code).toBe('user.not_found');
  });

  it('ends a template that would take too long, and goes on', async () => {
    const key = await make({
      variants: [{ title: 'x', body: '{{#each list}}{{#each ../list}}{{@root.text}}{{/each}}{{/each}}' }],
      sample_data: { list: Array(1_000).fill(1), text: 'x'.repeat(1_000) },
    });
    expect((await post(`/${key}/preview`)).body.code).toBe('template.failed');
    expect((await post(`/${key}/preview`, { data: { list: [] } })).status).toBe(200);
  });
});

describe('a test', () => {
  it('sends a draft to the caller, through the way of every notification', async () => {
    const key = await make({ variants: [{ title: 'Hi {{who}}' }], sample_data: { who: 'Bob' } });
    const sent = await post(`/${key}/test-send`);
    expect(sent.status).toBe(202);
    expect(sent.body.notifications).toMatchObject([{ recipient_id: admin.id }]);
    const shown = await api.ask('GET', sent.headers['location'] ?? '', { token: admin.token });
    expect(shown.body).toMatchObject({
      ...{ template: key, template_version: 1, category: 'trials', data: { who: 'Bob' }, title: '' },
    });
  });

  it('sends what is asked for to another user', async () => {
    const key = await make({ variants: [{ title: 'Hi {{who}}' }] });
    const sent = await post(`/${key}/test-send`, { to: member.id, version: 1, data: { who: 'you' } });
    expect(sent.body.notifications).toMatchObject([{ recipient_id: member.id }]);
  });

  it('refuses a draft that could not be published, and data that do not fit', async () => {
    const broken = await make({ variants: [{ title: '{{#if}}' }] });
    expect((await post(`/${broken}/test-send`)).body.code).toBe('template.syntax');
    const wild = await make({
      variants: [{ title: 'x' }],
      data_schema: { properties: { a: { pattern: 'x' } } },
    });
    expect((await post(`/${wild}/test-send`, { data: { a: 'x' } })).body.code).toBe(
      'template.schema_invalid',
    );
    const key = await make({ variants: [{ title: 'x' }], data_schema: { required: ['n'] } });
    expect((await post(`/${key}/test-send`)).body).toMatchObject({
      ...{ status: 422, code: 'template.data_invalid', errors: [{ pointer: '/data/n' }] },
    });
  });

  it('takes no Idempotency-Key', async () => {
    const key = await make({ variants: [{ title: 'x' }] });
    const answers = [
      await post(`/${key}/test-send`, {}, { 'Idempotency-Key': 'k' }),
      await post(`/${key}/preview`, {}, { 'Idempotency-Key': 'k' }),
    ];
    expect(answers.map((one) => one.body.code)).toEqual(Array(2).fill('idempotency.unsupported'));
  });
});

describe('a layout for mails', () => {
  const put = (key: string, source: string) =>
    api.ask('PUT', `/v1/template-parts/mail_layout/${key}`, { token: admin.token, body: { source } });
  const layout = (text: string) =>
    `<mjml><mj-body><mj-section><mj-column>\n<mj-text>${text} {{> @content}}</mj-text>\n</mj-column></mj-section></mj-body></mjml>`;
  const variants = [{ title: 'Hi {{who}}', body: '**{{who}}**' }];
  const page = async (key: string, wish: object = {}) =>
    (await post(`/${key}/preview`, { data: { who: 'Ada' }, kind: 'email', ...wish })).body.page;

  it('is kept as it was written, and stands around what goes out by mail', async () => {
    const source = layout('Dear {{user.name}} of {{notification.title}},');
    expect((await put('letter', source)).body).toMatchObject({ part: 'mail_layout', key: 'letter', source });
    const key = await make({ variants, mail_layout: 'letter' });
    const shown = await page(key, { user: member.id });
    expect(shown).toMatch(/<!doctype html>[^]*Dear Ada of Hi Ada, <p><strong>Ada<\/strong><\/p>/);
    expect(shown).not.toMatch(/<mj-|<mjml/);
    expect(await page(key, { kind: 'slack' })).toBeNull();
    expect(await page(await make({ variants }))).toBeNull();
  });

  it.each([
    { name: 'is no MJML', source: '<p>{{> @content}}</p>', line: 1, detail: 'must be <mjml>' },
    {
      name: 'has an element that there is not',
      source: layout('</mj-text><mj-foo/><mj-text>'),
      line: 2,
      detail: 'mj-foo',
    },
    {
      name: 'reads files',
      source: layout('</mj-text>\n<mj-include path="x.mjml"/><mj-text>'),
      line: 3,
      detail: 'mj-include',
    },
    {
      name: 'has a value in a style',
      source: layout('<b style="color:{{a}}">x</b>'),
      line: 2,
      detail: 'attribute style',
    },
    {
      name: 'has no place for the body',
      source: layout('').replace('{{> @content}}', ''),
      line: 1,
      detail: '@content',
    },
  ])('is refused with its line when it $name', async ({ source, line, detail }) => {
    const { status, body } = await put('bad', source);
    expect([status, body.code]).toEqual([422, 'template.syntax']);
    expect(body.errors[0]).toMatchObject({
      pointer: '/source',
      line,
      detail: expect.stringContaining(detail),
    });
    const read = await api.ask('GET', '/v1/template-parts/mail_layout/bad', { token: admin.token });
    expect(read.body.code).toBe('template.part_not_found');
  });

  it('is frozen by publishing, which asks that it is there', async () => {
    const key = await make({ variants, mail_layout: 'frozen' });
    const publish = () => post(`/${key}/versions/1/publish`);
    expect((await publish()).body.errors).toMatchObject([{ pointer: '/mail_layout' }]);
    await put('frozen', layout('Before'));
    expect((await publish()).body).toMatchObject({
      version: { mail_layout: 'frozen', layout: null },
      variables: ['who'],
    });
    await put('frozen', layout('After'));
    expect(await page(key)).toContain('Before');
    await post(`/${key}/versions`, { variants, mail_layout: 'frozen' });
    expect(await page(key, { version: 2 })).toContain('After');
  });

  it('is listed beside the others without its source, and can be deleted', async () => {
    await put('gone', layout('x'));
    const list = async () =>
      (await api.ask('GET', '/v1/template-parts', { token: admin.token })).body.data.map(
        (one: { part: string; key: string }) => `${one.part} ${one.key}`,
      );
    expect(await list()).toContain('mail_layout gone');
    await api.ask('DELETE', '/v1/template-parts/mail_layout/gone', { token: admin.token });
    expect(await list()).not.toContain('mail_layout gone');
  });

  it('is written by admins alone', async () => {
    const answer = await api.ask('PUT', '/v1/template-parts/mail_layout/x', {
      ...{ token: member.token, body: { source: layout('') } },
    });
    expect(answer.status).toBe(403);
  });
});
