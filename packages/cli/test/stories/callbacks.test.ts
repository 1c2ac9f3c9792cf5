import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { pollUntil, type ServiceProcess } from '@carillon/testkit';
import { callApi, notify } from './calls.ts';
import { setStage, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const account = { account_sid: `AC${'1'.repeat(32)}`, auth_token: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
/** No vendor calls back to an address that is not public: the API stands behind one. */
const publicUrl = 'https://carillon.example.org';
const credentials = Buffer.from(`${account.account_sid}:${account.auth_token}`).toString('base64');

describe('text messages and calls, from a worker by way of their vendor back to the API', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let vendor: Vendor;

  beforeAll(async () => {
    [stage, vendor] = await Promise.all([setStage({ people: 2 }), startVendor()]);
    const env = { CARILLON_PUBLIC_URL: publicUrl };
    api = await stage.startApi(env);
    vendor.reaches(api.url);
    await stage.startWorker(env);
    for (const kind of ['sms', 'phone_call']) {
      const settings = { ...account, from: '+15017122661', base_url: vendor.url };
      const made = await callApi(api, stage.admin, 'POST', '/v1/channels', {
        body: { kind, name: kind, settings: { ...settings, ...(kind === 'sms' && { provider: 'twilio' }) } },
      });
      expect(made).toMatchObject({ status: 201 });
    }
  });
  afterAll(async () => {
    await stage.stop();
    await vendor.stop();
  });

  it.each([
    { kind: 'sms', to: '+4915112345678', told: 'delivered', feedback: 'delivered' },
    { kind: 'phone_call', to: '+4915112345679', told: 'in-progress', feedback: 'answered' },
  ])('a delivery by $kind is $feedback when its vendor says so', async ({ kind, to, told, feedback }) => {
    vendor.tells(told);
    const person = stage.people[kind === 'sms' ? 0 : 1] ?? stage.admin;
    await callApi(api, stage.admin, 'POST', `/v1/users/${person.id}/contact-points`, {
      body: { kind, address: to },
    });
    const [id] = await notify(api, stage.admin, { to: [person.id], title: 'Disk full', body: 'On main.' });
    const delivery = await pollUntil(async () => {
      const { body } = await callApi(api, stage.admin, 'GET', `/v1/deliveries?notification_id=${id}`);
      const found = (body['data'] as Record<string, unknown>[]).find((one) => one['kind'] === kind);
      return found?.['feedback'] === null ? undefined : found;
    }, 30_000);
    const { sid, status } = await pollUntil(() => vendor.callbacks.find((one) => one.to === to));
    expect(status).toBe(200);
    expect(delivery).toMatchObject({ state: 'sent', feedback, provider_id: sid });
  });
});

interface Vendor {
  url: string;
  /** What stands behind the public address. */
  reaches(url: string): void;
  /** What it says of what it takes from now on. */
  tells(status: string): void;
  /** The calls that it made, with what was answered. */
  callbacks: { to: string; sid: string; status: number }[];
  stop(): Promise<void>;
}

/** Takes messages and calls as Twilio's API 2010-04-01 does, and tells by a signed callback what became of each. */
async function startVendor(): Promise<Vendor> {
  const callbacks: Vendor['callbacks'] = [];
  const told: Promise<void>[] = [];
  let status = '';
  let reached = '';
  const server: Server = createServer((request, response) => {
    void read(request).then((form) => {
      const isCall = request.url?.endsWith('/Calls.json') === true;
      const sid = `${isCall ? 'CA' : 'SM'}${String(callbacks.length).padStart(32, '0')}`;
      const isMine = request.headers.authorization === `Basic ${credentials}`;
      response.writeHead(isMine ? 201 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isMine ? { sid } : { code: 20_003, message: 'Authenticate' }));
      if (isMine) told.push(tell(form, sid, isCall ? 'Call' : 'Message'));
    });
  });

  async function tell(form: URLSearchParams, sid: string, what: 'Call' | 'Message'): Promise<void> {
    const url = form.get('StatusCallback') ?? '';
    const fields: [string, string][] = [
      [`${what}Sid`, sid],
      [`${what}Status`, status],
    ];
    const signed = url + fields.map((field) => field.join('')).join('');
    const signature = createHmac('sha1', account.auth_token).update(signed).digest('base64');
    const answer = await fetch(url.replace(publicUrl, reached), {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(fields),
    });
    callbacks.push({ to: form.get('To') ?? '', sid, status: answer.status });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    reaches(url) {
      reached = url;
    },
    tells(next) {
      status = next;
    },
    callbacks,
    async stop() {
      await Promise.all(told);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(request));
}
