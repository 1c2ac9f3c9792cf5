import { randomBytes } from 'node:crypto';
import {
  adapterBattery,
  buildAdapterDeps,
  buildMessage,
  startWebhookReceiver,
  type WebhookReceiver,
} from '@carillon/testkit';
import type { DeliveryId } from '@carillon/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { webhookHarness } from '../../test/webhook-harness.ts';
import type { Adapter, SendRequest } from '../adapter.ts';
import { newWebhookSecret } from './secret.ts';
import { createWebhookAdapter, webhookBodyBytesMax } from './send.ts';

const deps = buildAdapterDeps();
const secret = newWebhookSecret(randomBytes);
const previousSecret = newWebhookSecret(randomBytes);
const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;

const harness = webhookHarness({
  ...{ secret, settings: {}, keyHeader: 'webhook-id', bodyBytesMax: webhookBodyBytesMax },
});

describe('the webhook adapter', () => {
  it.each(adapterBattery(harness))('$name', ({ run }) => run());
});

describe('a webhook', () => {
  let receiver: WebhookReceiver;
  let adapter: Adapter;

  beforeEach(async () => {
    receiver = await startWebhookReceiver({ secret });
    adapter = createWebhookAdapter(deps);
  });
  afterEach(async () => {
    await adapter.stop();
    await receiver.stop();
  });

  const send = (settings: Record<string, unknown> = {}, changes: Partial<SendRequest> = {}) =>
    adapter.send({
      deliveryId,
      message: buildMessage(),
      target: { settings: { url: receiver.url, secret, ...settings }, address: undefined },
      signal: AbortSignal.timeout(10_000),
      ...changes,
    });

  it('carries a signature that the public Standard Webhooks library accepts', async () => {
    await send();
    expect(receiver.arrivals[0]).toMatchObject({ id: deliveryId, verified: true });
  });

  it('carries no signature of a secret that was not given', async () => {
    await send({ secret: previousSecret });
    expect(receiver.arrivals[0]).toMatchObject({ verified: false });
  });

  it('is accepted with the old and with the new secret while a secret is changed', async () => {
    await send({ secret: previousSecret, previous_secret: secret });
    const [arrival] = receiver.arrivals;
    expect(arrival?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(arrival?.verified).toBe(true);
    expect(() =>
      new Webhook(previousSecret).verify(arrival?.body ?? '', { ...arrival?.headers }),
    ).not.toThrow();
  });

  it('is not accepted by a receiver whose copy differs by one byte', async () => {
    await send();
    const [arrival] = receiver.arrivals;
    const changed = arrival?.body.replace('Build 7', 'Build 8') ?? '';
    expect(() => new Webhook(secret).verify(changed, { ...arrival?.headers })).toThrow(
      /No matching signature/,
    );
  });

  it('has the same bytes in every try', async () => {
    await send();
    await send();
    expect(receiver.arrivals[1]?.body).toBe(receiver.arrivals[0]?.body);
  });

  it('has the same bytes when the message was kept between two tries, which changes the order of its keys', async () => {
    const message = buildMessage();
    const { recipient, actions, ...fields } = message.notification;
    const turned = <T extends object>(value: T): T =>
      Object.fromEntries(Object.entries(value).toReversed()) as T;
    const notification = { actions: actions.map(turned), recipient: turned(recipient), ...turned(fields) };
    await send({}, { message });
    await send({}, { message: { ...message, notification } });
    expect(receiver.arrivals[1]?.body).toBe(receiver.arrivals[0]?.body);
  });

  it('tells the event, when the notification was made, and the notification as it is', async () => {
    await send();
    const message = buildMessage();
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toEqual({
      type: 'notification.created',
      timestamp: message.notification.created_at,
      data: message.notification,
    });
  });

  it('names Carillon, its version and the delivery, and passes the trace on', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await send({}, { traceparent });
    expect(receiver.arrivals[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Carillon/1.2.3',
      'x-carillon-delivery': deliveryId,
      traceparent,
    });
  });

  it('leaves out a trace that is not well-formed, and is sent all the same', async () => {
    expect(await send({}, { traceparent: '00-x\r\nx-evil: 1' })).toMatchObject({ outcome: 'sent' });
    expect(receiver.arrivals[0]?.headers).not.toHaveProperty('traceparent');
    expect(receiver.arrivals[0]?.headers).not.toHaveProperty('x-evil');
  });

  it('never reaches an inner address that was not opened', async () => {
    const guarded = createWebhookAdapter({ ...deps, egressAllow: [] });
    const target = { settings: { url: receiver.url.replace('http:', 'https:'), secret }, address: undefined };
    const result = await guarded.send({
      deliveryId,
      message: buildMessage(),
      target,
      signal: AbortSignal.timeout(10_000),
    });
    expect(result).toEqual({ outcome: 'retry', reason: 'endpoint could not be reached' });
    expect(receiver.accepts).toBe(0);
    await guarded.stop();
  });

  it('is rejected when the stored settings are not those of a webhook', async () => {
    expect(await send({ secret: undefined })).toEqual({
      outcome: 'reject',
      reason: 'channel settings are not valid',
    });
    expect(receiver.accepts).toBe(0);
  });
});
