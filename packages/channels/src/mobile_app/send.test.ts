import { adapterBattery, buildAdapterDeps, buildMessage, startWebhookReceiver } from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApnsAnswer } from '../../test/apns-server.ts';
import {
  apnsHarness,
  apnsSettings,
  appleToken,
  fcmError,
  fcmToken,
  fcmVendor,
  serviceAccount,
  startApnsStage,
  startTokenEndpoint,
} from '../../test/device-stage.ts';
import { hostileTexts } from '../../test/hostile-texts.ts';
import { json, startVendor, vendorHarness, type VendorAnswering } from '../../test/vendor-harness.ts';
import type { AdapterDeps, Message } from '../adapter.ts';
import { createMobileAppAdapter } from './send.ts';

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const notificationId = '01890a5d-ac96-774b-bcce-b302099a8001';
const signal = () => AbortSignal.timeout(10_000);

let endpoint: Awaited<ReturnType<typeof startTokenEndpoint>>;
const tokenUrl = (): string => `http://127.0.0.1:${endpoint.port}/token`;
const fcm = fcmVendor(createMobileAppAdapter, tokenUrl);

beforeAll(async () => {
  endpoint = await startTokenEndpoint();
});
afterAll(() => endpoint.stop());

/** An adapter with FCM at its other side; the clock is as many hours ahead as `hours` says. */
async function startFcm(deps: Partial<AdapterDeps> = {}) {
  const stage = await startVendor(fcm);
  endpoint.answerWith(endpoint.take);
  const asked = endpoint.arrivals.length;
  const clock = { hours: 0, now: () => new Date(Date.now() + clock.hours * 3_600_000) };
  const adapter = createMobileAppAdapter(buildAdapterDeps({ clock, ...deps }));
  return {
    ...{ clock, stage, tokensAsked: () => endpoint.arrivals.length - asked },
    answerWith: (answer: VendorAnswering) => stage.answerWith(answer),
    send: (message: Message = buildMessage()) =>
      adapter.send({ deliveryId, message, target: stage.target, signal: signal() }),
    async stop() {
      await adapter.stop();
      await stage.receiver.stop();
    },
  };
}

async function sendByFcm(message: Message, answer: VendorAnswering = 'taken') {
  const started = await startFcm();
  started.answerWith(answer);
  const result = await started.send(message);
  await started.stop();
  return { result, message: JSON.parse(started.stage.receiver.arrivals[0]?.body ?? '{}').message };
}

async function sendByApns(message: Message, answer: ApnsAnswer = 'taken') {
  const { server, adapter, target } = await startApnsStage(createMobileAppAdapter);
  server.answerWith(answer);
  const result = await adapter.send({ deliveryId, message, target, signal: signal() });
  await adapter.stop();
  await server.stop();
  const [arrival] = server.arrivals;
  return { result, headers: arrival?.headers ?? {}, payload: JSON.parse(arrival?.body ?? '{}') };
}

describe('the mobile_app adapter over FCM', () => {
  it.each(adapterBattery(vendorHarness(fcm)))('$name', ({ run }) => run());
});

describe('the mobile_app adapter over APNs', () => {
  it.each(adapterBattery(apnsHarness(createMobileAppAdapter)))('$name', ({ run }) => run());
});

