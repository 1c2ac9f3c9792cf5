import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook, type WebhookRequest } from './verify-webhook.ts';

const secret = 'whsec_YW4gZXhhbXBsZSB0aGF0IG5vYm9keSB1c2Vz';
const other = 'whsec_YW5vdGhlciBleGFtcGxlIHRoYXQgbm9ib2R5IHVzZXM=';
const now = new Date('2026-03-01T08:00:00.000Z');
const body = JSON.stringify({ type: 'notification.created', data: { title: 'Grüße' } });

/** Signed by the library that Carillon itself signs with. */
function signed(by: string = secret, at: Date = now): Record<string, string> {
  return {
    'webhook-id': 'delivery-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(by).sign('delivery-1', at, body),
  };
}
const request = (changed: Partial<WebhookRequest> = {}): WebhookRequest => ({
  ...{ body, headers: signed(), secret, now },
  ...changed,
});
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

describe('verifyWebhook', () => {
  it.each([
    { name: 'a request as it comes', changed: {} },
    { name: 'bytes instead of a text', changed: { body: new TextEncoder().encode(body) } },
    { name: 'headers as fetch has them', changed: { headers: new Headers(signed()) } },
    {
      name: 'headers in other letters',
      changed: { headers: { 'Webhook-Id': 'delivery-1', ...capital(signed()) } },
    },
    { name: 'the old secret during a rotation', changed: { secret: [other, secret] } },
    { name: 'a clock that is four minutes behind', changed: { headers: signed(secret, minutesAgo(4)) } },
    {
      name: 'one good signature among others',
      changed: {
        headers: { ...signed(), 'webhook-signature': `v1a,xx v1,!! ${signed()['webhook-signature']}` },
      },
    },
  ])('takes $name', async ({ changed }) => {
    const { id, event } = await verifyWebhook(request(changed));
    expect(id).toBe('delivery-1');
    expect(event.data.title).toBe('Grüße');
  });

  it.each([
    {
      name: 'another body',
      changed: { body: body.replace('Grüße', 'Gruesse') },
      code: 'webhook.signature_wrong',
    },
    { name: 'another secret', changed: { secret: other }, code: 'webhook.signature_wrong' },
    {
      name: 'another id',
      changed: { headers: { ...signed(), 'webhook-id': 'delivery-2' } },
      code: 'webhook.signature_wrong',
    },
    {
      name: 'a signature of another version',
      changed: {
        headers: { ...signed(), 'webhook-signature': signed()['webhook-signature']?.replace('v1,', 'v2,') },
      },
      code: 'webhook.signature_wrong',
    },
    { name: 'an old request', changed: { headers: signed(secret, minutesAgo(6)) }, code: 'webhook.too_old' },
    {
      name: 'one from the future',
      changed: { headers: signed(secret, minutesAgo(-6)) },
      code: 'webhook.too_old',
    },
    {
      name: 'a time that is none',
      changed: { headers: { ...signed(), 'webhook-timestamp': 'NaN' } },
      code: 'webhook.too_old',
    },
    { name: 'no signature', changed: { headers: { 'webhook-id': 'x' } }, code: 'webhook.headers_missing' },
  ])('refuses $name', async ({ changed, code }) => {
    await expect(verifyWebhook(request(changed))).rejects.toMatchObject({ name: 'WebhookError', code });
  });

  it('needs a secret that is one', async () => {
    await expect(verifyWebhook(request({ secret: 'whsec_' }))).rejects.toThrow(
      'must be the secret of the channel',
    );
  });
});

function capital(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}
