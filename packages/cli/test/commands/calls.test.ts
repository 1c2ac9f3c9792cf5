import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNewId } from '@carillon/runtime';
import { runSql } from '@carillon/testkit';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestApi, type Actor, type TestApi } from '../../../../services/api/test/test-api.ts';
import { makeDir, parseLines, runCommand, type Ran, type RunOptions } from './run-command.ts';

let api: TestApi;
let admin: Actor;
let member: Actor;

beforeAll(async () => {
  api = await startTestApi();
  const organizationId = await api.makeOrganization();
  admin = await api.makeUser(organizationId, 'admin');
  member = await api.makeUser(organizationId, 'member');
});
afterAll(() => api.stop());

const carillonAs = (token: string, args: string[], options: RunOptions = {}): Promise<Ran> =>
  runCommand(args, { environment: { CARILLON_URL: api.url, CARILLON_TOKEN: token }, ...options });
const carillon = (args: string[], options?: RunOptions): Promise<Ran> =>
  carillonAs(admin.token, args, options);
/** The documents of a command that went well. */
async function json<T = Record<string, never>>(...args: string[]): Promise<T[]> {
  const ran = await carillon(['--json', ...args]);
  if (ran.exitCode !== 0) throw new Error(`${args.join(' ')}: ${ran.exitCode} ${ran.stderr}`);
  return parseLines<T>(ran.stdout);
}
const errorOf = ({ stderr }: Ran) => JSON.parse(stderr).error;

describe('sending', () => {
  it('sends to people who are named in several ways, and says where to ask about it', async () => {
    const ran = await carillon([
      'send',
      '--to',
      `${admin.id},${member.id}`,
      'Backup done',
      '**12** databases',
    ]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout.match(/^Accepted \S+ for \S+$/gm)).toHaveLength(2);
    expect(ran.stderr).toContain('carillon explain ');
  });

  it('says all that the API takes, with the body from standard input', async () => {
    const options = ['--category', 'builds', '--link', '/b/7', '--urgent', '--data', '{"number":7}'];
    const times = ['--send-at', '+2h', '--expires-at', '2030-01-01T00:00+01:00', '--channels', 'inbox,email'];
    const ran = await carillon(['--json', 'send', '--to', member.id, ...options, ...times, 'Build', '-'], {
      ...{ environment: { CARILLON_URL: api.url, CARILLON_TOKEN: admin.token }, input: 'two\nlines\n' },
    });
    const [accepted] = parseLines<{ notifications: { id: string }[] }>(ran.stdout);
    const sent = await api.ask('GET', `/v1/notifications/${accepted?.notifications[0]?.id}`, {
      token: admin.token,
    });
    expect(sent.body).toMatchObject({
      ...{ title: 'Build', body: 'two\nlines', category: 'builds', url: '/b/7', urgent: true },
      ...{ data: { number: 7 }, channels: ['inbox', 'email'], expires_at: '2029-12-31T23:00:00.000Z' },
    });
  });

  it('makes nothing twice with the same key', async () => {
    const args = ['send', '--to', member.id, '--key', 'once', 'Once'];
    expect(await json(...args)).toEqual(await json(...args));
  });

  it('sends a file in as few calls as it needs, and tells of each line that was refused', async () => {
    const file = join(makeDir(), 'many.jsonl');
    const lines = Array.from({ length: 503 }, (_, index) =>
      JSON.stringify({ to: [index === 501 ? 'external:nobody' : member.id], title: `Many ${index}` }),
    );
    writeFileSync(file, lines.join('\n'));
    const ran = await carillon(['--json', 'send', '--file', file]);
    expect(ran.exitCode).toBe(1);
    expect(errorOf(ran)).toMatchObject({ code: 'cli.partly_refused' });
    const rows = parseLines(ran.stdout);
    expect(rows.filter(({ status }) => status === 'accepted')).toHaveLength(502);
    expect(rows[501]).toMatchObject({ line: 502, status: 'refused', code: 'recipient.unknown' });
    const inWords = await carillon(['send', '--file', file]);
    expect(inWords.stderr).toMatch(/^Line 502: .*\/to\/0 .*nobody/m);
  });

  it('notifies who calls', async () => {
    const ran = await carillonAs(member.token, ['--json', 'notify', 'Build ended', 'with status 0']);
    const [accepted] = parseLines<{ id: string }>(ran.stdout);
    const sent = await api.ask('GET', `/v1/notifications/${accepted?.id}`, { token: admin.token });
    expect(sent.body).toMatchObject({ title: 'Build ended', body: 'with status 0', recipient_id: member.id });
  });
});

