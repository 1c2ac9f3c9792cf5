import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listChannels } from '@carillon/db';
import { createSealer } from '@carillon/runtime';
import { setOcoreStage, type OcoreAsk, type OcoreStage } from '../../../test/ocore-stage.ts';
import { sealedPlaceOf } from '../../sealed-channels.ts';

const path = '/api/monitoring/notifications/channels';
const url = 'https://93.184.216.34/hook';
// Not a secret: it reads "an example that nobody uses".
const secret = 'whsec_YW4gZXhhbXBsZSB0aGF0IG5vYm9keSB1c2Vz';
const sealer = createSealer({ key: Buffer.alloc(32, 7) });
let stage: OcoreStage;

beforeAll(async () => {
  stage = await setOcoreStage();
});
afterAll(() => stage.stop());

const ask = (method: string, rest = '', body?: unknown) => {
  const asked: OcoreAsk = { token: stage.admin.token };
  return stage.ask(method, `${path}${rest}`, body === undefined ? asked : { ...asked, body });
};
const make = async (body: Record<string, unknown>) => {
  const made = await ask('POST', '', { name: 'Ops room', ...body });
  expect(made).toMatchObject({ status: 201 });
  return made.body;
};
const put = (id: string, body: unknown) => ask('PUT', `/${id}`, body);

/** The secrets of a channel as a worker will find them. */
async function storedSecrets(id: string): Promise<unknown> {
  const channels = await listChannels(stage.api.database.db, stage.admin.organizationId);
  const row = channels.find((one) => one.id === id);
  return row?.secrets == null ? undefined : JSON.parse(sealer.open(row.secrets, sealedPlaceOf(row)));
}

describe('making a channel', () => {
  it('stores its secrets sealed and shows their end only', async () => {
    const made = await make({ type: 'webhook', config: { url, secret } });
    expect(made).toMatchObject({ enabled: true, config: { url, secret: '********c2Vz' } });
    expect(Object.keys(made).toSorted()).toEqual([
      ...['config', 'createdAt', 'enabled', 'id', 'name', 'type', 'updatedAt'],
    ]);
    expect(await storedSecrets(made.id)).toEqual({ secret });
    const listed = await ask('GET');
    expect(JSON.stringify([made, listed.body]) + stage.api.logged()).not.toContain(secret);
  });

  it('is seen in the other forms of the API', async () => {
    const { id } = await make({ name: 'Seen', type: 'email', enabled: false });
    const { body } = await stage.api.ask('GET', `/v1/channels/${id}`, { token: stage.admin.token });
    expect(body).toMatchObject({ id, kind: 'email', name: 'Seen', enabled: false });
  });

  it.each([
    {
      name: 'a mask for a secret',
      body: { config: { url, secret: '********c2Vz' } },
      place: 'config.secret',
    },
    { name: 'no address', body: {}, place: 'config.url' },
    { name: 'a private address', body: { config: { url: 'http://127.0.0.1:9/' } }, place: 'config.url' },
    { name: 'an unknown setting', body: { config: { url, speed: 1 } }, place: 'config.speed' },
    { name: 'a config that is a list', body: { config: [] }, place: 'config' },
    { name: 'a name that is empty', body: { name: '' }, place: 'name' },
    { name: 'a name that is long', body: { name: 'x'.repeat(101) }, place: 'name' },
    { name: 'a switch that is a number', body: { enabled: 1 }, place: 'enabled' },
    { name: 'a type that there is not', body: { type: 'pigeon' }, place: 'type' },
  ])('is refused with $name', async ({ body, place }) => {
    const refused = await ask('POST', '', { name: 'Refused', type: 'webhook', ...body });
    expect(refused.status).toBe(400);
    expect(refused.body.message.split(': ')[0]).toBe(place);
    const { channels } = (await ask('GET')).body;
    expect(channels.some((one: { name: string }) => one.name === 'Refused')).toBe(false);
  });
});

