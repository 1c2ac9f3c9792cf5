import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let to: string[];

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  to = [admin.id];
  await makeTemplate('build', { category: 'builds', channels: ['inbox', 'email'] });
  await makeTemplate(
    'alarm',
    { urgent: true },
    { required: ['level'], properties: { level: { type: 'integer' } } },
  );
  await api.ask('POST', '/v1/templates', { token: admin.token, body: { key: 'draft', name: 'Draft' } });
});
afterAll(() => api.stop());

const post = (path: string, body: unknown, headers = {}): Promise<Answer> =>
  api.ask('POST', `/v1${path}`, { token: admin.token, body, headers });
const create = (body: object, headers = {}): Promise<Answer> =>
  post('/notifications', { to, ...body }, headers);

async function makeTemplate(key: string, settings: object, schema?: object): Promise<void> {
  await post('/templates', { key, name: key, ...settings });
  const version = { variants: [{ title: 'Hi {{n}}' }], ...(schema && { data_schema: schema }) };
  await post(`/templates/${key}/versions`, version);
  expect((await post(`/templates/${key}/versions/1/publish`, undefined)).status).toBe(200);
}

async function rowOf(answer: Answer): Promise<Record<string, unknown> | undefined> {
  expect(answer.status).toBe(202);
  const id = answer.body.notifications[0].id;
  const [row] = await runSql(api.databaseUrl, 'select * from notifications where id = $1', [id]);
  return row;
}
const shown = async (answer: Answer): Promise<Answer> =>
  api.ask('GET', answer.headers['location'] ?? '', { token: admin.token });

