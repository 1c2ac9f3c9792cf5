import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let operator: string;
let admin: Actor;

beforeAll(async () => {
  api = await startTestApi();
  operator = await api.makeOperator();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const create = (body: unknown, headers = {}): Promise<Answer> =>
  api.ask('POST', '/v1/organizations', { token: operator, body, headers });

describe('POST /v1/organizations', () => {
  it('makes an organization whose first admin can act at once', async () => {
    const made = await create({
      ...{ slug: 'acme', name: 'Acme', zone: 'Europe/Berlin' },
      admin: { external_id: 'ada', email: 'ada@example.com' },
    });
    expect(made.status).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(made.body).toMatchObject({ slug: 'acme', zone: 'Europe/Berlin', locale: 'en', paused_at: null });
    const { token, user_id: id } = made.body.admin;
    const self = await api.ask('GET', '/v1/users/me', { token });
    expect(self.body).toMatchObject({ id, role: 'admin', external_id: 'ada' });
    const body = { to: ['external:ada'], title: 'Hello' };
    expect((await api.ask('POST', '/v1/notifications', { token, body })).status).toBe(202);
    expect(api.logged()).not.toContain(token);
  });

  it('gives the same organization again for the same key, without the token', async () => {
    const body = { slug: 'again', name: 'Again', admin: { external_id: 'ada' } };
    const first = await create(body, { 'Idempotency-Key': 'k' });
    const again = await create(body, { 'Idempotency-Key': 'k' });
    const { token, ...rest } = first.body.admin;
    expect(token).toHaveLength(44);
    expect(again.body).toEqual({ ...first.body, admin: rest });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('keeps the keys of two operators apart', async () => {
    const other = await api.makeOperator();
    const headers = { 'Idempotency-Key': 'shared' };
    await create({ slug: 'of-one', name: 'One' }, headers);
    const body = { slug: 'of-other', name: 'Other' };
    const made = await api.ask('POST', '/v1/organizations', { token: other, body, headers });
    expect(made.body.slug).toBe('of-other');
  });

  it('makes neither organization nor admin when the slug is taken', async () => {
    await create({ slug: 'taken', name: 'First' });
    const refused = await create({ slug: 'taken', name: 'Second', admin: { external_id: 'x' } });
    expect(refused.body).toMatchObject({ code: 'organization.slug_taken', errors: [{ pointer: '/slug' }] });
  });

  it.each(['Acme', '-acme', 'a_b', '', 'x'.repeat(64)])('refuses the slug "%s"', async (slug) => {
    const refused = await create({ slug, name: 'n' });
    expect(refused.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/slug' }] });
  });
});

describe('GET and PATCH /v1/organizations', () => {
  it('goes through all of them both ways', async () => {
    for (const slug of ['list-a', 'list-b', 'list-c']) await create({ slug, name: slug });
    const page = (cursor: string | null) =>
      api.ask('GET', `/v1/organizations?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`, {
        token: operator,
      });
    const ids: string[] = [];
    const pages: string[][] = [];
    let cursor: string | null = null;
    let last: Answer | undefined;
    do {
      last = await page(cursor);
      pages.push(last.body.data.map((one: { id: string }) => one.id));
      ids.push(...(pages.at(-1) ?? []));
      cursor = last.body.next_cursor;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(admin.organizationId);
    const back = await page(last.body.prev_cursor);
    expect(back.body.data.map((one: { id: string }) => one.id)).toEqual(pages.at(-2));
  });

  it('knows the own one as `me`, which an operator without a user has none of', async () => {
    const own = await api.ask('GET', '/v1/organizations/me', { token: admin.token });
    expect(own.body.id).toBe(admin.organizationId);
    const none = await api.ask('GET', '/v1/organizations/me', { token: operator });
    expect(none.body.code).toBe('organization.not_found');
  });

  it('lets an admin read the own one and no other', async () => {
    const own = await api.ask('GET', `/v1/organizations/${admin.organizationId}`, { token: admin.token });
    expect(own.body.id).toBe(admin.organizationId);
    const { body } = await create({ slug: 'foreign', name: 'Foreign' });
    const foreign = await api.ask('GET', `/v1/organizations/${body.id}`, { token: admin.token });
    expect(foreign.body.code).toBe('organization.not_found');
  });

  it('changes what is named, and refuses a slug that is taken', async () => {
    const { body } = await create({ slug: 'before', name: 'Before', zone: 'Asia/Tokyo' });
    const path = `/v1/organizations/${body.id}`;
    const changed = await api.ask('PATCH', path, { token: operator, body: { name: 'After' } });
    expect(changed.body).toMatchObject({ name: 'After', slug: 'before', zone: 'Asia/Tokyo' });
    await create({ slug: 'other', name: 'Other' });
    const refused = await api.ask('PATCH', path, { token: operator, body: { slug: 'other' } });
    expect(refused.body.code).toBe('organization.slug_taken');
  });

  it('says whom mails come from, and forgets it again', async () => {
    const { body } = await create({ slug: 'mails', name: 'Mails', mail_from: 'Mails <m@example.org>' });
    expect(body).toMatchObject({ mail_from: 'Mails <m@example.org>', mail_reply_to: null });
    const path = `/v1/organizations/${body.id}`;
    const change = { mail_from: null, mail_reply_to: 'desk@example.org' };
    expect((await api.ask('PATCH', path, { token: operator, body: change })).body).toMatchObject(change);
  });

  it.each([
    { name: 'two senders', body: { mail_from: 'a@example.org, b@example.org' }, pointer: '/mail_from' },
    {
      name: 'a header more',
      body: { mail_from: 'a@example.org\r\nBcc: b@example.org' },
      pointer: '/mail_from',
    },
    { name: 'answers to nobody', body: { mail_reply_to: 'desk' }, pointer: '/mail_reply_to' },
  ])('refuses $name', async ({ body, pointer }) => {
    const path = `/v1/organizations/${admin.organizationId}`;
    const answer = await api.ask('PATCH', path, { token: operator, body });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});