describe('a message to a device by FCM', () => {
  it('is title and text, with what the app needs to open it', async () => {
    const { result, message } = await sendByFcm(buildMessage());
    const providerId = 'projects/carillon-test/messages/0:1500415314455276%31bd1c9631bd1c96';
    expect(result).toEqual({ outcome: 'sent', statusCode: 200, providerId });
    expect(message).toEqual({
      token: fcmToken,
      notification: { title: 'Build 7 failed', body: 'The build of main failed in step test.' },
      data: {
        ...{ notification_id: notificationId, category: 'builds', urgent: 'false' },
        url: 'https://ci.example.org/builds/7',
      },
      android: {
        ...{ priority: 'NORMAL', ttl: '86400s' },
        notification: { tag: notificationId, notification_priority: 'PRIORITY_DEFAULT' },
      },
      apns: {
        headers: {
          ...{ 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-collapse-id': notificationId },
          'apns-expiration': expect.stringMatching(/^\d{10}$/),
        },
        payload: { aps: { sound: 'default', 'interruption-level': 'active', 'thread-id': 'builds' } },
      },
    });
  });

  it('is let in by one access token for an hour, and by a new one before it has expired', async () => {
    const { clock, send, stop, tokensAsked } = await startFcm();
    await send();
    await send();
    expect(tokensAsked()).toBe(1);
    clock.hours = 0.95;
    expect(await send()).toMatchObject({ outcome: 'sent' });
    expect(tokensAsked()).toBe(2);
    await stop();
  });

  it('gets a new access token once where the one that was kept is refused', async () => {
    const { send, stop, tokensAsked, answerWith, stage } = await startFcm();
    await send();
    const refused = fcmError(401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED');
    answerWith(json(401, refused));
    expect(await send()).toMatchObject({ outcome: 'reject', statusCode: 401 });
    expect(tokensAsked()).toBe(2);
    expect(stage.receiver.arrivals).toHaveLength(3);
    await stop();
  });

  it.each([
    {
      name: 'an app that was removed',
      answer: json(404, fcmError(404, 'Requested entity was not found.', 'NOT_FOUND', 'UNREGISTERED')),
      address: 'gone',
    },
    {
      name: 'an app of another project',
      answer: json(403, fcmError(403, 'SenderId mismatch', 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH')),
      address: 'bad',
    },
    {
      name: 'a project that is not there, which says nothing of the device',
      answer: json(404, fcmError(404, 'Project not found', 'NOT_FOUND')),
      address: undefined,
    },
  ])('tells what has become of the device: $name', async ({ answer, address }) => {
    const { result } = await sendByFcm(buildMessage(), answer);
    expect(result.outcome).toBe('reject');
    expect('address' in result ? result.address : undefined).toBe(address);
  });

  it.each([
    {
      name: 'a key that was withdrawn',
      answer: json(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }),
      expected: {
        outcome: 'reject',
        reason: 'endpoint answered 400: no access token was given: invalid_grant: Invalid JWT Signature.',
      },
    },
    {
      name: 'an endpoint that is away',
      answer: json(503, {}),
      expected: {
        outcome: 'retry',
        reason: 'endpoint answered 503: no access token was given: no reason given',
      },
    },
    { name: 'another site', answer: json(200, '<html>'), expected: { outcome: 'retry' } },
  ])('is not sent without an access token: $name', async ({ answer, expected }) => {
    const { send, stop, stage } = await startFcm();
    endpoint.answerWith(answer);
    expect(await send()).toMatchObject(expected);
    expect(stage.receiver.arrivals).toEqual([]);
    await stop();
  });

  it('is cut politely, and keeps its link', async () => {
    const url = `https://ci.example.org/${'x'.repeat(1_500)}`;
    for (const text of ['word '.repeat(2_000), '"'.repeat(5_000), '😀'.repeat(3_000)]) {
      const { result, message } = await sendByFcm(buildMessage({ text, notification: { url } }));
      expect(result.outcome).toBe('sent');
      expect(message.notification.body).toMatch(/[^\uD800-\uDBFF]…$/);
      expect(message.data.url).toBe(url);
    }
  });
});

describe('a message to a device by APNs', () => {
  it('is an alert, signed with the key of the team', async () => {
    const { result, headers, payload } = await sendByApns(buildMessage());
    expect(result).toEqual({ outcome: 'sent', statusCode: 200 });
    expect(headers).toMatchObject({
      ...{ ':path': `/3/device/${appleToken}`, 'apns-topic': 'org.example.carillon' },
      ...{ 'apns-id': deliveryId, 'apns-collapse-id': notificationId, 'apns-priority': '10' },
    });
    expect(payload).toEqual({
      aps: {
        alert: { title: 'Build 7 failed', body: 'The build of main failed in step test.' },
        ...{ sound: 'default', 'interruption-level': 'active', 'thread-id': 'builds' },
      },
      ...{ notification_id: notificationId, category: 'builds', urgent: 'false' },
      url: 'https://ci.example.org/builds/7',
    });
  });

  it('is time-sensitive when it is urgent', async () => {
    const { payload } = await sendByApns(buildMessage({ notification: { urgent: true } }));
    expect(payload.aps['interruption-level']).toBe('time-sensitive');
  });

  it('is signed anew once where Apple calls the token expired, and with one token as long as it does not', async () => {
    const { server, adapter, target } = await startApnsStage(createMobileAppAdapter);
    const send = () => adapter.send({ deliveryId, message: buildMessage(), target, signal: signal() });
    await send();
    await send();
    server.answerWith(() =>
      server.arrivals.length === 3 ? { status: 403, reason: 'ExpiredProviderToken' } : 'taken',
    );
    expect(await send()).toMatchObject({ outcome: 'sent' });
    const tokens = server.arrivals.map(({ headers }) => headers['authorization']);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens.slice(0, 3)).size).toBe(1);
    expect(tokens[3]).not.toBe(tokens[0]);
    await adapter.stop();
    await server.stop();
  });

  it('goes over a connection that is kept, and over another once Apple has closed it', async () => {
    const { server, adapter, target } = await startApnsStage(createMobileAppAdapter);
    const send = () => adapter.send({ deliveryId, message: buildMessage(), target, signal: signal() });
    for (let count = 0; count < 5; count += 1) await send();
    expect(server.arrivals).toHaveLength(5);
    expect(server.accepts).toBe(1);
    server.answerWith('goaway');
    expect(await send()).toMatchObject({ outcome: 'retry' });
    server.answerWith('taken');
    const many = await Promise.all(Array.from({ length: 20 }, send));
    expect(many.filter(({ outcome }) => outcome === 'sent')).toHaveLength(20);
    await adapter.stop();
    await server.stop();
  });

  it.each([
    { reason: 'Unregistered', status: 410, address: 'gone' },
    { reason: 'ExpiredToken', status: 410, address: 'gone' },
    { reason: 'BadDeviceToken', status: 400, address: 'bad' },
    { reason: 'DeviceTokenNotForTopic', status: 400, address: 'bad' },
    { reason: 'InvalidProviderToken', status: 403, address: undefined },
  ])('tells what has become of the device: $reason', async ({ reason, status, address }) => {
    const { result } = await sendByApns(buildMessage(), { status, reason });
    expect(result).toMatchObject({
      outcome: 'reject',
      reason: expect.stringMatching(`${status}.*: ${reason}$`),
    });
    expect('address' in result ? result.address : undefined).toBe(address);
  });

  it.each(Object.entries(hostileTexts))('is plain: %s', async (_name, text) => {
    const { result, payload } = await sendByApns(buildMessage({ title: text, text }));
    expect(result.outcome).toBe('sent');
    expect(payload.aps.alert.body).toBe(payload.aps.alert.title);
    expect(payload.aps.alert.body).not.toMatch(/[\u202E\u200B\uFEFF]/);
  });

  it('is cut politely where Apple would refuse it', async () => {
    for (const text of ['word '.repeat(2_000), '\u0436'.repeat(5_000), '😀'.repeat(3_000)]) {
      const { result, payload } = await sendByApns(buildMessage({ text }));
      expect(result.outcome).toBe('sent');
      expect(payload.aps.alert.body).toMatch(/[^\uD800-\uDBFF]…$/);
    }
  });
});

describe('the addresses that a channel names', () => {
  it('are not connected to where they are inner ones, for messages and for tokens', async () => {
    const listener = await startWebhookReceiver();
    const inner = `https://127.0.0.1:${listener.port}`;
    const adapter = createMobileAppAdapter(buildAdapterDeps({ egressAllow: [] }));
    const account = { fcm_service_account: serviceAccount(), fcm_base_url: inner, fcm_token_url: inner };
    for (const target of [
      { settings: account, address: `fcm:${fcmToken}` },
      { settings: apnsSettings(inner), address: `apns:${appleToken}` },
    ]) {
      const result = await adapter.send({ deliveryId, message: buildMessage(), target, signal: signal() });
      expect(result).toEqual({ outcome: 'retry', reason: 'endpoint could not be reached' });
    }
    expect(listener.accepts).toBe(0);
    await adapter.stop();
    await listener.stop();
  });

  it('are not sent to where the channel has no key for their service', async () => {
    const adapter = createMobileAppAdapter(buildAdapterDeps());
    for (const [settings, address] of [
      [{ fcm_service_account: serviceAccount() }, `apns:${appleToken}`],
      [apnsSettings(), `fcm:${fcmToken}`],
    ] as const) {
      const target = { settings, address };
      const result = await adapter.send({ deliveryId, message: buildMessage(), target, signal: signal() });
      expect(result).toMatchObject({
        outcome: 'reject',
        reason: expect.stringMatching(/^the channel has no/),
      });
    }
    await adapter.stop();
  });
});
