import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExternalKind } from '@carillon/core';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { startSnsTopic, type SnsTopic } from '../../../../../packages/channels/test/sns-topic.ts';
import { startTestApi, type Actor, type Answer, type TestApi } from '../../../test/test-api.ts';

const newId = createNewId();
const publicUrl = 'https://carillon.example.org/base';

let api: TestApi;
let admin: Actor;
let reader: Actor;
let topic: SnsTopic;

beforeAll(async () => {
  topic = await startSnsTopic();
  api = await startTestApi({
    ...{ CARILLON_PUBLIC_URL: publicUrl, CARILLON_EGRESS_ALLOW: '127.0.0.0/8' },
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  reader = await api.makeUser(organizationId, 'member');
});
afterAll(async () => {
  await api.stop();
  await topic.stop();
});

async function makeChannel(kind: ExternalKind, settings: Record<string, unknown>): Promise<string> {
  const made = await api.ask('POST', '/v1/channels', {
    ...{ token: admin.token, body: { kind, name: kind, settings } },
  });
  if (made.status !== 201) throw new Error(made.text);
  return made.body.id;
}

interface Sent {
  deliveryId: string;
  notificationId: string;
}

/** As a worker would have left it: in the reader's inbox, and sent to an address. */
async function send(kind: ExternalKind, address: string, state = 'sent'): Promise<Sent> {
  const made = await api.ask('POST', '/v1/notifications', {
    ...{ token: admin.token, body: { to: [reader.id], title: 'Disk full' } },
  });
  const notificationId: string = made.body.notifications[0].id;
  const [deliveryId, pointId] = [newId(), newId()];
  await runSql(
    api.databaseUrl,
    `with placed as (update notifications set dispatched_at = carillon_now(), inbox_at = carillon_now(),
         placed_sequence = 1, changed_sequence = 1, inbox_reason = 'placed', decisions = '[]' where id = $1),
       point as (insert into contact_points (id, organization_id, user_id, kind, address) values ($5, $3, $4, $6, $7)
         on conflict (user_id, kind, address) do update set bad_reason = null returning id)
     insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, contact_point_id,
       state, settled_at, attempts_made)
     select $2, $3, $1, $4, $6, $5, point.id, $8, carillon_now(), 1 from point`,
    [notificationId, deliveryId, reader.organizationId, reader.id, pointId, kind, address, state],
  );
  return { deliveryId, notificationId };
}

interface Callback {
  body: string;
  headers: Record<string, string>;
  query?: string;
}
const call = (channelId: string, { body, headers, query = '' }: Callback): Promise<Answer> =>
  api.ask('POST', `/v1/inbound/${channelId}${query}`, {
    body,
    headers: { 'Content-Type': 'text/plain', ...headers },
  });
const deliveryOf = async ({ deliveryId }: Sent) =>
  (await api.ask('GET', `/v1/deliveries/${deliveryId}`, { token: admin.token })).body;
const pointsOf = async (kind: ExternalKind) =>
  (await api.ask('GET', `/v1/users/${reader.id}/contact-points`, { token: admin.token })).body.data
    .filter((one: { kind: string }) => one.kind === kind)
    .map((one: { address: string; bad_reason: string | null }) => [one.address, one.bad_reason]);
const sentenceOf = async ({ notificationId }: Sent) => {
  const { body } = await api.ask('GET', `/v1/notifications/${notificationId}/explain`, {
    token: admin.token,
  });
  return body.kinds.flatMap((kind: { deliveries: { sentence: string }[] }) => kind.deliveries)[0].sentence;
};

describe('callbacks of Twilio', () => {
  const authToken = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
  const account = { account_sid: `AC${'0'.repeat(32)}`, auth_token: authToken, from: '+15017122661' };
  const to = '+4915112345678';

  function signed(channelId: string, { deliveryId }: Sent, fields: Record<string, string>): Callback {
    const query = `?delivery=${deliveryId}`;
    const names = Object.keys(fields).toSorted();
    const text = `${publicUrl}/v1/inbound/${channelId}${query}${names.map((name) => name + fields[name]).join('')}`;
    const signature = createHmac('sha1', authToken).update(text).digest('base64');
    return {
      query,
      headers: { 'X-Twilio-Signature': signature },
      body: new URLSearchParams(fields).toString(),
    };
  }

  it('say that a call was answered, which acknowledges nothing', async () => {
    const channelId = await makeChannel('phone_call', account);
    const sent = await send('phone_call', to);
    const answer = await call(
      channelId,
      signed(channelId, sent, { CallSid: 'CA1', CallStatus: 'in-progress' }),
    );
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await deliveryOf(sent)).toMatchObject({
      ...{ state: 'sent', feedback: 'answered', feedback_at: expect.any(String), provider_id: 'CA1' },
    });
    const item = await api.ask('GET', `/v1/inbox/${sent.notificationId}`, { token: reader.token });
    expect(item.body).toMatchObject({ acknowledged_at: null, read_at: null });
    expect(await sentenceOf(sent)).toMatch(/^Telephone call: sent at .*, and was answered at /);
  });

  it('settle a call of which nobody knew whether it was made', async () => {
    const channelId = await makeChannel('phone_call', account);
    const sent = await send('phone_call', to, 'unknown');
    await call(channelId, signed(channelId, sent, { CallSid: 'CA2', CallStatus: 'busy' }));
    expect(await deliveryOf(sent)).toMatchObject({
      ...{ state: 'sent', reason: null, feedback: 'unanswered', feedback_reason: 'the line was busy' },
    });
  });

  it('mark a number that does not exist, say so in explain, and do not when they come again', async () => {
    const channelId = await makeChannel('sms', { provider: 'twilio', ...account });
    const sent = await send('sms', to);
    const fields = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30005', To: to };
    const callback = signed(channelId, sent, fields);
    await call(channelId, callback);
    const reason = 'the number does not exist, or is out of service (error 30005)';
    expect(await deliveryOf(sent)).toMatchObject({ feedback: 'bounced', feedback_reason: reason });
    expect(await pointsOf('sms')).toEqual([[to, reason]]);
    expect(await sentenceOf(sent)).toMatch(
      /^Text message: sent at .*, and came back at .* \(the number .*\); this address is marked as not working, and nothing is sent there until it is corrected\.$/,
    );
    await send('sms', to);
    expect((await call(channelId, callback)).status).toBe(200);
    expect(await pointsOf('sms')).toEqual([[to, null]]);
    expect(api.logged()).not.toContain(to);
  });

  it('are refused in plain words: not signed, signed for another address, of another organization', async () => {
    const channelId = await makeChannel('sms', { provider: 'twilio', ...account });
    const sent = await send('sms', to);
    const right = signed(channelId, sent, { MessageSid: 'SM1', MessageStatus: 'delivered' });
    const unsigned = await call(channelId, { ...right, headers: {} });
    expect(unsigned.body).toMatchObject({ code: 'inbound.unsigned', status: 401 });
    expect(unsigned.body.detail).toContain('X-Twilio-Signature');
    const elsewhere = await call(channelId, { ...right, query: `?delivery=${newId()}` });
    expect(elsewhere.body).toMatchObject({ code: 'inbound.forged', status: 403 });
    expect(elsewhere.body.detail).toContain('CARILLON_PUBLIC_URL');
    expect(elsewhere.text + unsigned.text + api.logged()).not.toContain(authToken);

    // Another organization with the same account at Twilio tells of a delivery that is not its own.
    const stranger = await api.makeUser(await api.makeOrganization(), 'admin');
    const made = await api.ask('POST', '/v1/channels', {
      token: stranger.token,
      body: { kind: 'sms', name: 'SMS', settings: { provider: 'twilio', ...account } },
    });
    const foreign = signed(made.body.id, sent, { MessageSid: 'SM1', MessageStatus: 'delivered' });
    expect((await call(made.body.id, foreign)).status).toBe(200);
    expect((await deliveryOf(sent)).feedback).toBeNull();
  });
});

describe('interactions of Slack', () => {
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const member = 'U012AB3CD';

  function pressed(action: string, { deliveryId }: Sent, by = member): Callback {
    const seconds = Math.floor(Date.now() / 1_000);
    const payload = {
      ...{ type: 'block_actions', user: { id: by }, trigger_id: randomUUID() },
      actions: [{ action_id: action, value: deliveryId }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const hash = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
    return {
      body,
      headers: { 'X-Slack-Signature': `v0=${hash}`, 'X-Slack-Request-Timestamp': String(seconds) },
    };
  }
  const itemOf = async ({ notificationId }: Sent) =>
    (await api.ask('GET', `/v1/inbox/${notificationId}`, { token: reader.token })).body;

  it('acknowledge the item of the recipient, and mark it as read where a link was followed', async () => {
    const channelId = await makeChannel('slack', { token: 'xoxb-1-2-abcdefgh', signing_secret: secret });
    const [first, second] = [await send('slack', member), await send('slack', 'C024BE91L')];
    expect((await call(channelId, pressed('acknowledge', first))).status).toBe(200);
    expect(await itemOf(first)).toMatchObject({ acknowledged_at: expect.any(String) });
    expect((await deliveryOf(first)).feedback).toBe('answered');
    // In a channel, whoever is let in there.
    await call(channelId, pressed('link_0', second, 'U999'));
    expect(await itemOf(second)).toMatchObject({ read_at: expect.any(String), acknowledged_at: null });
    expect((await deliveryOf(second)).feedback).toBe('opened');
  });

  it('do nothing for another member than the one whom a direct message was for', async () => {
    const channelId = await makeChannel('slack', { signing_secret: secret });
    const sent = await send('slack', member);
    expect((await call(channelId, pressed('acknowledge', sent, 'U999'))).status).toBe(200);
    expect(await itemOf(sent)).toMatchObject({ acknowledged_at: null });
    expect((await deliveryOf(sent)).feedback).toBeNull();
  });

  it('are done once: a copy does not read again what was marked as unread', async () => {
    const channelId = await makeChannel('slack', { signing_secret: secret });
    const sent = await send('slack', member);
    const callback = pressed('link_0', sent);
    await call(channelId, callback);
    expect(await itemOf(sent)).toMatchObject({ read_at: expect.any(String) });
    await api.ask('DELETE', `/v1/inbox/${sent.notificationId}/read`, { token: reader.token });
    expect((await call(channelId, callback)).status).toBe(200);
    expect(await itemOf(sent)).toMatchObject({ read_at: null });
  });
});

describe('events of mails', () => {
  const address = 'ada@example.org';

  it('come from SendGrid by the batch, of which the strongest counts for a delivery', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const channelId = await makeChannel('email', { events: 'sendgrid', events_key: key });
    const [read, bad] = [await send('email', address), await send('email', 'gone@example.org')];
    const event = ({ deliveryId }: Sent, fields: object) => ({ carillon_delivery: deliveryId, ...fields });
    const body = JSON.stringify([
      event(read, { event: 'open', email: address }),
      event(read, { event: 'delivered', email: address }),
      event(bad, { event: 'bounce', email: 'gone@example.org', reason: '550 5.1.1 unknown' }),
      event(bad, { event: 'processed', email: 'gone@example.org' }),
    ]);
    const signature = sign('sha256', Buffer.from(`1772352000${body}`), privateKey).toString('base64');
    const headers = {
      'X-Twilio-Email-Event-Webhook-Signature': signature,
      'X-Twilio-Email-Event-Webhook-Timestamp': '1772352000',
    };
    expect((await call(channelId, { body, headers })).status).toBe(200);
    expect((await deliveryOf(read)).feedback).toBe('opened');
    expect((await deliveryOf(bad)).feedback).toBe('bounced');
    expect(await pointsOf('email')).toEqual(
      expect.arrayContaining([
        [address, null],
        ['gone@example.org', '550 5.1.1 unknown'],
      ]),
    );
    expect((await call(channelId, { body: '[]', headers })).body.code).toBe('inbound.forged');
  });

  it('come from SES through a topic that the channel names, after it was confirmed', async () => {
    const settings = { events: 'ses', events_topic: topic.arn, events_url: topic.baseUrl };
    const channelId = await makeChannel('email', settings);
    expect((await call(channelId, { body: topic.askToConfirm(), headers: {} })).status).toBe(200);
    expect(topic.confirmed).toEqual([expect.stringContaining('Token=2336412f37')]);
    const sent = await send('email', 'full@example.org');
    const bounce = { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: 'full@example.org' }] };
    const headers = [{ name: 'X-Carillon-Delivery', value: sent.deliveryId }];
    const body = topic.notify({ eventType: 'Bounce', bounce, mail: { messageId: '0100', headers } });
    expect((await call(channelId, { body, headers: {} })).status).toBe(200);
    expect(await deliveryOf(sent)).toMatchObject({ feedback: 'bounced', feedback_reason: 'Transient' });
    expect(await pointsOf('email')).toContainEqual(['full@example.org', null]);
    const forged = topic.notify({ eventType: 'Bounce' }, { Message: '{}' });
    expect((await call(channelId, { body: forged, headers: {} })).body.code).toBe('inbound.forged');
  });
});

