import { generateKeyPairSync, sign } from 'node:crypto';
import type { ExternalKind } from '@carillon/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@carillon/testkit';
import { eventsOf, inboundDeliveryId as deliveryId, readInbound } from '../../test/read-inbound.ts';
import { startSnsTopic, type SnsTopic } from '../../test/sns-topic.ts';
import type { InboundReading, InboundRequest } from '../inbound.ts';
import { validateSettings } from '../validate.ts';
import { createVendorTexts } from '../vendor-texts.ts';

describe('events of SendGrid', () => {
  const published =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const settings = { events: 'sendgrid', events_key: key };

  function signed(body: string, timestamp = '1772352000'): Partial<InboundRequest> {
    const signature = sign('sha256', Buffer.from(timestamp + body), privateKey).toString('base64');
    return { body, headers: headersOf(signature, timestamp) };
  }
  const headersOf = (signature: string, timestamp: string) => ({
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': timestamp,
  });

  it('are signed as in the example of its library', async () => {
    const event = {
      ...{ email: 'hello@world.com', event: 'dropped', reason: 'Bounced Address' },
      sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
      sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
      'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
      timestamp: 1_600_112_492,
    };
    const body = `${JSON.stringify([event])}\r\n`;
    const signature =
      'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=';
    const given = { events: 'sendgrid', events_key: published };
    const headers = headersOf(signature, '1600112502');
    expect(eventsOf(await readInbound('email', given, { body, headers }))).toEqual([]);
    expect(eventsOf(await readInbound('email', given, { body: body.trim(), headers }))).toBe('forged');
    expect(
      eventsOf(await readInbound('email', given, { body, headers: headersOf(signature, '1600112503') })),
    ).toBe('forged');
  });

  const email = 'ada@example.org';
  it.each([
    { event: { event: 'processed' }, told: undefined },
    { event: { event: 'deferred', response: '421' }, told: undefined },
    { event: { event: 'delivered' }, told: { feedback: 'delivered' } },
    { event: { event: 'open' }, told: { feedback: 'opened' } },
    { event: { event: 'open', sg_machine_open: true }, told: undefined },
    { event: { event: 'click' }, told: { feedback: 'opened' } },
    {
      event: { event: 'bounce', type: 'bounce', reason: '550 5.1.1 unknown' },
      told: { feedback: 'bounced', reason: '550 5.1.1 unknown', badAddress: email },
    },
    {
      event: { event: 'bounce', type: 'blocked', reason: '554 listed' },
      told: { feedback: 'bounced', reason: '554 listed' },
    },
    {
      event: { event: 'dropped', reason: 'Bounced Address' },
      told: { feedback: 'bounced', reason: 'Bounced Address', badAddress: email },
    },
    {
      event: { event: 'dropped', reason: 'Unsubscribed Address' },
      told: { feedback: 'bounced', reason: 'Unsubscribed Address' },
    },
    {
      event: { event: 'spamreport' },
      told: { feedback: 'bounced', reason: 'its reader reported it as spam', badAddress: email },
    },
  ])('tell $event', async ({ event, told }) => {
    const body = JSON.stringify([{ email, carillon_delivery: deliveryId, sg_message_id: 'm.1', ...event }]);
    const events = told === undefined ? [] : [{ type: 'feedback', deliveryId, providerId: 'm.1', ...told }];
    expect(await readInbound('email', settings, signed(body))).toEqual({ outcome: 'read', events });
  });

  it('are found by our Message-ID too, and are passed over where they are not ours', async () => {
    const events = [
      { event: 'delivered', 'smtp-id': `<${deliveryId}@example.org>` },
      { event: 'delivered', 'smtp-id': '<other@example.org>' },
      { event: 'delivered', carillon_delivery: 7 },
      null,
      'text',
    ];
    expect(eventsOf(await readInbound('email', settings, signed(JSON.stringify(events))))).toMatchObject([
      { deliveryId },
    ]);
  });

  it.each([
    { name: 'no signature', given: settings, request: { body: '[]' }, why: 'unsigned' },
    { name: 'no array', given: settings, request: signed('{}'), why: 'malformed' },
    { name: 'no JSON', given: settings, request: signed('[{'), why: 'malformed' },
    {
      name: 'a signature that is none',
      given: settings,
      request: { body: '[]', headers: headersOf('%%%', '1') },
      why: 'forged',
    },
    {
      name: 'a key that is none',
      given: { ...settings, events_key: 'AAAA' },
      request: signed('[]'),
      why: 'not_set_up',
    },
    { name: 'a channel that wants none', given: {}, request: signed('[]'), why: 'not_set_up' },
  ])('are judged: $name', async ({ given, request, why }) => {
    expect(eventsOf(await readInbound('email', given, request))).toBe(why);
  });
});