describe('a create call with a template', () => {
  it('stores the version that is published now, and what the template says of its treatment', async () => {
    const row = await rowOf(await create({ template: 'build', data: { n: 1 } }));
    const template = await api.ask('GET', '/v1/templates/build', { token: admin.token });
    expect(row).toMatchObject({
      ...{ template_id: template.body.id, template_version: 1, title: '', body: '', data: { n: 1 } },
      ...{ category: 'builds', urgent: false, kinds: ['inbox', 'email'], send_at: null },
    });
    const byId = await rowOf(await create({ template: template.body.id }));
    expect(byId).toMatchObject({ template_id: template.body.id, template_version: 1 });
  });

  it('may restrict the channel kinds and add urgency', async () => {
    expect(
      await rowOf(await create({ template: 'build', channels: ['email', 'webhook'], urgent: true })),
    ).toMatchObject({
      ...{ kinds: ['email'], urgent: true },
    });
    expect(
      await rowOf(await create({ template: 'alarm', data: { level: 1 }, channels: ['inbox'] })),
    ).toMatchObject({
      ...{ kinds: ['inbox'], urgent: true },
    });
  });

  it('is shown with the key of its template before its texts are there', async () => {
    const answer = await shown(await create({ template: 'build' }));
    expect(answer.body).toMatchObject({ template: 'build', template_version: 1, send_at: null });
  });

  it.each([
    { name: 'an unknown key', body: { template: 'nobody' }, code: 'template.unknown', at: '/template' },
    {
      name: 'an unknown id',
      body: { template: '01981c5e-8f00-7000-8000-0000000000ff' },
      ...{ code: 'template.unknown', at: '/template' },
    },
    { name: 'nothing published', body: { template: 'draft' }, code: 'template.unpublished', at: '/template' },
    {
      name: 'only kinds that it does not go to',
      body: { template: 'build', channels: ['webhook'] },
      ...{ code: 'template.channels_excluded', at: '/channels' },
    },
    {
      name: 'data without what is required',
      body: { template: 'alarm' },
      code: 'template.data_invalid',
      at: '/data/level',
    },
    {
      name: 'data of the wrong type',
      body: { template: 'alarm', data: { level: 'high' } },
      ...{ code: 'template.data_invalid', at: '/data/level' },
    },
  ])('is refused for $name, alone and in a batch', async ({ body, code, at }) => {
    const alone = await create(body);
    expect(alone.body).toMatchObject({ status: 422, code, errors: [{ pointer: at }] });
    expect(alone.text).not.toContain('high');
    const batch = await post('/notifications/batch', {
      notifications: [
        { to, title: 'Plain' },
        { to, ...body },
        { to, template: 'build' },
      ],
    });
    expect(batch.body.results).toMatchObject([
      { status: 'accepted' },
      { status: 'refused', code, errors: [{ pointer: `/notifications/1${at}` }] },
      { status: 'accepted' },
    ]);
  });

  it('does not find the template of another organization', async () => {
    const other = await api.makeUser(await api.makeOrganization(), 'admin');
    const body = { to: [other.id], template: 'build' };
    const answer = await api.ask('POST', '/v1/notifications', { token: other.token, body });
    expect(answer.body.code).toBe('template.unknown');
  });

  it('is accepted while the template is switched off: the worker says so', async () => {
    await makeTemplate('off', { enabled: false });
    expect((await create({ template: 'off' })).status).toBe(202);
  });

  it('uses a new version from its publishing on', async () => {
    await makeTemplate('moves', {});
    await post('/templates/moves/versions', { variants: [{ title: 'Second' }] });
    expect(await rowOf(await create({ template: 'moves' }))).toMatchObject({ template_version: 1 });
    await post('/templates/moves/versions/2/publish', undefined);
    expect(await rowOf(await create({ template: 'moves' }))).toMatchObject({ template_version: 2 });
  });

  it('answers the same when it is repeated, although another version was published meanwhile', async () => {
    await makeTemplate('again', {});
    const key = { 'Idempotency-Key': 'again-1' };
    const first = await create({ template: 'again' }, key);
    await post('/templates/again/versions', { variants: [{ title: 'Second' }] });
    await post('/templates/again/versions/2/publish', undefined);
    const again = await create({ template: 'again' }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await rowOf(again)).toMatchObject({ template_version: 1 });
  });

  it('makes inline users in the same call', async () => {
    const row = await rowOf(await create({ to: [{ external_id: 'new-1', name: 'N' }], template: 'build' }));
    expect(row).toMatchObject({ template_version: 1, category: 'builds' });
  });
});

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('send_at', () => {
  it('is stored, is not due before, shows as scheduled, and can be cancelled', async () => {
    const sendAt = inHours(1);
    const sent = await create({ title: 'Later', send_at: sendAt, expires_at: inHours(2) });
    const row = await rowOf(sent);
    expect(row).toMatchObject({
      send_at: new Date(sendAt),
      hint_after: new Date(sendAt),
      dispatched_at: null,
    });
    expect((await shown(sent)).body).toMatchObject({ state: 'scheduled', send_at: sendAt });
    const cancelled = await post(`/notifications/${sent.body.notifications[0].id}/cancel`, {});
    expect(cancelled.body.cancelled).toBe(1);
    expect((await shown(sent)).body.state).toBe('cancelled');
  });

  it('in the past means now', async () => {
    const sent = await create({ template: 'build', send_at: inHours(-1) });
    expect((await shown(sent)).body.state).toBe('accepted');
  });

  it('mixes freely in batches, and repeats answer the same', async () => {
    const body = {
      notifications: [
        { to, title: 'Now' },
        { to, template: 'build', send_at: inHours(3) },
      ],
    };
    const first = await post('/notifications/batch', body, { 'Idempotency-Key': 'mix-1' });
    const again = await post('/notifications/batch', body, { 'Idempotency-Key': 'mix-1' });
    expect(first.body.results).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }]);
    expect(again.body).toEqual(first.body);
  });

  it.each([
    {
      name: 'more than a year ahead',
      body: { send_at: inHours(367 * 24) },
      code: 'notification.send_at_too_late',
      at: '/send_at',
    },
    {
      name: 'when it has expired',
      body: { send_at: inHours(2), expires_at: inHours(1) },
      code: 'notification.expired',
      at: '/send_at',
    },
    {
      name: 'beside an end in the past',
      body: { expires_at: inHours(-1) },
      code: 'notification.expired',
      at: '/expires_at',
    },
  ])('is refused $name', async ({ body, code, at }) => {
    expect((await create({ title: 'T', ...body })).body).toMatchObject({ code, errors: [{ pointer: at }] });
    const batch = await post('/notifications/batch', { notifications: [{ to, title: 'T', ...body }] });
    expect(batch.body).toMatchObject({ code, errors: [{ pointer: `/notifications/0${at}` }] });
  });
});
