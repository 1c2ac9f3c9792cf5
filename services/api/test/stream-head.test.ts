import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type Actor, type TestApi } from './test-api.ts';

describe('HEAD on the inbox stream', () => {
  let api: TestApi;
  let reader: Actor;

  beforeAll(async () => {
    api = await startTestApi();
    reader = await api.makeUser(await api.makeOrganization(), 'member');
  });
  afterAll(() => api.stop());

  it('answers what a stream would be and opens none', async () => {
    // More often than a user may have streams: none of them may take room.
    for (let round = 0; round < 12; round += 1) {
      const response = await fetch(`${api.url}/v1/inbox/stream`, {
        method: 'HEAD',
        headers: { Authorization: `Bearer ${reader.token}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/event-stream');
    }
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).not.toMatch(/carillon_sockets_open\{transport="sse"\} [1-9]/);
  });

  it('needs a credential like the stream itself', async () => {
    const response = await fetch(`${api.url}/v1/inbox/stream`, { method: 'HEAD' });
    expect(response.status).toBe(401);
  });
});
