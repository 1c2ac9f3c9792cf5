import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setOncallStage, type OncallAnswer, type OncallStage } from '../../../test/oncall-stage.ts';

const path = '/api/v1/users';
let stage: OncallStage;

beforeAll(async () => {
  stage = await setOncallStage();
});
afterAll(() => stage.stop());

const ask = (token: string, asked = path) => stage.ask('GET', asked, { token });
const header = ({ headers }: OncallAnswer, name: string) => {
  const text = headers.get(name);
  return text === null ? undefined : Number(text);
};

describe('the pace of a token', () => {
  it('is told with every answer, refusals too', async () => {
    const { token } = await stage.makeUser();
    const first = await ask(token);
    const asked = [
      '/api/v1/users',
      '/api/v1/users/UNKNOWN',
      '/api/v1/personal_notification_rules?important=7',
    ];
    const left = header(first, 'ratelimit-remaining') ?? 0;
    for (const [index, one] of asked.entries()) {
      const answer = await ask(token, one);
      expect(header(answer, 'ratelimit-limit')).toBe(300);
      expect(header(answer, 'ratelimit-remaining')).toBe(left - index - 1);
      expect(header(answer, 'ratelimit-reset')).toBeGreaterThan(30);
      expect(header(answer, 'ratelimit-reset')).toBeLessThanOrEqual(60);
      expect(header(answer, 'retry-after')).toBeUndefined();
    }
  });

  it('ends after 300 calls of a minute, which does nothing, however many come at once', async () => {
    const user = await stage.makeUser();
    const token = await stage.api.makeToken(user, []);
    const answers: OncallAnswer[] = [];
    for (let round = 0; round < 31; round += 1) {
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => ask(token)))));
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(300);
    const refused = await stage.ask('POST', '/api/v1/personal_notification_rules/', {
      ...{ token, body: { user_id: user.oncallId, type: 'wait' } },
    });
    expect([refused.status, refused.body]).toEqual([
      429,
      { detail: expect.stringMatching(/Too many calls/) },
    ]);
    expect(header(refused, 'ratelimit-remaining')).toBe(0);
    expect(header(refused, 'retry-after')).toBe(header(refused, 'ratelimit-reset'));
    expect(header(refused, 'retry-after')).toBeGreaterThan(30);
    const other = await ask(user.token, '/api/v1/personal_notification_rules');
    expect([other.status, other.body.results]).toEqual([200, []]);
  });
});
