import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.ts';
import type { Environment } from './environment.ts';
import { loadConfig } from './load.ts';
import { dialectNames } from './settings.ts';

const key = Buffer.alloc(32, 7);
const production: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://carillon:pw@db/carillon',
  REDIS_URL: 'rediss://redis:6380/1',
  CARILLON_SECRET_KEY: key.toString('base64'),
};

/** The problems by setting; the empty object when the settings are fine. */
function problemsOf(environment: Environment, files: Record<string, string> = {}): Record<string, string> {
  const readFile = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return content;
  };
  try {
    loadConfig(environment, { readFile });
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]));
  }
}

describe('settings that are left out', () => {
  it('take their documented defaults', () => {
    expect(loadConfig({})).toEqual({
      ...{ production: false, port: 8080, host: '127.0.0.1' },
      publicUrl: 'http://127.0.0.1:8080',
      dataDir: './.carillon',
      adminToken: undefined,
      secretKey: undefined,
      previousSecretKeys: [],
      workers: 1,
      allowedOrigins: ['*'],
      egressAllow: [],
      delivery: { mode: 'live', allow: [] },
      localDownload: 'auto',
      startPaused: false,
      dialects: dialectNames,
      passwordCost: 15,
      jwt: undefined,
      trustedProxies: [],
      metricsPort: 9465,
      ...{ smtpUrl: undefined, caughtMailsDir: undefined, databaseUrl: undefined, redisUrl: undefined },
      mailFrom: 'Carillon <carillon@localhost>',
      logLevel: 'info',
      leaseMs: 20_000,
      dispatchTimeoutMs: 15_000,
      drainMs: 20_000,
    });
  });

  it('counts an empty variable as left out', () => {
    expect(loadConfig({ PORT: '', CARILLON_ADMIN_TOKEN: ' ' })).toEqual(loadConfig({}));
  });

  it('lets no foreign origin in when in production', () => {
    expect(loadConfig(production)).toMatchObject({
      production: true,
      allowedOrigins: [],
      secretKey: new Uint8Array(key),
    });
  });

  it('names each one that production does not guess', () => {
    expect(Object.keys(problemsOf({ NODE_ENV: 'production' }))).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'CARILLON_SECRET_KEY',
    ]);
  });
});

describe('the public URL', () => {
  it.each([
    { name: 'follows host and port', environment: { HOST: 'box', PORT: '81' }, expected: 'http://box:81' },
    { name: 'brackets an IPv6 host', environment: { HOST: '::1' }, expected: 'http://[::1]:8080' },
    {
      name: 'is localhost for an all-addresses host',
      environment: { HOST: '0.0.0.0' },
      expected: 'http://localhost:8080',
    },
    {
      name: 'loses its last slash',
      environment: { CARILLON_PUBLIC_URL: 'https://a.example/c/' },
      expected: 'https://a.example/c',
    },
  ])('$name', ({ environment, expected }) => {
    expect(loadConfig(environment).publicUrl).toBe(expected);
  });
});

describe('conversion', () => {
  it('reads numbers, flags, lists and words', () => {
    const config = loadConfig({
      PORT: '0',
      CARILLON_WORKERS: ' 4 ',
      CARILLON_START_PAUSED: 'TRUE',
      CARILLON_DELIVERY: 'allowlist',
      CARILLON_DELIVERY_ALLOW: 'ada@example.org, @example.com,webhook:hooks.example.org,ntfy:*',
      CARILLON_LOCAL_DOWNLOAD: 'never',
      LOG_LEVEL: 'debug',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1,',
      CARILLON_EGRESS_ALLOW: '192.168.0.0/16,mail.internal:25,[fd00::1]:443',
      CARILLON_ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:5173',
      CARILLON_SECRET_KEY: key.toString('hex'),
      CARILLON_SECRET_KEY_PREVIOUS: `${key.toString('base64')},${key.toString('base64url')}`,
    });
    expect(config).toMatchObject({
      port: 0,
      workers: 4,
      startPaused: true,
      localDownload: 'never',
      delivery: {
        mode: 'allowlist',
        allow: ['ada@example.org', '@example.com', 'webhook:hooks.example.org', 'ntfy:*'],
      },
      logLevel: 'debug',
      trustedProxies: ['10.0.0.0/8', '::1'],
      egressAllow: ['192.168.0.0/16', 'mail.internal:25', '[fd00::1]:443'],
      allowedOrigins: ['https://app.example.com', 'http://localhost:5173'],
      secretKey: new Uint8Array(key),
      previousSecretKeys: [new Uint8Array(key), new Uint8Array(key)],
    });
  });
});

