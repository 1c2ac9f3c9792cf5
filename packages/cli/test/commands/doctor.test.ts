import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSmtpSink, testRedisUrl, type SmtpSink } from '@carillon/testkit';
import { moveClock } from '@carillon/db';
import { startTestApi, type Actor, type TestApi } from '../../../../services/api/test/test-api.ts';
import { runCommand } from './run-command.ts';

let api: TestApi;
let admin: Actor;
let smtp: SmtpSink;

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.makeUser(await api.makeOrganization(), 'admin');
  smtp = await startSmtpSink();
});
afterAll(async () => {
  await smtp.stop();
  await api.stop();
});

interface Report {
  status: string;
  checks: { check: string; status: string; detail: string }[];
}

async function examine(environment: Record<string, string> = {}): Promise<Report & { exitCode: number }> {
  const { stdout, exitCode } = await runCommand(['--json', 'doctor'], {
    environment: {
      ...{ CARILLON_URL: api.url, CARILLON_TOKEN: admin.token },
      ...{ DATABASE_URL: api.databaseUrl, REDIS_URL: testRedisUrl(), SMTP_URL: smtp.url },
      ...environment,
    },
  });
  const report: Report = JSON.parse(stdout);
  return { ...report, exitCode };
}
const statusOf = ({ checks }: Report, check: string) => checks.find((one) => one.check === check)?.status;

describe('carillon doctor', () => {
  it('looks at everything, and fails where no worker takes work and data are not kept', async () => {
    const report = await examine();
    expect(report).toMatchObject({ exitCode: 1, status: 'failed' });
    // The server of the tests throws its data away, and says so.
    expect(report.checks.filter(({ status }) => status === 'failed')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'PostgreSQL', detail: expect.stringContaining('fsync is off') }),
        expect.objectContaining({ check: 'Workers', detail: 'none takes work' }),
      ]),
    );
    for (const check of ['Settings', 'Migrations', 'SMTP', 'API']) {
      expect([check, statusOf(report, check)]).toEqual([check, 'ok']);
    }
    expect(report.checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['Redis', 'Clocks']));
  });

  it('tells what is away and what is wrong, each with what to do, and goes on with the rest', async () => {
    const report = await examine({
      ...{ DATABASE_URL: 'postgres://x:secret-word@127.0.0.1:9/x', REDIS_URL: 'redis://127.0.0.1:9' },
      ...{ SMTP_URL: 'smtp://127.0.0.1:9', CARILLON_TOKEN: 'wrong' },
    });
    expect(report.exitCode).toBe(1);
    for (const check of ['PostgreSQL', 'Redis', 'SMTP', 'API']) {
      expect([check, statusOf(report, check)]).toEqual([check, 'failed']);
    }
    expect(JSON.stringify(report)).not.toContain('secret-word');
    expect(statusOf(await examine({ CARILLON_LEASE_MS: 'long' }), 'Settings')).toBe('failed');
  });

  it('says what could not be looked at from here, and that this is no failure', async () => {
    const { stdout, exitCode } = await runCommand(['doctor']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^– PostgreSQL: DATABASE_URL is not set here$/m);
    expect(stdout).toMatch(/^– API: No Carillon is known here/m);
  });

  it('sees a database whose clock is wrong by an hour', async () => {
    await moveClock(api.database.db, 3_600_000);
    const { checks } = await examine();
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'Clocks', detail: 'PostgreSQL is 60 min ahead of this machine' }),
    );
  });
});
