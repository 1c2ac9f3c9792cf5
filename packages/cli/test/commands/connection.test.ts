import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runSql } from '@carillon/testkit';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestApi, type Actor, type TestApi } from '../../../../services/api/test/test-api.ts';
import { processStart } from '../../src/local/processes.ts';
import { makeDir, runCommand, type Ran } from './run-command.ts';

let api: TestApi;
let admin: Actor;
let homeDir: string;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
});
afterAll(() => api.stop());
beforeEach(() => {
  homeDir = makeDir();
});

const file = (): string => join(homeDir, '.config', 'carillon', 'config.json');
const carillon = (args: string[], environment: Record<string, string> = {}, input = ''): Promise<Ran> =>
  runCommand(args, { homeDir, environment, input });
const whoami = async (args: string[] = [], environment: Record<string, string> = {}) => {
  const { stdout, stderr, exitCode } = await carillon(['--json', ...args, 'whoami'], environment);
  return exitCode === 0 ? JSON.parse(stdout) : { exitCode, ...JSON.parse(stderr).error };
};

/** What `npm start` leaves in its data directory while it runs: this process stands for the API. */
function writeLocalStack(dir: string): void {
  const port = Number(new URL(api.url).port);
  const processes = [{ name: 'API', pid: process.pid, start: processStart(process.pid), port }];
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ processes }));
  writeFileSync(join(dir, 'operator-token'), `${admin.token}\n`);
}

describe('a login', () => {
  it('reads the token from standard input, tries it, and keeps it for its owner alone', async () => {
    const ran = await carillon(['login', `${api.url}/`], {}, `${admin.token}\n`);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Logged in to ${api.url} as`) });
    expect(ran.stdout).not.toContain(admin.token);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await whoami()).toMatchObject({ url: api.url, source: 'login', role: 'admin', user_id: admin.id });

    await carillon(['logout']);
    expect(await whoami()).toMatchObject({ exitCode: 2 });
  });

  it('by a password makes a token of its own, and leaves neither the password nor a session behind', async () => {
    const password = 'correct horse battery staple';
    const email = 'admin@example.com';
    const { token } = admin;
    await api.ask('PATCH', `/v1/users/${admin.id}`, { token, body: { email } });
    await api.ask('PUT', '/v1/users/me/password', { token, body: { password } });
    const wrong = await carillon(['login', api.url, '--email', email], {}, 'wrong password\n');
    expect(wrong.exitCode).toBe(4);
    const ran = await carillon(['login', api.url, '--email', email], {}, `${password}\n`);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const kept = JSON.parse(readFileSync(file(), 'utf8'));
    expect(Object.keys(kept)).toEqual(['url', 'token']);
    expect(kept.token).toMatch(/^\w{10}-\w{33}$/);
    const { body } = await api.ask('GET', '/v1/users/me/tokens', { token });
    expect(body.data.at(-1)).toMatchObject({
      name: expect.stringMatching(/^carillon on /),
      revoked_at: null,
    });
    expect(await runSql(api.databaseUrl, 'select 1 from sessions where revoked_at is null')).toEqual([]);
  });

  it('keeps nothing that does not work', async () => {
    expect((await carillon(['login', api.url], {}, 'wrong\n')).exitCode).toBe(4);
    expect((await carillon(['login', api.url], {}, '\n')).exitCode).toBe(2);
    expect(() => statSync(file())).toThrow('ENOENT');
  });

  it('says what is wrong with a file that is none of its own', async () => {
    mkdirSync(join(homeDir, '.config', 'carillon'), { recursive: true });
    writeFileSync(file(), '{"url": 1}');
    expect(await whoami()).toMatchObject({ exitCode: 2, message: expect.stringContaining(file()) });
  });

  it('of an operator who is no user is told apart', async () => {
    const token = await api.makeOperator();
    expect(await whoami(['--url', api.url, '--token', token])).toMatchObject({
      role: 'operator',
      user_id: null,
    });
  });
});

describe('which API is called', () => {
  it('is what the options say, then the environment, then a login, then the local stack', async () => {
    writeLocalStack(join(homeDir, '.carillon'));
    expect(await whoami()).toMatchObject({ source: 'local stack', user_id: admin.id });
    await carillon(['login', api.url], {}, admin.token);
    expect(await whoami()).toMatchObject({ source: 'login' });
    const environment = { CARILLON_URL: api.url, CARILLON_TOKEN: admin.token };
    expect(await whoami([], environment)).toMatchObject({ source: 'environment' });
    expect(await whoami(['--url', api.url], environment)).toMatchObject({ source: 'option' });
  });

  it('finds the local stack of another data directory, and takes a token from a file', async () => {
    const dir = makeDir();
    writeLocalStack(dir);
    expect(await whoami([], { CARILLON_DATA_DIR: dir })).toMatchObject({ source: 'local stack' });
    const environment = { CARILLON_URL: api.url, CARILLON_TOKEN_FILE: join(dir, 'operator-token') };
    expect(await whoami([], environment)).toMatchObject({ role: 'admin' });
    expect(await whoami([], { ...environment, CARILLON_TOKEN_FILE: join(dir, 'nothing') })).toMatchObject({
      exitCode: 2,
    });
  });

  it('gets a kept token only if it is the one that it was kept for', async () => {
    writeLocalStack(join(homeDir, '.carillon'));
    await carillon(['login', api.url], {}, admin.token);
    expect(await whoami(['--url', api.url])).toMatchObject({ user_id: admin.id });
    const other = api.url.replace('127.0.0.1', 'localhost');
    expect(await whoami(['--url', other])).toMatchObject({ exitCode: 4, code: 'cli.no_token' });
  });

  it('is not a local stack whose process is gone', async () => {
    const dir = join(homeDir, '.carillon');
    writeLocalStack(dir);
    writeFileSync(
      join(dir, 'run.json'),
      JSON.stringify({ processes: [{ name: 'API', pid: process.pid, start: 'another', port: 1 }] }),
    );
    expect(await whoami()).toMatchObject({ exitCode: 2, code: 'cli.usage' });
  });
});