describe('events of Amazon SES', () => {
  let topic: SnsTopic;
  let settings: Record<string, unknown>;
  const texts = createVendorTexts({ log: silentLog, egressAllow: ['127.0.0.0/8'] });
  const email = 'ada@example.org';
  beforeAll(async () => {
    topic = await startSnsTopic();
    settings = { events: 'ses', events_topic: topic.arn, events_url: topic.baseUrl };
  });
  afterAll(() => Promise.all([topic.stop(), texts.stop()]));

  const readSes = (body: string, given = settings): Promise<InboundReading> =>
    readInbound('email', given, { body }, { now: new Date(), fetchText: texts.getOnce });
  const mail = { messageId: '0100017', headers: [{ name: 'X-Carillon-Delivery', value: deliveryId }] };
  const recipient = {
    emailAddress: email,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 unknown',
  };

  it.each<{ name: string; event: Record<string, unknown>; told: Record<string, unknown> | undefined }>([
    { name: 'a send', event: { eventType: 'Send' }, told: undefined },
    { name: 'a delivery', event: { eventType: 'Delivery' }, told: { feedback: 'delivered' } },
    {
      name: 'a delivery of an identity',
      event: { notificationType: 'Delivery' },
      told: { feedback: 'delivered' },
    },
    { name: 'an open', event: { eventType: 'Open' }, told: { feedback: 'opened' } },
    {
      name: 'a hard bounce',
      event: {
        eventType: 'Bounce',
        bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient] },
      },
      told: {
        ...{ feedback: 'bounced', reason: 'smtp; 550 5.1.1 unknown (Permanent, General)', badAddress: email },
      },
    },
    {
      name: 'a soft bounce',
      event: {
        eventType: 'Bounce',
        bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: email }] },
      },
      told: { feedback: 'bounced', reason: 'Transient' },
    },
    {
      name: 'a complaint',
      event: { eventType: 'Complaint', complaint: { complainedRecipients: [{ emailAddress: email }] } },
      told: { feedback: 'bounced', reason: 'its reader reported it as spam', badAddress: email },
    },
    {
      name: 'the opposite of a complaint',
      event: { eventType: 'Complaint', complaint: { complaintFeedbackType: 'not-spam' } },
      told: { feedback: 'delivered' },
    },
    { name: 'what is not ours', event: { eventType: 'Delivery', mail: { messageId: '1' } }, told: undefined },
  ])('tell $name', async ({ event, told }) => {
    const events =
      told === undefined ? [] : [{ type: 'feedback', deliveryId, providerId: '0100017', ...told }];
    expect(await readSes(topic.notify({ mail, ...event }))).toEqual({ outcome: 'read', events });
  });

  it('are found by our Message-ID too', async () => {
    const commonHeaders = { messageId: `<${deliveryId}@example.org>` };
    const reading = await readSes(topic.notify({ eventType: 'Delivery', mail: { commonHeaders } }));
    expect(eventsOf(reading)).toMatchObject([{ deliveryId, feedback: 'delivered' }]);
  });

  it('ask to be confirmed at the service itself', async () => {
    expect(await readSes(topic.askToConfirm())).toEqual({
      ...{ outcome: 'read', events: [] },
      confirmUrl: `${topic.baseUrl}/?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=2336412f37`,
    });
  });

  it('fit with the older signature too', async () => {
    const older = await startSnsTopic({ version: '1' });
    const given = { ...settings, events_url: older.baseUrl };
    expect(eventsOf(await readSes(older.notify({ mail, eventType: 'Delivery' }), given))).toHaveLength(1);
    await older.stop();
  });

  const delivery = { mail, eventType: 'Delivery' };
  it.each<{ name: string; body: () => string; why: string; given?: Record<string, unknown> }>([
    { name: 'no JSON', body: () => 'hello', why: 'unsigned' },
    { name: 'raw delivery', body: () => JSON.stringify(delivery), why: 'unsigned' },
    { name: 'another message', body: () => topic.notify(delivery, { Message: '{}' }), why: 'forged' },
    {
      name: 'another time',
      body: () => topic.notify(delivery, { Timestamp: '2026-03-02T08:00:00.000Z' }),
      why: 'forged',
    },
    {
      name: 'another topic, although it is signed by SNS',
      body: () => topic.notify(delivery),
      why: 'forged',
      given: { events_topic: 'arn:aws:sns:eu-central-1:999999999999:of-somebody' },
    },
    {
      name: 'a certificate of somebody else',
      body: () =>
        topic.notify(delivery, {
          SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/x.pem',
        }),
      why: 'forged',
    },
    {
      name: 'a certificate that is not there',
      body: () => topic.notify(delivery, { SigningCertURL: `${topic.baseUrl}/gone.pem` }),
      why: 'forged',
    },
    {
      name: 'a subscription elsewhere',
      body: () => topic.askToConfirm({ SubscribeURL: 'https://evil.example/' }),
      why: 'forged',
    },
    {
      name: 'a signature of no known version',
      body: () => topic.notify(delivery, { SignatureVersion: '3' }),
      why: 'forged',
    },
    {
      name: 'a topic that is none',
      body: () => topic.notify(delivery),
      why: 'not_set_up',
      given: { events_topic: 'x', events_url: undefined },
    },
  ])('are judged: $name', async ({ body, why, given = {} }) => {
    expect(eventsOf(await readSes(body(), { ...settings, ...given }))).toBe(why);
  });

  it('are checked by a certificate that is asked for once', async () => {
    await readSes(topic.notify(delivery));
    await readSes(topic.askToConfirm());
    expect(topic.certificatesServed).toBe(1);
  });

  it('asks nobody for a certificate before the topic is right', async () => {
    const before = topic.certificatesServed;
    await readSes(topic.notify(delivery, { TopicArn: 'arn:aws:sns:eu-central-1:999999999999:of-somebody' }));
    expect(topic.certificatesServed).toBe(before);
  });

  it('does not take a certificate whose time is over', async () => {
    const surroundings = { now: new Date(Date.now() + 5 * 86_400_000), fetchText: texts.getOnce };
    const reading = await readInbound('email', settings, { body: topic.notify(delivery) }, surroundings);
    expect(reading).toMatchObject({ outcome: 'refused', why: 'forged' });
  });
});