describe('a wrong value is refused with what would be right', () => {
  const long = 'x'.repeat(32);
  it.each<{ setting: string; value: string; expects: RegExp }>([
    { setting: 'PORT', value: '80a', expects: /"80a".*whole number from 0 to 65535/ },
    { setting: 'PORT', value: '65536', expects: /65535/ },
    { setting: 'PORT', value: '8.5', expects: /whole number/ },
    { setting: 'HOST', value: 'a b', expects: /host name/ },
    { setting: 'HOST', value: '300.1.1.1', expects: /host name/ },
    { setting: 'CARILLON_PUBLIC_URL', value: 'example.com', expects: /http or https URL/ },
    { setting: 'CARILLON_PUBLIC_URL', value: 'https://a.example/?x=1', expects: /without credentials/ },
    { setting: 'CARILLON_WORKERS', value: '65', expects: /from 1 to 64/ },
    { setting: 'CARILLON_WORKERS', value: '0', expects: /from 1 to 64/ },
    { setting: 'CARILLON_START_PAUSED', value: 'maybe', expects: /true or false/ },
    { setting: 'CARILLON_DELIVERY', value: 'off', expects: /live, capture or allowlist/ },
    { setting: 'CARILLON_DELIVERY_ALLOW', value: 'ada@example.org,*', expects: /kind:\* for a whole kind/ },
    { setting: 'CARILLON_DELIVERY_ALLOW', value: '@not a domain', expects: /mail domains/ },
    { setting: 'CARILLON_LOCAL_DOWNLOAD', value: 'ask', expects: /auto or never/ },
    { setting: 'LOG_LEVEL', value: 'loud', expects: /debug, info, warn or error/ },
    { setting: 'CARILLON_ALLOWED_ORIGINS', value: 'https://a.example/', expects: /origins/ },
    { setting: 'CARILLON_EGRESS_ALLOW', value: '10.0.0.1', expects: /10\.0\.0\.5\/32/ },
    { setting: 'CARILLON_EGRESS_ALLOW', value: 'mail:99999', expects: /host:port/ },
    { setting: 'CARILLON_EGRESS_ALLOW', value: '10.0.0.0/8,::/129', expects: /address ranges/ },
    { setting: 'TRUSTED_PROXIES', value: 'proxy.example', expects: /addresses or address ranges/ },
    { setting: 'MAIL_FROM', value: 'Carillon', expects: /name@host/ },
    { setting: 'CARILLON_JWT_ORGANIZATION', value: 'Big Co', expects: /slug/ },
    { setting: 'CARILLON_ADMIN_TOKEN', value: `${long}-short`, expects: /not shown.*10 letters or digits/ },
    { setting: 'CARILLON_SECRET_KEY', value: 'c2hvcnQ=', expects: /not shown.*32 random bytes/ },
    { setting: 'CARILLON_SECRET_KEY', value: `${key.toString('base64')}!`, expects: /32 random bytes/ },
    { setting: 'CARILLON_SECRET_KEY_PREVIOUS', value: `${key.toString('hex')},x`, expects: /32 bytes/ },
    { setting: 'DATABASE_URL', value: 'mysql://db', expects: /postgres:\/\// },
    { setting: 'REDIS_URL', value: 'localhost:6379', expects: /redis:\/\// },
    { setting: 'SMTP_URL', value: 'https://mail', expects: /smtp:\/\// },
    { setting: 'CARILLON_JWT_SECRET', value: 'short', expects: /at least 32/ },
    { setting: 'CARILLON_DRAIN_MS', value: '25000', expects: /22000/ },
  ])('$setting=$value', ({ setting, value, expects }) => {
    const problems = problemsOf({ [setting]: value });
    expect(Object.keys(problems)).toEqual([setting]);
    expect(problems[setting]).toMatch(expects);
  });

  it('reports all of them at once, with misspelt names and contradictions', () => {
    const problems = problemsOf({
      ...production,
      PORT: 'x',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'nowhere',
      CARILLON_ALOWED_ORIGINS: 'https://a.example',
      CARILLON_DISPATCH_TIMEOUT_MS: '18000',
      CARILLON_ADMIN_TOKEN_FILE: '/missing',
    });
    expect(Object.keys(problems).toSorted()).toEqual([
      'CARILLON_ADMIN_TOKEN',
      'CARILLON_ALOWED_ORIGINS',
      'CARILLON_DISPATCH_TIMEOUT_MS',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
    ]);
  });

  it('never shows the value of a secret', () => {
    const secret = 'hunter2-hunter2';
    const names = [
      'DATABASE_URL',
      'REDIS_URL',
      'SMTP_URL',
      'CARILLON_SECRET_KEY',
      'CARILLON_SECRET_KEY_PREVIOUS',
    ];
    const more = ['CARILLON_ADMIN_TOKEN', 'CARILLON_JWT_SECRET'];
    const problems = problemsOf(Object.fromEntries([...names, ...more].map((name) => [name, secret])));
    expect(Object.keys(problems)).toHaveLength(names.length + more.length);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });
});

describe('variables that are no settings', () => {
  it('refuses one that looks like ours and says which was meant', () => {
    expect(problemsOf({ CARILLON_SECRETKEY: 'x' })).toEqual({
      CARILLON_SECRETKEY: expect.stringContaining('did you mean CARILLON_SECRET_KEY?'),
    });
    expect(problemsOf({ CARILLON_QUITE_DIFFERENT_THING: 'x' })).toEqual({
      CARILLON_QUITE_DIFFERENT_THING: expect.stringContaining('remove it'),
    });
  });

  it('leaves those of others and of tests alone', () => {
    expect(
      problemsOf({
        PATH: '/bin',
        CARILLON_FAULT: 'claimed@1',
        CARILLON_TEST_SEED: '7',
        CARILLON_TESTS: 'all',
      }),
    ).toEqual({});
  });

  it('offers no file for a setting that is no secret', () => {
    expect(Object.keys(problemsOf({ CARILLON_WORKERS_FILE: '/x' }))).toEqual(['CARILLON_WORKERS_FILE']);
  });
});

describe('secrets from files', () => {
  it('reads the file without its last line break', () => {
    const files = { '/run/secrets/db': 'postgres://db/x\n' };
    const config = loadConfig(
      { DATABASE_URL_FILE: '/run/secrets/db' },
      { readFile: (path) => files[path as '/run/secrets/db'] },
    );
    expect(config.databaseUrl).toBe('postgres://db/x');
  });

  it.each([
    {
      name: 'both ways at once',
      environment: { SMTP_URL: 'smtp://a', SMTP_URL_FILE: '/f' },
      files: { '/f': 'smtp://b' },
      says: /set twice/,
    },
    {
      name: 'a file that is not there',
      environment: { SMTP_URL_FILE: '/f' },
      files: {},
      says: /cannot be read \(ENOENT\)/,
    },
    { name: 'an empty file', environment: { SMTP_URL_FILE: '/f' }, files: { '/f': '\n' }, says: /empty/ },
  ])('refuses $name', ({ environment, files, says }) => {
    expect(problemsOf(environment, { ...files })).toEqual({ SMTP_URL: expect.stringMatching(says) });
  });
});

describe('settings that must fit each other', () => {
  const secret = 's'.repeat(32);
  const url = 'https://id.example/keys';
  const both = { CARILLON_JWT_ISSUER: 'https://id.example', CARILLON_JWT_AUDIENCE: 'carillon' };
  it.each<{ name: string; environment: Environment; wrong: string[] }>([
    {
      name: 'a send may last until just before the margin',
      environment: { CARILLON_DISPATCH_TIMEOUT_MS: '17999' },
      wrong: [],
    },
    {
      name: 'a send may not last until the margin of its lease',
      environment: { CARILLON_DISPATCH_TIMEOUT_MS: '18000' },
      wrong: ['CARILLON_DISPATCH_TIMEOUT_MS'],
    },
    {
      name: 'a wrong lease is not blamed on the send timeout',
      environment: { CARILLON_LEASE_MS: 'x', CARILLON_DISPATCH_TIMEOUT_MS: '30000' },
      wrong: ['CARILLON_LEASE_MS'],
    },
    {
      name: 'a list of nobody lets nothing out, which is what capture is for',
      environment: { CARILLON_DELIVERY: 'allowlist' },
      wrong: ['CARILLON_DELIVERY_ALLOW'],
    },
    { name: 'a list, kept for later', environment: { CARILLON_DELIVERY_ALLOW: '@example.org' }, wrong: [] },
    { name: 'JWTs by secret', environment: { ...both, CARILLON_JWT_SECRET: secret }, wrong: [] },
    { name: 'JWTs by key URL', environment: { ...both, CARILLON_JWT_JWKS_URL: url }, wrong: [] },
    {
      name: 'JWTs by secret and key URL',
      environment: { ...both, CARILLON_JWT_SECRET: secret, CARILLON_JWT_JWKS_URL: url },
      wrong: ['CARILLON_JWT_JWKS_URL'],
    },
    {
      name: 'JWTs need issuer and audience',
      environment: { CARILLON_JWT_SECRET: secret },
      wrong: ['CARILLON_JWT_ISSUER', 'CARILLON_JWT_AUDIENCE'],
    },
    {
      name: 'an issuer without keys has no effect',
      environment: { CARILLON_JWT_ISSUER: 'x' },
      wrong: ['CARILLON_JWT_ISSUER'],
    },
    {
      name: 'a claim of JWTs alone has no effect',
      environment: { CARILLON_JWT_ORGANIZATION_CLAIM: 'org' },
      wrong: ['CARILLON_JWT_ORGANIZATION_CLAIM'],
    },
    {
      name: 'a wrong JWT secret is not blamed on the issuer',
      environment: { ...both, CARILLON_JWT_SECRET: 'short' },
      wrong: ['CARILLON_JWT_SECRET'],
    },
    {
      name: 'production refuses every origin',
      environment: { ...production, CARILLON_ALLOWED_ORIGINS: '*' },
      wrong: ['CARILLON_ALLOWED_ORIGINS'],
    },
    {
      name: 'production refuses keys over http',
      environment: { ...production, ...both, CARILLON_JWT_JWKS_URL: 'http://id.example/keys' },
      wrong: ['CARILLON_JWT_JWKS_URL'],
    },
  ])('$name', ({ environment, wrong }) => {
    expect(Object.keys(problemsOf(environment))).toEqual(wrong);
  });

  it('says why a long send is refused', () => {
    expect(problemsOf({ CARILLON_LEASE_MS: '5000' })['CARILLON_DISPATCH_TIMEOUT_MS']).toContain('sent twice');
  });

  it('gives one JWT value with its source', () => {
    expect(loadConfig({ ...both, CARILLON_JWT_JWKS_URL: url, CARILLON_JWT_CREATE_USERS: '1' }).jwt).toEqual({
      source: 'jwks',
      jwksUrl: url,
      issuer: both.CARILLON_JWT_ISSUER,
      audience: 'carillon',
      organization: 'default',
      organizationClaim: undefined,
      createUsers: true,
    });
    const claimed = { ...both, CARILLON_JWT_JWKS_URL: url, CARILLON_JWT_ORGANIZATION_CLAIM: 'org' };
    expect(loadConfig(claimed).jwt).toMatchObject({ organizationClaim: 'org' });
  });
});
