import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { renderReady, type StackFacts } from './screen.ts';

const facts: StackFacts = {
  apiUrl: 'http://127.0.0.1:8080',
  dataDir: '/srv/carillon/.carillon',
  logDir: '/srv/carillon/.carillon/logs',
  operatorToken: 'OPERATOR00-000000000000000000000000000000000',
  demoToken: 'DEMOUSER00-000000000000000000000000000000000',
  mailDir: '/srv/carillon/.carillon/mail',
  postgres: { origin: 'embedded', port: 40001 },
  redis: { origin: 'embedded', port: 40002 },
  workers: 1,
};

describe('the screen of a running stack', () => {
  it('shows URLs, tokens, where mails go, and lines to paste', () => {
    const golden = readFileSync(new URL('golden/ready.txt', import.meta.url), 'utf8');
    expect(renderReady(facts)).toBe(golden);
  });

  it('says which servers are not its own, and has no demo user in production', () => {
    const screen = renderReady({
      ...facts,
      demoToken: undefined,
      mailDir: undefined,
      postgres: { origin: 'DATABASE_URL' },
      redis: { origin: 'REDIS_URL' },
    });
    expect(screen).toMatch(/PostgreSQL +from DATABASE_URL\n/);
    expect(screen).toMatch(/Redis +from REDIS_URL\n/);
    expect(screen).toMatch(/Mails +go to SMTP_URL\n/);
    expect(screen).not.toContain('demo');
    expect(screen).not.toContain('curl');
  });

  it('quotes what it sends so that a shell passes it on unchanged', () => {
    const body = /-d '([^']*)'/.exec(renderReady(facts))?.[1] ?? '';
    expect(JSON.parse(body)).toEqual({ to: ['external:demo'], title: 'Hello', body: 'It works.' });
  });
});