describe('asking', () => {
  it('explains a notification in sentences', async () => {
    const [accepted] = await json<{ notifications: { id: string }[] }>('send', '--to', member.id, 'Asked');
    const id = accepted?.notifications[0]?.id ?? '';
    const { stdout } = await carillon(['explain', id]);
    expect(stdout).toMatch(/^Accepted at /);
    expect((await json('explain', id))[0]).toMatchObject({ notification_id: id, recipient_id: member.id });
  });

  it('tells what would happen at an instant, and writes nothing', async () => {
    const count = 'select count(*)::int as count from notifications';
    const before = await runSql(api.databaseUrl, count);
    const args = ['simulate', '--to', member.id, '--at', '2026-12-06T03:00+01:00', 'Disk is filling up'];
    const { stdout, exitCode } = await carillon(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Inbox: placed in the recipient's inbox.");
    expect(stdout).toContain('│ Disk is filling up');
    expect((await json(...args))[0]).toMatchObject({ at: '2026-12-06T02:00:00.000Z' });
    expect(await runSql(api.databaseUrl, count)).toEqual(before);
  });
});

describe('deliveries and dead letters', () => {
  let dead: string;

  beforeAll(async () => {
    const [accepted] = await json<{ notifications: { id: string }[] }>('send', '--to', member.id, 'Dead');
    dead = createNewId()();
    await runSql(
      api.databaseUrl,
      `insert into deliveries (id, organization_id, notification_id, recipient_id, kind, channel_id, state, reason,
         attempts_made, message, settled_at)
       values ($1, $2, $3, $4, 'email', $1, 'dead', 'attempts_exhausted', 2, '{"title": "kept"}', carillon_now())`,
      [dead, admin.organizationId, accepted?.notifications[0]?.id, member.id],
    );
    await runSql(
      api.databaseUrl,
      `insert into attempts (delivery_id, number, organization_id, started_at, outcome, reason, status_code)
       values ($1, 2, $2, carillon_now(), 'retry', $3, 503)`,
      [dead, admin.organizationId, 'busy\u001b[31m, \u202ecome again'],
    );
  });

  it('lists deliveries, and shows one with its tries', async () => {
    expect(await json('deliveries', '--state', 'dead')).toMatchObject([{ id: dead, kind: 'email' }]);
    const { stdout } = await carillon(['deliveries', 'show', dead]);
    expect(stdout).toMatch(/^state +dead$/m);
    expect(stdout).toMatch(/ 503 /);
  });

  it('lets nothing through that a terminal would obey', async () => {
    const { stdout } = await carillon(['dead-letters', 'list']);
    expect(stdout).toContain('503 busy[31m, come again');
    for (const sign of ['\u001b', '\u202e']) expect(stdout).not.toContain(sign);
  });

  it('counts what a replay would send, and asks before it does', async () => {
    const replay = ['dead-letters', 'replay', '--kind', 'email'];
    expect(await json(...replay, '--dry-run')).toMatchObject([{ matched: 1, replayed: 1 }]);
    const unasked = await carillon(replay);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('add --yes') });
    expect(await json('dead-letters')).toHaveLength(1);

    const { stdout } = await carillon([...replay, '--yes']);
    expect(stdout).toBe('1 of 1 sent again\n');
    expect(await json('dead-letters')).toEqual([]);
  });

  it.each([
    { name: 'nothing', args: [] },
    { name: 'ids and a filter', args: ['01981c5e-8f00-7000-8000-0000000000ff', '--kind', 'email'] },
    { name: 'a filter and everything', args: ['--everything', '--kind', 'email'] },
  ])('replays nothing when $name is named', async ({ args }) => {
    expect(await carillon(['dead-letters', 'replay', '--yes', ...args])).toMatchObject({
      ...{ exitCode: 2, stderr: expect.stringContaining('exactly one of them') },
    });
  });
});

describe('pausing', () => {
  beforeAll(async () => {
    const body = { kind: 'email', name: 'Mail' };
    await api.ask('POST', '/v1/channels', { token: admin.token, body });
    const template = { key: 'build-failed', name: 'Build failed' };
    await api.ask('POST', '/v1/templates', { token: admin.token, body: template });
  });

  it('pauses and resumes the organization, a kind, a channel and a template, and shows what is paused', async () => {
    for (const what of [
      [],
      ['kind', 'sms'],
      ['kind', 'email'],
      ['channel', 'Mail'],
      ['template', 'build-failed'],
    ]) {
      expect(await carillon(['pause', ...what])).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect((await json('paused'))[0]).toMatchObject({
      ...{ organization: true, kinds: ['sms', 'email'], channels: [{ name: 'Mail' }] },
      templates: [{ key: 'build-failed' }],
    });
    await carillon(['resume', 'kind', 'sms']);
    expect((await carillon(['paused'])).stdout).toMatch(
      /^The organization, since .*\nThe kind email\nThe channel "Mail", since .*\nThe template build-failed, since/,
    );
    for (const what of [[], ['kind', 'email'], ['channel', 'email'], ['template', 'build-failed']]) {
      await carillon(['resume', ...what]);
    }
    expect((await carillon(['paused'])).stdout).toBe('Nothing is paused\n');
  });

  it('names the channels that there are when one is asked for that is not', async () => {
    const ran = await carillon(['pause', 'channel', 'Pigeons']);
    expect(ran).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('There are "Mail".') });
  });

  it('refuses a kind that does not exist, with what the API says', async () => {
    expect((await carillon(['pause', 'kind', 'pigeon'])).exitCode).toBe(4);
    expect((await carillon(['pause', 'pigeon'])).exitCode).toBe(2);
  });
});

