import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setCoderStage, WatchRefused, type CoderStage } from '../../test/coder-stage.ts';

let stage: CoderStage;

beforeAll(async () => {
  stage = await setCoderStage({ CARILLON_DIALECTS: 'none' });
});
afterAll(() => stage.stop());

describe('a dialect that is switched off', () => {
  it.each(['/api/v2/notifications/inbox', '/api/v2/buildinfo', '/api/v2'])(
    'does not answer %s: our own API says that it is not there',
    async (path) => {
      const { status, body } = await stage.ask('GET', path, { token: stage.owner.token });
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'route.not_found' });
    },
  );

  it('opens no socket', async () => {
    const headers = { 'coder-session-token': stage.owner.token };
    const refused = await stage.watch('', headers).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WatchRefused);
    expect(refused).toMatchObject({ status: 404, body: { code: 'route.not_found' } });
  });

  it('brings no templates', async () => {
    const { body } = await stage.api.ask('GET', '/v1/templates', { token: stage.owner.token });
    expect(body.data).toEqual([]);
  });

  it('stands in no document', async () => {
    const { text } = await stage.api.ask('GET', '/v1/openapi.json');
    expect(text).not.toContain('/api/v2');
  });
});
