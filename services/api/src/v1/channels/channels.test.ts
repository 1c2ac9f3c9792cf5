import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrganizationId } from '@carillon/core';
import { listChannels } from '@carillon/db';
import { createSealer } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { sealedPlaceOf } from '../../sealed-channels.ts';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const url = 'https://93.184.216.34/hook';
const sealer = createSealer({ key: Buffer.alloc(32, 7) });

let api: TestApi;
let admin: Actor;
let stranger: Actor;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  stranger = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());

const create = (body: unknown, headers = {}, token = admin.token): Promise<Answer> =>
  api.ask('POST', '/v1/channels', { token, body, headers });
const patch = (id: string, body: unknown): Promise<Answer> =>
  api.ask('PATCH', `/v1/channels/${id}`, { token: admin.token, body });
const get = (id: string, token = admin.token): Promise<Answer> =>
  api.ask('GET', `/v1/channels/${id}`, { token });

/** The secrets of a channel as a worker will find them. */
async function openSecrets(organizationId: OrganizationId, id: string): Promise<unknown> {
  const row = (await listChannels(api.database.db, organizationId)).find((one) => one.id === id);
  return row?.secrets == null ? undefined : JSON.parse(sealer.open(row.secrets, sealedPlaceOf(row)));
}

describe('POST /v1/channels', () => {
  it('makes a signing secret, tells it in this answer only, and stores it sealed', async () => {
    const made = await create({ kind: 'webhook', name: 'Ops room', settings: { url } });
    const { secret } = made.body.generated;
    expect(made.status).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(secret).toMatch(/^whsec_/);
    expect(made.body.settings).toEqual({ url, secret: { set: true, last4: secret.slice(-4) } });
    expect(await openSecrets(admin.organizationId, made.body.id)).toEqual({ secret });
    const shown = await get(made.body.id);
    const listed = await api.ask('GET', '/v1/channels', { token: admin.token });
    expect(shown.text + listed.text + api.logged()).not.toContain(secret);
  });

  it('does not tell the secret in a repeat with the same key', async () => {
    const body = { kind: 'webhook', name: 'Repeated', settings: { url } };
    const first = await create(body, { 'Idempotency-Key': 'channel-1' });
    const again = await create(body, { 'Idempotency-Key': 'channel-1' });
    const { generated, ...rest } = first.body;
    expect(generated.secret).toMatch(/^whsec_/);
    expect(again.body).toEqual(rest);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    {
      name: 'a private address',
      body: { kind: 'webhook', settings: { url: 'http://127.0.0.1:9/hook' } },
      pointer: '/settings/url',
    },
    {
      name: 'the address of a metadata service',
      body: { kind: 'webhook', settings: { url: 'http://169.254.169.254/latest' } },
      pointer: '/settings/url',
    },
    { name: 'no url', body: { kind: 'webhook', settings: {} }, pointer: '/settings/url' },
    {
      name: 'an unknown setting',
      body: { kind: 'null', settings: { speed: 1 } },
      pointer: '/settings/speed',
    },
    {
      name: 'a weak secret',
      body: { kind: 'webhook', settings: { url, secret: 'hunter2' } },
      pointer: '/settings/secret',
    },
    {
      name: 'a sender that is no mailbox',
      body: { kind: 'email', settings: { from: 'nobody' } },
      pointer: '/settings/from',
    },
  ])('refuses $name and points to it, without saying the value again', async ({ body, pointer }) => {
    const refused = await create({ name: 'Refused', ...body });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'channel.settings_invalid', errors: [{ pointer }] });
    expect(refused.text).not.toContain('hunter2');
  });

  it('gives an organization no more than 100 channels', async () => {
    const full = await api.makeUser(await api.makeOrganization(), 'admin');
    const body = { kind: 'null', name: 'n' };
    await runSql(
      api.databaseUrl,
      `insert into channels (id, organization_id, kind, name)
       select gen_random_uuid(), $1, 'null', 'n' from generate_series(1, 99)`,
      [full.organizationId],
    );
    expect((await create(body, {}, full.token)).status).toBe(201);
    expect((await create(body, {}, full.token)).body.code).toBe('limit.reached');
  });
});