describe('what is no callback', () => {
  it.each([
    { name: 'of a channel that is not there', id: () => newId(), code: 'channel.not_found' },
    { name: 'of what is no id', id: () => 'x', code: 'channel.not_found' },
    { name: 'of a kind without callbacks', id: () => makeChannel('null', {}), code: 'channel.not_found' },
    {
      name: 'of a channel that cannot check it',
      id: () => makeChannel('email', {}),
      code: 'inbound.not_set_up',
    },
  ])('is refused: $name', async ({ id, code }) => {
    expect((await call(await id(), { body: '{}', headers: {} })).body.code).toBe(code);
  });

  it('is refused when it is no text, or larger than 1 MiB', async () => {
    const id = await makeChannel('email', {});
    const large = await call(id, { body: 'x'.repeat(1024 * 1024 + 1), headers: {} });
    expect(large.body.code).toBe('request.too_large');
    const bytes = Buffer.from([0xc3, 0x28]);
    const answer = await fetch(`${api.url}/v1/inbound/${id}`, { method: 'POST', body: bytes });
    expect(await answer.json()).toMatchObject({ code: 'request.malformed' });
  });

  it('is refused after 120 in a minute from one network, and no other is', async () => {
    const id = newId();
    const from = (address: string) => call(id, { body: '', headers: { 'X-Forwarded-For': address } });
    const answers = await Promise.all(Array.from({ length: 125 }, () => from('198.51.100.7')));
    const codes = answers.map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'rate.limited')).toHaveLength(5);
    expect((await from('203.0.113.9')).body.code).toBe('channel.not_found');
  });
});
