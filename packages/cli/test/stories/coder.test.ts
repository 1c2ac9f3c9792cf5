import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  pollUntil,
  startSmtpSink,
  startWebhookReceiver,
  type ServiceProcess,
  type SmtpSink,
  type WebhookReceiver,
} from '@carillon/testkit';
import { callApi, twoSweeps, waitUntilSettled } from './calls.ts';
import { setStage, type Person, type Stage } from './stage.ts';

// Liveness, not speed: many processes share a small machine.
jest.setTimeout(120_000);

const base = '/api/v2/notifications';
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const custom = '39b1e189-c857-4b0c-877a-511144c18516';

interface CoderItem {
  title: string;
  content: string;
  template_id: string;
  icon: string;
  actions: { label: string; url: string }[];
}

describe('what clients of Coder send', () => {
  let stage: Stage;
  let api: ServiceProcess;
  let sink: SmtpSink;
  let receiver: WebhookReceiver;
  let ada: Person;

  beforeAll(async () => {
    [stage, sink, receiver] = await Promise.all([
      setStage({ people: 0 }),
      startSmtpSink(),
      startWebhookReceiver({ secret }),
    ]);
    ada = await stage.addPerson({ email: 'ada@example.org' });
    await stage.addChannel('email', {});
    await stage.addChannel('webhook', { url: receiver.url, format: 'coder' }, { secret });
    const mail = { SMTP_URL: sink.url, MAIL_FROM: 'Carillon <bells@example.org>' };
    [api] = await Promise.all([stage.startApi(), stage.startWorker(mail)]);
  });
  afterAll(async () => {
    await stage.stop();
    await Promise.all([sink.stop(), receiver.stop()]);
  });

  async function ask(person: Person, method: string, path: string, body?: unknown) {
    const headers = { 'coder-session-token': person.token };
    const answer = await callApi(api, undefined, method, path, { body, headers });
    return { status: answer.status, body: answer.body };
  }

  const send = (message: string) =>
    ask(ada, 'POST', `${base}/custom`, { content: { title: 'Lunch', message } });

  async function inboxOf(person: Person): Promise<CoderItem[]> {
    const { body } = await ask(person, 'GET', `${base}/inbox`);
    return body['notifications'] as CoderItem[];
  }

  const bodies = async () => (await inboxOf(ada)).map(({ content }) => content);
  const prefer = (isDisabled: boolean) =>
    ask(ada, 'PUT', '/api/v2/users/me/notifications/preferences', {
      template_disabled_map: { [custom]: isDisabled },
    });
  const pause = (isPaused: boolean) =>
    ask(stage.admin, 'PUT', `${base}/settings`, { notifier_paused: isPaused });

  /** How each delivery ended, by kind; those of before left out. */
  async function deliveriesSince(count: number): Promise<string[]> {
    const { deliveries } = await waitUntilSettled(stage);
    return deliveries.slice(count).map(({ kind, state }) => `${kind} ${state}`);
  }
  const deliveryCount = async () => (await waitUntilSettled(stage)).deliveries.length;

  it('is in the inbox and in the mail, once each', async () => {
    expect((await send('The **pizza** is here.')).status).toBe(204);
    await sink.waitFor(({ mails }) => mails.length > 0, 30_000);
    expect(await deliveriesSince(0)).toEqual(['email sent']);
    expect(await inboxOf(ada)).toMatchObject([{ title: 'Lunch', template_id: custom }]);
    expect(sink.mails.map(({ envelope, headers }) => [envelope.to, headers.get('subject')])).toEqual([
      [['ada@example.org'], ['Lunch']],
    ]);
    // What somebody writes is text: its marks are shown, not obeyed.
    expect(sink.mails[0]?.raw).not.toContain('<strong>pizza');
    expect(receiver.arrivals).toEqual([]);
  });

  it('tests the way to whoever administrates', async () => {
    await callApi(api, stage.admin, 'PATCH', `/v1/users/${stage.admin.id}`, {
      body: { email: 'root@example.org' },
    });
    const before = await deliveryCount();
    expect((await ask(stage.admin, 'POST', `${base}/test`)).status).toBe(204);
    await sink.waitFor(({ mails }) => mails.length > 1, 30_000);
    expect(await deliveriesSince(before)).toEqual(['email sent']);
    expect(sink.mails[1]?.envelope.to).toEqual(['root@example.org']);
    expect(await inboxOf(stage.admin)).toMatchObject([
      { title: 'A test notification', actions: [{ url: expect.stringMatching(/tab=settings$/) }] },
    ]);
  });

  it('waits while everything is paused, and flows when it is resumed', async () => {
    const before = { deliveries: await deliveryCount(), mails: sink.mails.length };
    expect((await pause(true)).status).toBe(200);
    expect((await send('Paused')).status).toBe(204);
    await twoSweeps(stage);
    expect([(await bodies()).length, sink.mails.length]).toEqual([1, before.mails]);
    expect((await pause(false)).status).toBe(200);
    await sink.waitFor(({ mails }) => mails.length > before.mails, 45_000);
    expect(await deliveriesSince(before.deliveries)).toEqual(['email sent']);
    expect((await bodies())[0]).toBe('Paused');
  });

  it('is not sent where its reader switched it off after it was accepted', async () => {
    const before = { deliveries: await deliveryCount(), mails: sink.mails.length };
    await pause(true);
    expect((await send('Too late')).status).toBe(204);
    expect((await prefer(true)).status).toBe(200);
    await pause(false);
    expect(await deliveriesSince(before.deliveries)).toEqual([]);
    expect([await bodies(), sink.mails.length]).toEqual([
      expect.not.arrayContaining(['Too late']),
      before.mails,
    ]);
  });

  it('is refused where its reader switched it off before, in the words that clients know', async () => {
    expect(await send('Off')).toEqual({
      status: 409,
      body: { message: 'Failed to send custom notification', detail: 'notification is not enabled' },
    });
    expect((await prefer(false)).status).toBe(200);
  });

  it("goes to a receiver that was written for Coder, and to no mailbox, by the template's method", async () => {
    const before = { deliveries: await deliveryCount(), mails: sink.mails.length };
    const changed = await ask(stage.admin, 'PUT', `${base}/templates/${custom}/method`, {
      method: 'webhook',
    });
    expect(changed.status).toBe(200);
    expect((await send('By webhook')).status).toBe(204);
    await receiver.waitFor(({ arrivals }) => arrivals.length > 0, 30_000);
    expect(await deliveriesSince(before.deliveries)).toEqual(['webhook sent']);
    expect([receiver.arrivals.length, sink.mails.length]).toEqual([1, before.mails]);
    const [arrival] = receiver.arrivals;
    const body = JSON.parse(arrival?.body ?? '');
    expect(arrival?.headers['x-message-id']).toBe(body.msg_id);
    expect(body).toMatchObject({
      ...{ _version: '1.1', title: 'Lunch', body: 'By webhook' },
      payload: {
        ...{
          _version: '1.1',
          notification_template_id: custom,
          user_id: ada.id,
          user_email: 'ada@example.org',
        },
        labels: { custom_title: 'Lunch', custom_message: 'By webhook' },
      },
    });
    expect((await bodies())[0]).toBe('By webhook');
  });

  it('can be any of its templates, sent by our own call with labels', async () => {
    const sent = await callApi(api, stage.admin, 'POST', '/v1/notifications', {
      body: {
        to: [ada.id],
        template: 'a9d027b4-ac49-4fb1-9f6d-45af15f64e7a',
        labels: { workspace: 'blue-whale', owner: 'ada', threshold: '90%' },
      },
    });
    expect({ status: sent.status, body: sent.body }).toMatchObject({ status: 202 });
    const first = await pollUntil(async () => {
      const [item] = await inboxOf(ada);
      return item?.template_id.startsWith('a9d0') ? item : undefined;
    });
    expect(first).toMatchObject({
      title: expect.stringContaining('blue-whale'),
      icon: 'DEFAULT_ICON_WORKSPACE',
    });
  });
});
