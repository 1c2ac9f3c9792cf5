import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../test/test-api.ts';

let api: TestApi;
let production: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  production = await startTestApi({ NODE_ENV: 'production' });
});
afterAll(async () => {
  await api.stop();
  await production.stop();
});

/** Longer is too much for a bell, the framework and the client in it counted (issue: faces). */
const gzippedMax = 30_000;

describe('/inbox', () => {
  it('names the version that it serves, with a hash that browsers take for its integrity', async () => {
    const { path, integrity } = await latest();
    const file = await fetch(`${api.url}${path}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const hash = createHash('sha384').update(Buffer.from(await file.arrayBuffer()));
    expect(integrity).toBe(`sha384-${hash.digest('base64')}`);
  });

  it('lets pages of every origin load it, in production too', async () => {
    for (const { url } of [api, production]) {
      const file = await fetch(`${url}/inbox/latest/carillon-inbox.js`, {
        headers: { Origin: 'https://shop.example' },
      });
      expect(file.headers.get('access-control-allow-origin')).toBe('*');
      expect(file.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  it('may be kept for ever under its version, and is asked for anew under `latest`', async () => {
    const { path } = await latest();
    const versioned = await fetch(`${api.url}${path}`);
    expect(versioned.headers.get('cache-control')).toContain('immutable');
    const newest = await fetch(`${api.url}/inbox/latest/carillon-inbox.js`);
    expect(newest.headers.get('cache-control')).toBe('no-cache');
    expect(await newest.text()).toBe(await versioned.text());
  });

  it('is less than 30 kB on the wire, with all that it needs', async () => {
    const file = await fetch(`${api.url}/inbox/latest/carillon-inbox.js`);
    const bytes = gzipSync(Buffer.from(await file.arrayBuffer()), { level: 9 }).length;
    process.stdout.write(`carillon-inbox.js: ${(bytes / 1024).toFixed(1)} kB gzipped\n`);
    expect(bytes).toBeLessThan(gzippedMax);
  });

  async function latest(): Promise<{ path: string; integrity: string }> {
    return (await api.ask('GET', '/inbox/latest.json')).body;
  }
});

describe('/demo', () => {
  it('is a page under a policy without anything unsafe, whose files are all served', async () => {
    const page = await fetch(`${api.url}/demo`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const files = [...(await page.text()).matchAll(/(?:src|href)="([^":]+)"/g)].map((match) => match[1]);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await fetch(`${api.url}/${file}`)).status).toBe(200);
  });

  it('is not there in production', async () => {
    expect((await production.ask('GET', '/demo')).body.code).toBe('route.not_found');
  });
});