describe('settings of callbacks', () => {
  it.each<{ name: string; kind: ExternalKind; given: Record<string, unknown>; wrong: string[] }>([
    { name: 'SES without a topic', kind: 'email', given: { events: 'ses' }, wrong: ['/events_topic'] },
    { name: 'SendGrid without a key', kind: 'email', given: { events: 'sendgrid' }, wrong: ['/events_key'] },
    { name: 'somebody else', kind: 'email', given: { events: 'postmark' }, wrong: ['/events'] },
    {
      name: 'a topic that is none and an inner address',
      kind: 'email',
      given: { events: 'ses', events_topic: 'arn:aws:sqs:eu-central-1:1:x', events_url: 'http://10.0.0.1' },
      wrong: ['/events_topic', '/events_url'],
    },
    {
      name: 'a topic',
      kind: 'email',
      given: { events: 'ses', events_topic: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:mail-events' },
      wrong: [],
    },
    {
      name: 'a key that is none',
      kind: 'email',
      given: { events: 'sendgrid', events_key: 'x y' },
      wrong: ['/events_key'],
    },
    { name: 'a secret of Slack', kind: 'slack', given: { signing_secret: '8f742231b10e8888' }, wrong: [] },
  ])('are judged: $name', ({ kind, given, wrong }) => {
    expect(validateSettings(kind, given, { egressAllow: [] }).map(({ pointer }) => pointer)).toEqual(wrong);
  });
});
