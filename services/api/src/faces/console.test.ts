import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../test/test-api.ts';
import { createStaticFolder } from './static-folder.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ CARILLON_ALLOWED_ORIGINS: 'https://app.example.org' });
});
afterAll(() => api.stop());

/** As it goes over the wire: nothing is decoded, no path is tidied up. */
function fetchRaw(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the console', () => {
  it('is served as a page that nothing outside can be loaded into', async () => {
    const { status, headers, body } = await fetchRaw('/console/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBe('no-cache');
    expect(body.toString()).not.toMatch(/<script>|<style| style=| on\w+=|https?:/);
  });

  it('has files that may be kept for ever, each of which is there', async () => {
    const page = (await fetchRaw('/console/')).body.toString();
    const assets = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map((match) => match[1]);
    expect(assets).toHaveLength(2);
    for (const asset of assets) {
      const { status, headers } = await fetchRaw(`/console/${asset}`);
      expect({ asset, status }).toEqual({ asset, status: 200 });
      expect(headers['cache-control']).toContain('immutable');
    }
  });

  it('is found without the slash at its end, also behind a proxy with a path of its own', async () => {
    const { status, headers } = await fetchRaw('/console');
    expect({ status, location: headers['location'] }).toEqual({ status: 308, location: 'console/' });
  });

  it('is sent compressed to who takes that, and says the same', async () => {
    const plain = await fetchRaw('/console/');
    const packed = await fetchRaw('/console/', { headers: { 'Accept-Encoding': 'br, gzip;q=0.5' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['etag']).not.toBe(plain.headers['etag']);
    expect(packed.headers['vary']).toBe('Accept-Encoding');
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    const refused = await fetchRaw('/console/', { headers: { 'Accept-Encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await fetchRaw('/console/');
    const again = await fetchRaw('/console/', { headers: { 'If-None-Match': String(headers['etag']) } });
    expect({ status: again.status, length: again.body.length }).toEqual({ status: 304, length: 0 });
  });

  it('tells by HEAD what GET would send', async () => {
    const get = await fetchRaw('/console/');
    const head = await fetchRaw('/console/', { method: 'HEAD' });
    expect({ status: head.status, length: head.headers['content-length'] }).toEqual({
      status: 200,
      length: String(get.body.length),
    });
    expect(head.body).toHaveLength(0);
  });

  it('takes nothing but reading', async () => {
    const { status, headers, body } = await fetchRaw('/console/', { method: 'POST' });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'GET, HEAD' });
    expect(JSON.parse(body.toString()).code).toBe('method.not_allowed');
  });

  it.each([
    { name: 'an unknown file', path: '/console/assets/none.js' },
    { name: 'a way out of the folder', path: '/console/../package.json' },
    { name: 'an encoded way out', path: '/console/..%2f..%2fpackage.json' },
    { name: 'a way out by backslashes', path: '/console/..\\..\\package.json' },
    { name: 'a name of every object', path: '/console/__proto__' },
    { name: 'the folder of the files', path: '/console/assets/' },
    { name: 'a path with an end of text', path: '/console/index.html%00' },
  ])('answers $name with a 404', async ({ path }) => {
    const { status, headers } = await fetchRaw(path);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
  });
});

describe('a folder of built files', () => {
  it('gives nothing that is not of a known sort, and nothing where it is not built', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'carillon-static-'));
    writeFileSync(join(dir, 'a.js'), 'export const a = 1;');
    writeFileSync(join(dir, 'a.js.map'), '{}');
    const folder = createStaticFolder(dir);
    expect((await folder.load('a.js'))?.contentType).toBe('text/javascript; charset=utf-8');
    expect(await folder.load('a.js.map')).toBeUndefined();
    rmSync(dir, { recursive: true });
    expect(await createStaticFolder(dir).load('a.js')).toBeUndefined();
  });
});

describe('a page of this server', () => {
  it('may change things without being named among the origins, and without a line in the log', async () => {
    const { host } = new URL(api.url);
    const call = (origin: string) =>
      fetchRaw('/v1/sessions', { method: 'POST', headers: { Origin: origin, Host: host } });
    expect((await call(`http://${host}`)).status).toBe(400);
    expect(api.logged()).not.toContain('origin.refused');
    const other = await call('https://elsewhere.example');
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect(api.logged()).toContain('origin.refused');
  });
});
