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
import { webhookHarness } from '../../test/webhook-harness.ts';
import type { Adapter, Message, MessageDetails, MessageNotification } from '../adapter.ts';
import { coderBody, coderBodyBytesMax } from './coder-body.ts';
import { newWebhookSecret } from './secret.ts';
import { createWebhookAdapter, webhookBodyBytesMax } from './send.ts';

const deliveryId = '01890a5d-ac96-774b-bcce-b302099a8057' as DeliveryId;
const templateId = '281fdf73-c6d6-4cbb-8ff5-888baf8a2fff';
const publicUrl = 'https://carillon.example.org';
const secret = newWebhookSecret(randomBytes);

const details: MessageDetails = {
  recipient: { email: 'ada@example.org', name: 'Ada Lovelace', username: 'ada' },
  template: { id: templateId, name: 'Workspace Created' },
  targets: ['01890a5d-ac96-774b-bcce-b302099a8011'],
  title: { text: 'Build_7 failed', markdown: 'Build\\_7 failed' },
};

const build = (notification: Partial<MessageNotification> = {}): Message => ({
  ...buildMessage({ notification }),
  details,
});
const bodyOf = (message: Message) => JSON.parse(coderBody(deliveryId, message, publicUrl));

describe("Coder's body", () => {
  it('has exactly the fields of version 1.1, in their order', () => {
    const data = { labels: { workspace: 'main', initiator: 'bob' }, attempt: 2, nested: { deep: [1] } };
    const expected = {
      _version: '1.1',
      msg_id: deliveryId,
      payload: {
        _version: '1.1',
        notification_name: 'Workspace Created',
        notification_template_id: templateId,
        user_id: '01890a5d-ac96-774b-bcce-b302099a8003',
        user_email: 'ada@example.org',
        user_name: 'Ada Lovelace',
        user_username: 'ada',
        actions: [{ label: 'Open', url: 'https://ci.example.org/7?x=1' }],
        labels: { workspace: 'main', initiator: 'bob' },
        data: { attempt: 2, nested: { deep: [1] } },
        targets: ['01890a5d-ac96-774b-bcce-b302099a8011'],
      },
      title: 'Build_7 failed',
      title_markdown: 'Build\\_7 failed',
      body: 'The build of main failed in step test.',
      body_markdown: 'The build of **main** failed in step test.',
    };
    const message = build({ data, actions: [{ label: 'Open', url: 'https://ci.example.org/7?x=1' }] });
    expect(coderBody(deliveryId, message, publicUrl)).toBe(JSON.stringify(expected));
  });

  it.each<{ name: string; data: unknown; labels: Record<string, string>; rest: unknown }>([
    { name: 'nothing', data: {}, labels: {}, rest: null },
    { name: 'labels alone', data: { labels: { a: 'b' } }, labels: { a: 'b' }, rest: null },
    { name: 'no labels', data: { labels: {} }, labels: {}, rest: null },
    { name: 'data alone', data: { a: 1 }, labels: {}, rest: { a: 1 } },
    {
      ...{ name: 'labels that are no texts', labels: {} },
      ...{ data: { labels: { a: 1 }, b: 2 }, rest: { labels: { a: 1 }, b: 2 } },
    },
    { name: 'a list of labels', data: { labels: ['a'] }, labels: {}, rest: { labels: ['a'] } },
    { name: 'null as labels', data: { labels: null }, labels: {}, rest: { labels: null } },
    { name: 'no object at all', data: 'text', labels: {}, rest: null },
  ])('tells labels from other data: $name', ({ data, labels, rest }) => {
    expect(bodyOf(build({ data })).payload).toMatchObject({ labels, data: rest });
  });

  it.each([
    { name: 'as they are', profile: { name: 'Ada', username: 'al' }, told: ['Ada', 'al'] },
    { name: 'by the username', profile: { name: null, username: 'al' }, told: ['al', 'al'] },
    { name: 'by the external id', profile: { name: null, username: null }, told: ['ada', 'ada'] },
  ])('names users $name', ({ profile, told }) => {
    const recipient = { email: null, ...profile };
    const { payload } = bodyOf({ ...build(), details: { ...details, recipient } });
    expect([payload.user_name, payload.user_username, payload.user_email]).toEqual([...told, '']);
  });

  it('names the category and the nil id where there is no template', () => {
    const { payload } = bodyOf({ ...build(), details: { ...details, template: null } });
    expect(payload).toMatchObject({
      notification_name: 'builds',
      notification_template_id: '00000000-0000-0000-0000-000000000000',
    });
  });

  it.each([
    { url: '/builds/7/log', told: 'https://carillon.example.org/builds/7/log' },
    { url: 'https://example.com', told: 'https://example.com' },
    { url: 'mailto:ada@example.org', told: 'mailto:ada@example.org' },
  ])('leads to $told for the link $url', ({ url, told }) => {
    expect(bodyOf(build({ actions: [{ label: 'Go', url }] })).payload.actions).toEqual([
      { label: 'Go', url: told },
    ]);
  });

  it('has the same bytes when the message was kept between two tries, which changes the order of its keys', () => {
    const turned = <T extends object>(value: T): T =>
      Object.fromEntries(Object.entries(value).toReversed()) as T;
    const message = build();
    const kept = {
      ...turned(message),
      notification: turned(message.notification),
      details: { ...turned(details), recipient: turned(details.recipient) },
    };
    expect(coderBody(deliveryId, kept, publicUrl)).toBe(coderBody(deliveryId, message, publicUrl));
  });
});

describe("the webhook adapter in Coder's format", () => {
  const harness = webhookHarness({
    ...{ secret, settings: { format: 'coder' }, keyHeader: 'x-message-id', bodyBytesMax: coderBodyBytesMax },
  });
  it.each(adapterBattery(harness))('$name', ({ run }) => run());
});

describe("a webhook in Coder's format", () => {
  let receiver: WebhookReceiver;
  let adapter: Adapter;
  beforeEach(async () => {
    receiver = await startWebhookReceiver({ secret });
    adapter = createWebhookAdapter(buildAdapterDeps({ publicUrl }));
  });
  afterEach(async () => {
    await adapter.stop();
    await receiver.stop();
  });

  const send = (message: Message) =>
    adapter.send({
      ...{ deliveryId, message, signal: AbortSignal.timeout(10_000) },
      target: { settings: { url: receiver.url, secret, format: 'coder' }, address: undefined },
    });

  it('is posted as JSON with the id of the delivery, signed all the same', async () => {
    expect(await send(build())).toEqual({ outcome: 'sent', statusCode: 204 });
    expect(receiver.arrivals[0]).toMatchObject({
      ...{ method: 'POST', verified: true, body: coderBody(deliveryId, build(), publicUrl) },
      headers: { 'content-type': 'application/json', 'x-message-id': deliveryId },
    });
  });

  it("may be longer than Carillon's own, because its body is told twice", async () => {
    const result = await send(build({ data: { text: 'x'.repeat(webhookBodyBytesMax) } }));
    expect(result).toMatchObject({ outcome: 'sent' });
  });
});
