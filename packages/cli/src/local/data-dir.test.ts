import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirInUseError, openDataDir } from './data-dir.ts';
import { processStart } from './processes.ts';

describe('the data directory', () => {
  let base: string;
  let path: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'carillon-data-dir-'));
    path = join(base, 'deep', 'data');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('is made with mode 0700, and everything kept in it with 0600', () => {
    const dir = openDataDir(path);
    expect(dir.keep('token', () => 'abc')).toBe('abc');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'token')).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, 'lock')).mode & 0o777).toBe(0o600);
  });

  it('keeps what was made the first time', () => {
    const first = openDataDir(path);
    first.keep('token', () => 'first');
    first.release();
    expect(openDataDir(path).keep('token', () => 'second')).toBe('first');
  });

  it('belongs to one living process', () => {
    openDataDir(path);
    expect(() => openDataDir(path)).toThrow(DataDirInUseError);
    expect(() => openDataDir(path)).toThrow(`process ${process.pid}`);
  });

  it('may be taken once it was given back, and leaves no other files', () => {
    openDataDir(path).release();
    openDataDir(path).release();
    expect(readdirSync(path)).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid ?? 0;
    openDataDir(path).release();
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid, start: processStart(pid) }));
    expect(() => openDataDir(path)).toThrow(DataDirInUseError);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    openDataDir(path).release();
  });

  it('is taken over when the pid of its holder belongs to another process by now', () => {
    openDataDir(path).release();
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid: process.pid, start: 'another time' }));
    openDataDir(path).release();
    expect(readdirSync(path)).toEqual([]);
  });

  it('tells the next holder what was left running, unless the file is broken', () => {
    const first = openDataDir(path);
    const running = { name: 'API', pid: 123, start: '456', port: 8080 };
    first.record([running]);
    first.release();
    const second = openDataDir(path);
    expect(second.leftovers).toEqual([running]);
    second.release();
    writeFileSync(join(path, 'run.json'), '{"processes": [{"name": "cut sho');
    expect(openDataDir(path).leftovers).toEqual([]);
  });

  it('says which setting names another one when it cannot be used', () => {
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    expect(() => openDataDir(file)).toThrow(/cannot be used: .* CARILLON_DATA_DIR names another one/);
  });
});
