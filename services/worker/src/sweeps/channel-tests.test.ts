import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adapters, type Adapter } from '@carillon/channels';
import { perKind, type ChannelId, type ExternalKind, type OrganizationId, type UserId } from '@carillon/core';
import {
  connectAs,
  insertChannel,
  insertChannelTest,
  insertOrganization,
  inTransaction,
  loadChannelTestOutcome,
  upsertUser,
  type ConnectedDatabase,
} from '@carillon/db';
import { createNewId, createSealer } from '@carillon/runtime';
import {
  advanceDatabaseClock,
  buildAdapterDeps,
  createTestDatabase,
  runSql,
  silentLog,
  startSmtpSink,
  startWebhookReceiver,
  type SmtpSink,
  type TestDatabase,
  type WebhookReceiver,
} from '@carillon/testkit';
import { runChannelTests } from './channel-tests.ts';

const newId = createNewId();
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const sealer = createSealer({ key: createHash('sha256').update('channel tests').digest() });
const organizationId = newId() as OrganizationId;
const userId = newId() as UserId;

let store: TestDatabase;
let database: ConnectedDatabase;
let receiver: WebhookReceiver;
let mails: SmtpSink;
let made: Record<ExternalKind, Adapter>;

beforeAll(async () => {
  store = await createTestDatabase();
  database = await connectAs({ url: store.url, log: silentLog, name: 'worker', role: 'carillon_system' });
  await inTransaction(database.db, async (db) => {
    await insertOrganization(db, { id: organizationId, slug: 'acme', name: 'Acme', paused: false });
    const profile = { name: 'Ada Lovelace', username: 'ada', email: 'ada@example.org' };
    await upsertUser(db, {
      id: userId,
      organizationId,
      fields: { externalId: 'ada', role: 'admin', ...profile },
    });
  });
});
beforeEach(async () => {
  receiver = await startWebhookReceiver({ secret });
  mails = await startSmtpSink();
  const surroundings = buildAdapterDeps({ smtpUrl: mails.url });
  made = perKind((kind) => adapters[kind](surroundings));
});
afterEach(async () => {
  await Promise.all(Object.values(made).map((adapter) => adapter.stop()));
  await receiver.stop();
  await mails.stop();
});
afterAll(async () => {
  await database.stop();
  await store.stop();
});

/** Sets a channel up and asks for a test of it. */
async function ask(
  kind: ExternalKind,
  settings: Record<string, unknown>,
  options: { secrets?: Record<string, string>; sealed?: string; address?: string } = {},
): Promise<string> {
  const channelId = newId() as ChannelId;
  const place = { organizationId, table: 'channels', rowId: channelId, column: 'secrets' };
  const secrets =
    options.secrets === undefined
      ? (options.sealed ?? null)
      : sealer.seal(JSON.stringify(options.secrets), place);
  const id = newId();
  await inTransaction(database.db, async (db) => {
    await insertChannel(db, { id: channelId, organizationId, kind, name: 'Ops room', settings, secrets });
    const test = { id, organizationId, channelId, requestedBy: userId, address: options.address };
    await insertChannelTest(db, { ...test, withinMs: 9_500 }, 10);
  });
  return id;
}

const run = () =>
  runChannelTests({ db: database.db, sealer, adapters: made, log: silentLog }, new AbortController().signal);
const outcomeOf = (id: string) => loadChannelTestOutcome(database.db, organizationId, id);

describe('runChannelTests', () => {
  it('posts a signed message to a webhook and writes down its status', async () => {
    const id = await ask('webhook', { url: receiver.url }, { secrets: { secret } });
    await run();
    expect(await outcomeOf(id)).toEqual({ outcome: 'sent', reason: null, statusCode: 204 });
    expect(receiver.arrivals).toHaveLength(1);
    expect(receiver.arrivals[0]).toMatchObject({ id, verified: true });
    expect(receiver.arrivals[0]?.body).toContain('Test of the channel');
  });

  it("posts in Coder's form where the channel does, as told to who asked for it", async () => {
    const id = await ask('webhook', { url: receiver.url, format: 'coder' }, { secrets: { secret } });
    await run();
    expect(await outcomeOf(id)).toEqual({ outcome: 'sent', reason: null, statusCode: 204 });
    expect(receiver.arrivals[0]).toMatchObject({ verified: true, headers: { 'x-message-id': id } });
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toMatchObject({
      ...{ _version: '1.1', msg_id: id, title: 'Test of the channel "Ops room"' },
      payload: {
        ...{ notification_name: 'channel_test', user_id: userId, user_email: 'ada@example.org' },
        ...{
          user_name: 'Ada Lovelace',
          user_username: 'ada',
          actions: [],
          labels: {},
          data: null,
          targets: [],
        },
      },
    });
  });

  it('mails to the address that was asked for, and forgets it', async () => {
    await runSql(store.url, `update organizations set mail_from = 'Acme <acme@example.org>'`);
    const id = await ask('email', {}, { address: 'ada@example.org' });
    await run();
    expect((await outcomeOf(id))?.outcome).toBe('sent');
    expect(mails.mails[0]?.envelope).toEqual({ from: 'acme@example.org', to: ['ada@example.org'] });
    const rows = await runSql(store.url, 'select address, state from channel_tests where id = $1', [id]);
    expect(rows).toEqual([{ address: null, state: 'done' }]);
  });

  it('writes down what a target said that did not take it, and tries no second time', async () => {
    receiver.answerWith({ type: 'status', status: 500 });
    const id = await ask('webhook', { url: receiver.url }, { secrets: { secret } });
    await run();
    await run();
    expect(await outcomeOf(id)).toMatchObject({ outcome: 'retry', statusCode: 500 });
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('begins no test that nobody waits for any more', async () => {
    const id = await ask('webhook', { url: receiver.url }, { secrets: { secret } });
    await advanceDatabaseClock(store, 9_600);
    await run();
    expect(await outcomeOf(id)).toBeUndefined();
    expect(receiver.accepts).toBe(0);
  });

  it('says that nothing could be sent when the secret cannot be opened', async () => {
    const elsewhere = { organizationId, table: 'channels', rowId: newId(), column: 'secrets' };
    const id = await ask('webhook', { url: receiver.url }, { sealed: sealer.seal('{}', elsewhere) });
    await run();
    expect((await outcomeOf(id))?.reason).toBe('the test could not be sent; the log of the worker says why');
  });

  it('lets two workers at once send each test once', async () => {
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => ask('webhook', { url: receiver.url }, { secrets: { secret } })),
    );
    await Promise.all([run(), run()]);
    expect(receiver.arrivals).toHaveLength(ids.length);
    expect(new Set(receiver.arrivals.map((one) => one.id))).toEqual(new Set(ids));
  });
});
