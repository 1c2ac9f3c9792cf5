import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runSql, temporaryDir } from '@carillon/testkit';
import { restoreSymlinks } from './postgres-binaries.ts';
import type { Identity } from './postgres-identity.ts';
import { startPostgres, stopOrphanPostgres } from './postgres.ts';
import { processStart } from './processes.ts';

// Whoever runs the suite: as root both ways of not being root, else the only one there is.
const identities: Identity[] =
  process.getuid?.() === 0 ? [{ kind: 'namespace' }, { kind: 'nobody' }] : [{ kind: 'self' }];

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(temporaryDir(), 'carillon-postgres-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe.each(identities)('PostgreSQL run as $kind', (identity) => {
  it('keeps its data over a restart, and makes its files once', async () => {
    if (identity.kind === 'nobody') chmodSync(base, 0o711);
    const dir = join(base, 'postgres');
    let inits = 0;
    const options = { dir, identity, durable: false, onInit: () => (inits += 1) };
    const first = await startPostgres(options);
    await runSql(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startPostgres({ ...options, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await runSql(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    expect(processStart(second.pid)).toBeUndefined();
    expect(inits).toBe(1);
    expect(statSync(join(dir, 'password')).mode & 0o777).toBe(0o600);
  });
});

describe('PostgreSQL of a local stack', () => {
  it('survives the kill of its owner, its own kill, and lets nobody in without its password', async () => {
    const options = { dir: join(base, 'postgres') };
    const orphan = await startPostgres(options);
    await runSql(orphan.url, 'CREATE TABLE kept AS SELECT 1 AS one');

    const next = await startPostgres(options);
    expect(processStart(orphan.pid)).toBeUndefined();
    expect(await runSql(next.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);

    process.kill(next.pid, 'SIGKILL');
    await next.ended;
    expect(existsSync(join(options.dir, 'data', 'postmaster.pid'))).toBe(true);
    const last = await startPostgres(options);
    expect(await runSql(last.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);

    const url = new URL(last.url);
    url.password = 'wrong';
    await expect(runSql(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await last.stop();
  });

  it('leaves a stranger alone who has got the pid of the old server', async () => {
    const dir = join(base, 'postgres');
    mkdirSync(join(dir, 'data'), { recursive: true });
    writeFileSync(join(dir, 'data', 'postmaster.pid'), `${process.pid}\n`);
    expect(await stopOrphanPostgres(dir)).toBe(false);
  });

  it('gets back the symbolic links that its package could not carry, and keeps those that are there', () => {
    mkdirSync(join(base, 'native', 'lib'), { recursive: true });
    writeFileSync(join(base, 'native', 'lib', 'libx.so.1.2'), 'library');
    writeFileSync(join(base, 'native', 'lib', 'libx.so'), 'another file');
    const links = ['libx.so.1', 'libx.so'].map((name) => ({
      source: 'native/lib/libx.so.1.2',
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(base, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    restoreSymlinks(base);
    restoreSymlinks(base);
    expect(readFileSync(join(base, 'native', 'lib', 'libx.so.1'), 'utf8')).toBe('library');
    expect(readFileSync(join(base, 'native', 'lib', 'libx.so'), 'utf8')).toBe('another file');
  });
});