describe('PATCH /v1/channels/{id}', () => {
  it('keeps secrets and settings that are not named, and removes what is null', async () => {
    const made = await create({
      ...{ kind: 'email', name: 'Mail' },
      settings: {
        smtp_url: 'smtp://u:pass-word-1@93.184.216.34:587',
        from: 'a@example.com',
        reply_to: 'r@example.com',
      },
    });
    expect(made.body.generated).toBeUndefined();
    const changed = await patch(made.body.id, { settings: { from: 'b@example.com', reply_to: null } });
    expect(changed.body.settings).toEqual({ from: 'b@example.com', smtp_url: { set: true, last4: ':587' } });
    expect(await openSecrets(admin.organizationId, made.body.id)).toEqual({
      smtp_url: 'smtp://u:pass-word-1@93.184.216.34:587',
    });
    const removed = await patch(made.body.id, { settings: { smtp_url: null } });
    expect(removed.body.settings).toEqual({ from: 'b@example.com' });
    expect(await openSecrets(admin.organizationId, made.body.id)).toBeUndefined();
    expect(api.logged()).not.toContain('pass-word-1');
  });

  it('makes a new signing secret when the old one is removed, and tells it', async () => {
    const made = await create({ kind: 'webhook', name: 'Turn', settings: { url } });
    const turned = await patch(made.body.id, { settings: { secret: null } });
    expect(turned.body.generated.secret).not.toBe(made.body.generated.secret);
    expect(await openSecrets(admin.organizationId, made.body.id)).toEqual(turned.body.generated);
  });

  it('changes name, state and order without touching settings', async () => {
    const made = await create({ kind: 'webhook', name: 'Old', settings: { url } });
    const changed = await patch(made.body.id, { name: 'New', enabled: false, position: 7 });
    expect(changed.body).toMatchObject({
      name: 'New',
      enabled: false,
      position: 7,
      settings: made.body.settings,
    });
    expect(changed.body.generated).toBeUndefined();
  });

  it('loses neither of two changes of different settings at once', async () => {
    const { body } = await create({ kind: 'email', name: 'Both', settings: {} });
    await Promise.all([
      patch(body.id, { settings: { from: 'a@example.com' } }),
      patch(body.id, { settings: { reply_to: 'b@example.com' } }),
    ]);
    expect((await get(body.id)).body.settings).toEqual({ from: 'a@example.com', reply_to: 'b@example.com' });
  });

  it('leaves everything as it was when one setting is refused', async () => {
    const { body } = await create({ kind: 'webhook', name: 'Stays', settings: { url } });
    const refused = await patch(body.id, { name: 'Gone', settings: { url: 'http://10.0.0.1/' } });
    expect(refused.body.code).toBe('channel.settings_invalid');
    expect((await get(body.id)).body.name).toBe('Stays');
  });
});

describe('the rate and the circuit of a channel', () => {
  it('shows the rate that it was given, and none where the limit of its kind holds', async () => {
    const rate = { per_second: 0.5, burst: 20 };
    const made = await create({
      kind: 'gotify',
      name: 'Slow',
      settings: { base_url: 'https://93.184.216.34', token: 'AbCdEf123456' },
      rate,
    });
    expect(made.body).toMatchObject({ rate, circuit: { state: 'closed', opened_at: null, probe_at: null } });
    expect((await patch(made.body.id, { name: 'Slower' })).body.rate).toEqual(rate);
    expect((await patch(made.body.id, { rate: null })).body.rate).toBeNull();
  });

  it.each([
    { name: 'nothing at all', rate: { per_second: 0, burst: 1 }, pointer: '/rate/per_second' },
    { name: 'no burst', rate: { per_second: 1 }, pointer: '/rate/burst' },
    { name: 'half a message at once', rate: { per_second: 1, burst: 0.5 }, pointer: '/rate/burst' },
  ])('refuses a rate of $name', async ({ rate, pointer }) => {
    const refused = await create({ kind: 'null', name: 'Refused', rate });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ pointer }]);
  });

  it('tells that a target does not answer, until what leads to it is changed', async () => {
    const { body } = await create({ kind: 'webhook', name: 'Down', settings: { url } });
    const open = () =>
      runSql(
        api.databaseUrl,
        `update channels set opened_at = carillon_now(), probe_at = carillon_now() + interval '30 seconds' where id = $1`,
        [body.id],
      );
    await open();
    const { circuit } = (await get(body.id)).body;
    expect(circuit.state).toBe('open');
    expect(Date.parse(circuit.probe_at) - Date.parse(circuit.opened_at)).toBe(30_000);
    expect((await patch(body.id, { name: 'Still down' })).body.circuit.state).toBe('open');
    expect((await patch(body.id, { settings: { url: `${url}/2` } })).body.circuit.state).toBe('closed');
    await open();
    expect((await patch(body.id, { enabled: true })).body.circuit.state).toBe('closed');
  });
});

describe('channels of others', () => {
  it('do not exist', async () => {
    const { body } = await create({ kind: 'null', name: 'Mine' });
    const path = `/v1/channels/${body.id}`;
    const asked = { token: stranger.token };
    const answers = await Promise.all([
      get(body.id, stranger.token),
      api.ask('PATCH', path, { ...asked, body: { name: 'x' } }),
      api.ask('DELETE', path, asked),
      api.ask('POST', `${path}/test`, asked),
    ]);
    expect(answers.map((one) => one.body.code)).toEqual(Array(4).fill('channel.not_found'));
    expect((await api.ask('GET', '/v1/channels', asked)).body.data).toEqual([]);
  });

  it('are gone when they were removed', async () => {
    const { body } = await create({ kind: 'null', name: 'Short' });
    const removed = await api.ask('DELETE', `/v1/channels/${body.id}`, { token: admin.token });
    expect(removed.status).toBe(204);
    expect((await get(body.id)).status).toBe(404);
  });
});