describe('users and tokens', () => {
  it('writes, lists, shows and deletes a user', async () => {
    const fields = ['--email', 'ada@example.com', '--name', 'Ada', '--zone', 'Europe/London'];
    expect((await carillon(['users', 'set', 'ada', ...fields])).stdout).toMatch(/^e-mail +ada@example.com$/m);
    expect(await json('users', '--external-id', 'ada')).toMatchObject([{ name: 'Ada', role: 'member' }]);
    expect(await json('users', 'show', 'external:ada')).toMatchObject([
      { zone: 'Europe/London', contact_points: [{ kind: 'email', address: 'ada@example.com' }] },
    ]);
    expect((await carillon(['users', 'delete', 'external:ada'])).exitCode).toBe(2);
    expect((await carillon(['users', 'delete', 'external:ada', '--yes'])).exitCode).toBe(0);
    expect(await carillon(['--json', 'users', 'show', 'external:ada'])).toMatchObject({ exitCode: 3 });
  });

  it('imports users from standard input, and tells of those that were refused', async () => {
    const users = [
      { external_id: 'grace', name: 'Grace' },
      { external_id: 'linus', zone: 'Nowhere/Else' },
    ];
    const input = JSON.stringify(users);
    const environment = { CARILLON_URL: api.url, CARILLON_TOKEN: admin.token };
    const ran = await carillon(['users', 'import', '-'], { environment, input });
    expect(ran.exitCode).toBe(4);
    users.pop();
    const whole = await carillon(['--json', 'users', 'import', '-'], {
      environment,
      input: JSON.stringify(users),
    });
    expect(parseLines(whole.stdout)).toMatchObject([{ line: 1, status: 'created', external_id: 'grace' }]);
  });

  it('makes a token that works, lists it without itself, and revokes it', async () => {
    const args = [
      'tokens',
      'create',
      member.id,
      '--name',
      'phone',
      '--expires-in',
      '30d',
      '--scopes',
      'inbox',
    ];
    const made = await carillon(args);
    const token = made.stdout.trim();
    expect(token).toMatch(/^\w{10}-\w{33}$/);
    expect(made.stderr).toContain('shown only here');
    expect((await carillonAs(token, ['whoami'])).stdout).toMatch(/^role +member$/m);

    const listed = await json<{ id: string; name: string }>('tokens', 'list', member.id);
    const phone = listed.find(({ name }) => name === 'phone');
    expect(JSON.stringify(listed)).not.toContain(token);
    await json('tokens', 'revoke', member.id, phone?.id ?? '');
    const [after] = (await json<{ name: string; revoked_at: string }>('tokens', 'list', member.id)).filter(
      ({ name }) => name === 'phone',
    );
    expect(after?.revoked_at).toEqual(expect.any(String));
  });
});

describe('what goes wrong', () => {
  it.each([
    {
      name: 'what does not exist',
      exitCode: 3,
      code: 'notification.not_found',
      args: ['explain', createNewId()()],
    },
    {
      name: 'what the API refuses',
      exitCode: 4,
      code: 'recipient.unknown',
      args: ['send', '--to', 'external:x', 'a'],
    },
  ])('ends with $exitCode for $name, and says it in words and in JSON', async ({ args, exitCode, code }) => {
    const asJson = await carillon(['--json', ...args]);
    expect(asJson).toMatchObject({ exitCode, stdout: '' });
    expect(errorOf(asJson)).toMatchObject({ code, exit_code: exitCode, request_id: expect.any(String) });
    const inWords = await carillon(args);
    expect(inWords.stderr).toMatch(new RegExp(`^carillon: .+\\n[^]*${code}, request `));
  });

  it('ends with 4 for a token that is not taken, and 5 where nobody answers', async () => {
    expect(await carillonAs('wrong', ['deliveries'])).toMatchObject({ exitCode: 4 });
    const environment = { CARILLON_URL: 'http://127.0.0.1:9', CARILLON_TOKEN: 'x' };
    const away = await carillon(['deliveries', '--timeout', '0.2'], { environment });
    expect(away).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('carillon doctor') });
  });
});