describe('changing a channel', () => {
  it('keeps what is not named, takes what was read back again, and removes what is null', async () => {
    const config = { smtp_url: 'smtp://u:pass-word-1@93.184.216.34:587', from: 'a@example.com' };
    const made = await make({ type: 'email', config: { ...config, reply_to: 'r@example.com' } });
    const again = await put(made.id, made);
    const { updatedAt: _before, ...same } = made;
    expect(again.body).toMatchObject(same);
    expect(await storedSecrets(made.id)).toEqual({ smtp_url: config.smtp_url });
    const changed = await put(made.id, { config: { reply_to: null }, enabled: false });
    expect(changed.body).toMatchObject({ enabled: false, name: 'Ops room' });
    expect(changed.body.config).toEqual({ from: 'a@example.com', smtp_url: '********:587' });
    const removed = await put(made.id, { config: { smtp_url: null } });
    expect(removed.body.config).toEqual({ from: 'a@example.com' });
    expect(await storedSecrets(made.id)).toBeUndefined();
  });

  it('keeps the secret for a mask that was read before the secret changed', async () => {
    const made = await make({ type: 'webhook', config: { url } });
    await put(made.id, { config: { secret } });
    await put(made.id, { config: made.config });
    expect(await storedSecrets(made.id)).toEqual({ secret });
  });

  it('does not change its id or its type', async () => {
    const made = await make({ type: 'null' });
    for (const body of [{ type: 'email' }, { id: '01981c5e-8f00-7000-8000-0000000000ff', name: 'x' }]) {
      expect(await put(made.id, body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    }
    expect((await put(made.id, { id: made.id, type: 'null', name: 'x' })).body.name).toBe('x');
  });

  it('changes nothing where one setting is refused', async () => {
    const made = await make({ type: 'webhook', config: { url } });
    expect((await put(made.id, { name: 'New', config: { url: 'ftp://x' } })).status).toBe(400);
    const { body } = await stage.api.ask('GET', `/v1/channels/${made.id}`, { token: stage.admin.token });
    expect(body).toMatchObject({ name: 'Ops room', settings: { url } });
  });
});

describe('testing a channel', () => {
  it('goes through one that is off too', async () => {
    const { id } = await make({ type: 'null', enabled: false });
    expect(await ask('POST', `/${id}/test`)).toMatchObject({ status: 200 });
  });

  it('of e-mail goes to the caller, or to the address that is named', async () => {
    const { id } = await make({ type: 'email' });
    const nobody = await ask('POST', `/${id}/test`);
    expect(nobody).toMatchObject({ status: 400, body: { code: 'contact_point.address_invalid' } });
    expect(nobody.body.message).toBe(
      'address: is required: the kind email sends to addresses, and you have none of your own',
    );
    const add = (body: unknown) =>
      stage.api.ask('POST', '/v1/users/me/contact-points', { token: stage.admin.token, body });
    await add({ kind: 'email', address: 'first@example.com' });
    await add({ kind: 'email', address: 'verified@example.com', verified: true });
    await ask('POST', `/${id}/test`);
    await ask('POST', `/${id}/test`, { address: 'named@example.com' });
    expect(stage.testedAddresses.slice(-2)).toEqual(['verified@example.com', 'named@example.com']);
    expect((await ask('POST', `/${id}/test`, { address: 'nobody' })).status).toBe(400);
  });

  it.each(['retry', 'reject', 'unknown'] as const)(
    'is a 502 with what the target said for %s',
    async (outcome) => {
      const { id } = await make({ name: `Ends in ${outcome}`, type: 'null' });
      stage.answerTestsOf(`Ends in ${outcome}`, { outcome, reason: 'on fire', statusCode: 418 });
      expect(await ask('POST', `/${id}/test`)).toMatchObject({
        ...{
          status: 502,
          body: { message: 'The test was not taken: on fire (status 418)', code: 'target.failed' },
        },
      });
    },
  );

  it('is refused the eleventh time in a minute, and told when it may be again', async () => {
    const { id } = await make({ type: 'null' });
    for (let count = 0; count < 10; count += 1) await ask('POST', `/${id}/test`);
    const refused = await ask('POST', `/${id}/test`);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate.limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('channels seen by members', () => {
  it('show hosts only, and no way to change them', async () => {
    const { id } = await make({
      name: 'Hooked',
      type: 'webhook',
      config: { url: `${url}?token=abc`, secret },
    });
    const { token } = stage.member;
    const { channels, total } = (await stage.ask('GET', path, { token })).body;
    expect(total).toBe(channels.length);
    expect(channels.find((one: { id: string }) => one.id === id).config).toEqual({
      ...{ url: 'https://93.184.216.34/********', secret: '********c2Vz' },
    });
    for (const [method, rest] of [
      ['POST', ''],
      ['PUT', `/${id}`],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/test`],
    ]) {
      const refused = await stage.ask(`${method}`, `${path}${rest}`, { token, body: { name: 'x' } });
      expect(refused).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    }
  });
});
