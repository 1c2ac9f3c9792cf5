import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimChannelTests, recordChannelTest, type ChannelTestOutcome } from '@carillon/db';
import { advanceDatabaseClock, pollUntil } from '@carillon/testkit';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
});
afterAll(() => api.stop());

const ask = (method: 'POST', path: string, body: unknown = {}): Promise<Answer> =>
  api.ask(method, path, { token: admin.token, body });

async function makeChannel(kind: 'email' | 'null'): Promise<string> {
  const { body } = await ask('POST', '/v1/channels', { kind, name: 'Tested' });
  return body.id;
}

/** Does a worker's part: takes the next test and writes down what its target said. */
async function answerNext(outcome: ChannelTestOutcome): Promise<string | null> {
  const [test] = await pollUntil(async () => {
    const claimed = await claimChannelTests(api.database.db, 1);
    return claimed.length > 0 && claimed;
  });
  if (test === undefined) throw new Error('nothing was claimed');
  await recordChannelTest(api.database.db, test.id, outcome);
  return test.address;
}

const sent: ChannelTestOutcome = { outcome: 'sent', reason: null, statusCode: 204 };

describe('POST /v1/channels/{id}/test', () => {
  it('answers what the target said', async () => {
    const id = await makeChannel('null');
    const [answer] = await Promise.all([ask('POST', `/v1/channels/${id}/test`), answerNext(sent)]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ outcome: 'sent', reason: null, status_code: 204 });
  });

  it.each(['retry', 'reject', 'unknown'] as const)(
    'answers 502 for the outcome %s, with why',
    async (outcome) => {
      const id = await makeChannel('null');
      const failed: ChannelTestOutcome = { outcome, reason: 'the target is on fire', statusCode: 418 };
      const [answer] = await Promise.all([ask('POST', `/v1/channels/${id}/test`), answerNext(failed)]);
      expect(answer.body.code).toBe('target.failed');
      expect(answer.body.detail).toContain('the target is on fire (status 418)');
    },
  );

  it('sends to a given address, or to that of a contact point', async () => {
    const id = await makeChannel('email');
    const given = { address: 'ada@example.com' };
    const [, address] = await Promise.all([ask('POST', `/v1/channels/${id}/test`, given), answerNext(sent)]);
    expect(address).toBe('ada@example.com');
    const point = await ask('POST', `/v1/users/${member.id}/contact-points`, {
      kind: 'email',
      address: 'm@example.com',
    });
    const named = { contact_point_id: point.body.id };
    const [, other] = await Promise.all([ask('POST', `/v1/channels/${id}/test`, named), answerNext(sent)]);
    expect(other).toBe('m@example.com');
  });

  it('refuses an address that is missing, wrong, or of a kind that takes none', async () => {
    const mail = `/v1/channels/${await makeChannel('email')}/test`;
    const none = `/v1/channels/${await makeChannel('null')}/test`;
    const answers = [
      await ask('POST', mail),
      await ask('POST', mail, { address: 'nobody' }),
      await ask('POST', none, { address: 'ada@example.com' }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(422);
      expect(body).toMatchObject({
        code: 'contact_point.address_invalid',
        errors: [{ pointer: '/address' }],
      });
    }
  });

  it('does not find the contact point of another organization', async () => {
    const stranger = await api.makeUser(await api.makeOrganization(), 'admin');
    const point = await api.ask('POST', '/v1/users/me/contact-points', {
      ...{ token: stranger.token, body: { kind: 'email', address: 's@example.com' } },
    });
    const path = `/v1/channels/${await makeChannel('email')}/test`;
    const refused = await ask('POST', path, { contact_point_id: point.body.id });
    expect(refused.body.code).toBe('contact_point.not_found');
  });

  it('answers 502 after ten seconds when no worker is there', async () => {
    const id = await makeChannel('null');
    const startedMs = performance.now();
    const answer = await ask('POST', `/v1/channels/${id}/test`);
    expect(answer.body.code).toBe('target.failed');
    expect(answer.body.detail).toContain('no answer within 10 seconds');
    expect(performance.now() - startedMs).toBeGreaterThan(9_900);
    expect(await claimChannelTests(api.database.db, 10)).toEqual([]);
  });

  it('is refused the eleventh time in a minute, and taken again after Retry-After', async () => {
    const path = `/v1/channels/${await makeChannel('null')}/test`;
    for (let count = 0; count < 10; count += 1) await Promise.all([ask('POST', path), answerNext(sent)]);
    const refused = await ask('POST', path);
    const waitSeconds = Number(refused.headers['retry-after']);
    expect(refused.body.code).toBe('rate.limited');
    expect(waitSeconds).toBeGreaterThan(0);
    await advanceDatabaseClock({ url: api.databaseUrl }, waitSeconds * 1_000);
    const [taken] = await Promise.all([ask('POST', path), answerNext(sent)]);
    expect(taken.status).toBe(200);
  });
});
