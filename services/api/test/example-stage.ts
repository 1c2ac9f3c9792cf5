import { createHmac } from 'node:crypto';
import { claimChannelTests, recordChannelTest } from '@carillon/db';
import { createNewId } from '@carillon/runtime';
import { pollUntil, runSql } from '@carillon/testkit';
import type { sampleIds } from '../../../packages/contracts/src/v1/samples.ts';
import type { InboxWriter } from './inbox-writer.ts';
import { examplePassword } from './people.ts';
import type { Actor, TestApi } from './test-api.ts';

/** Ids of the documents, by what they are of: examples name these, a server has others. */
export type SampleName = Exclude<keyof typeof sampleIds, 'sender' | 'target' | 'attempt'>;

/** Makes in a fresh organization what an example names: each maker answers the id that stands for the sample's. */
export interface ExampleStage {
  admin: Actor;
  make: Record<SampleName, (path: string) => Promise<string>>;
  /** People, templates and the like that examples name by keys of their own. */
  named: Record<string, () => Promise<unknown>>;
  position(): Promise<string>;
  /** Does a worker's part in the test of a channel. */
  answerChannelTest(): Promise<void>;
  /** What Twilio sends with a callback: its body, and its signature under the channel's secret. */
  signCallback(channelId: string): { body: string; headers: Record<string, string> };
}

const newId = createNewId();
const twilio = { account_sid: `AC${'0'.repeat(32)}`, auth_token: 'f'.repeat(32), from: '+15017122661' };
const email = { kind: 'email', address: 'ada@home.example' };
const steps = [{ type: 'notify_by_email' }, { type: 'wait', wait_seconds: 60 }];

export async function setExampleStage(api: TestApi, writer: InboxWriter): Promise<ExampleStage> {
  const organizationId = await api.makeOrganization();
  const admin = await api.makeUser(organizationId, 'admin');

  async function ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) {
    const answer = await api.ask(method, path, { token: admin.token, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  }
  const user = (externalId: string, fields = {}) =>
    ask('POST', '/v1/users', { external_id: externalId, ...fields });
  const template = async (key: string) => {
    const { id } = await ask('POST', '/v1/templates', { key, name: key });
    const variants = [{ title: 'Build {{number}} failed', body: '' }];
    await ask('POST', `/v1/templates/${key}/versions`, { variants });
    await ask('POST', `/v1/templates/${key}/versions/1/publish`);
    return id;
  };
  /** Somebody who has a password, in this organization alone: an address that several have is not clear. */
  async function login(): Promise<void> {
    await runSql(api.databaseUrl, `update users set email = null where email = 'lin@example.com'`, []);
    const { id } = await user('lin', { email: 'lin@example.com' });
    await ask('PUT', `/v1/users/${id}/password`, { password: examplePassword });
  }
  const notification = () => writer.place(admin);

  /** As a worker would have left it: given up, with what it would have sent. */
  async function delivery(): Promise<string> {
    const id = newId();
    await runSql(
      api.databaseUrl,
      `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state, reason,
         attempts_made, message, settled_at)
       values ($1, $2, $3, $4, 'email', $1, 'dead', 'attempts_exhausted', 2, $5, carillon_now())`,
      [id, organizationId, await notification(), admin.id, JSON.stringify({ title: 'Kept', text: 'Kept' })],
    );
    return id;
  }

  async function channel(path: string): Promise<string> {
    // An address is asked for where the example has one; only Twilio and its like call back.
    const kind = path.includes('/inbound/')
      ? { kind: 'sms', settings: { provider: 'twilio', ...twilio } }
      : { kind: 'email' };
    return (await ask('POST', '/v1/channels', { ...kind, name: 'Ops room' })).id;
  }

  async function preference(path: string): Promise<string> {
    if (!path.includes('template-preferences')) {
      return (await ask('PUT', '/v1/users/me/preferences', { category: 'builds', enabled: false })).id;
    }
    await template('deploys');
    return (await ask('PUT', '/v1/users/me/template-preferences', { template: 'deploys', enabled: false }))
      .id;
  }

  return {
    admin,
    make: {
      organization: async () => organizationId,
      user: async () => admin.id,
      contactPoint: async () => (await ask('POST', '/v1/users/external:ada/contact-points', email)).id,
      token: async () => (await ask('POST', '/v1/users/external:ada/tokens', { name: 'phone' })).id,
      trigger: async () =>
        (await ask('POST', '/v1/notifications', { to: [admin.id], title: 'x' })).trigger_id,
      template: () => template('invoice-of-its-id'),
      rule: async () => (await ask('PUT', '/v1/users/me/rules', { steps })).default.rules[0].id,
      refreshToken: async () => {
        await login();
        const given = { email: 'lin@example.com', password: examplePassword };
        return (await ask('POST', '/v1/sessions', given)).refresh_token;
      },
      ...{ notification, delivery, channel, preference },
    },
    named: {
      'external:ada': () => user('ada', { email: 'ada@example.com' }),
      'grace@example.com': () => user('grace', { email: 'grace@example.com' }),
      'build-failed': () => template('build-failed'),
      'lin@example.com': login,
      invoice: () => template('invoice'),
      security: () => ask('PUT', '/v1/categories/security', { name: 'Security' }),
      signature: () => ask('PUT', '/v1/template-parts/partial/signature', { source: 'Yours' }),
      '/v1/web-push/key': () => ask('POST', '/v1/channels', { kind: 'web_push', name: 'Browsers' }),
      'Tr0ub4dor&3': () => ask('PUT', '/v1/users/me/password', { password: 'Tr0ub4dor&3' }),
    },
    position: async () => (await ask('GET', '/v1/inbox/counts')).position,
    async answerChannelTest() {
      const [test] = await pollUntil(async () => {
        const claimed = await claimChannelTests(api.database.db, 1);
        return claimed.length > 0 && claimed;
      });
      if (test === undefined) throw new Error('nothing was claimed');
      await recordChannelTest(api.database.db, test.id, { outcome: 'sent', reason: null, statusCode: 250 });
    },
    signCallback(channelId) {
      const form = new URLSearchParams({ MessageSid: 'SM1', MessageStatus: 'delivered' });
      // The URL, then each field's name and value in the order of names (Twilio, "Validating requests").
      const fields = [...form].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
      const signed = [`http://127.0.0.1:8080/v1/inbound/${channelId}`, ...fields].join('');
      const signature = createHmac('sha1', twilio.auth_token).update(signed).digest('base64');
      const headers = {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': signature,
      };
      return { body: form.toString(), headers };
    },
  };
}
