import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, validateAddress } from '@carillon/channels/catalogue';
import { externalKinds, type ExternalKind } from '@carillon/core';
import { startTestApi, type Actor, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  member = await api.makeUser(await api.makeOrganization(), 'member');
});
afterAll(() => api.stop());

interface Property {
  writeOnly?: boolean;
  description?: string;
}
interface KindBody {
  kind: ExternalKind;
  title: string;
  settings: { properties: Record<string, Property>; additionalProperties: boolean };
  contact_point: { examples?: string[] } | null;
  retry_seconds: number[];
}

async function listed(): Promise<KindBody[]> {
  const { status, body } = await api.ask('GET', '/v1/channel-kinds', { token: member.token });
  expect(status).toBe(200);
  return body.data;
}

describe('GET /v1/web-push/key', () => {
  const key = (token: string) => api.ask('GET', '/v1/web-push/key', { token });
  const change = (token: string, id: string, body: object) =>
    api.ask('PATCH', `/v1/channels/${id}`, { token, body });

  it('is what browsers subscribe with: that of the first channel which is switched on', async () => {
    const admin = await api.makeUser(await api.makeOrganization(), 'admin');
    const { token } = await api.makeUser(admin.organizationId, 'member');
    const make = async (position: number) => {
      const body = { kind: 'web_push', name: `Browsers ${position}`, position };
      return (await api.ask('POST', '/v1/channels', { token: admin.token, body })).body;
    };
    const missing = await key(token);
    expect(missing.status).toBe(404);
    expect(missing.body.code).toBe('channel.not_found');
    const [second, first] = [await make(2), await make(1)];
    expect((await key(token)).body).toEqual({ public_key: first.settings.vapid_public_key });
    await change(admin.token, first.id, { enabled: false });
    expect((await key(token)).body).toEqual({ public_key: second.settings.vapid_public_key });
    expect((await key(member.token)).status).toBe(404);
    expect((await api.ask('GET', '/v1/web-push/key', {})).status).toBe(401);
  });

  it('is made with a private one that nobody is shown, and both change together or not at all', async () => {
    const { token } = await api.makeUser(await api.makeOrganization(), 'admin');
    const body = { kind: 'web_push', name: 'Browsers' };
    const made = (await api.ask('POST', '/v1/channels', { token, body })).body;
    expect(made.settings).toEqual({
      vapid_public_key: expect.stringMatching(/^B[\w-]{86}$/),
      vapid_private_key: { set: true, last4: expect.stringMatching(/^[\w-]{4}$/) },
    });
    const half = await change(token, made.id, { settings: { vapid_private_key: null } });
    expect(half.status).toBe(422);
    expect(half.body.errors).toEqual([
      {
        pointer: '/settings/vapid_public_key',
        detail: expect.stringContaining('give both keys, or neither'),
      },
    ]);
    const both = { vapid_private_key: null, vapid_public_key: null };
    const renewed = (await change(token, made.id, { settings: both })).body;
    expect(renewed.settings.vapid_public_key).toMatch(/^B[\w-]{86}$/);
    expect(renewed.settings.vapid_public_key).not.toBe(made.settings.vapid_public_key);
  });
});

describe('GET /v1/channel-kinds', () => {
  it('shows every kind, with schemas that a form can be drawn from', async () => {
    const kinds = await listed();
    expect(kinds.map(({ kind }) => kind)).toEqual([...externalKinds]);
    for (const { settings, title, retry_seconds: delays } of kinds) {
      expect(title).not.toBe('');
      expect(settings.additionalProperties).toBe(false);
      expect(settings.properties).toBeInstanceOf(Object);
      expect(delays.every((seconds) => seconds >= 1)).toBe(true);
    }
  });

  it('says which settings are secrets', async () => {
    const kinds = await listed();
    const secretsOf = (wanted: ExternalKind) =>
      Object.entries(kinds.find(({ kind }) => kind === wanted)?.settings.properties ?? {})
        .filter(([, { writeOnly }]) => writeOnly === true)
        .map(([name]) => name);
    expect(secretsOf('webhook')).toEqual(['secret', 'previous_secret']);
    expect(secretsOf('telegram')).toEqual(['token']);
  });

  it('gives examples of addresses, which are taken, for each kind that has addresses', async () => {
    for (const { kind, contact_point: point } of await listed()) {
      expect(point === null).toBe(catalogue[kind].contactPoint === undefined);
      if (point === null) continue;
      expect(point.examples?.length).toBeGreaterThan(0);
      for (const example of point.examples ?? []) expect(validateAddress(kind, example)).toEqual([]);
    }
  });

  it('is not for strangers', async () => {
    expect((await api.ask('GET', '/v1/channel-kinds', {})).status).toBe(401);
  });
});
