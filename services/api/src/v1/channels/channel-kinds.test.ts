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
