import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { redisSource } from '@carillon/testkit';
import { processStart } from './processes.ts';
import { findRedisBinary, remedy } from './redis-binary.ts';
import { startRedis, stopOrphanRedis } from './redis.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'carillon-redis-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('Redis of a local stack', () => {
  const source = redisSource(() => {});

  it('keeps what was written over a restart, under the same URL', async () => {
    const dir = join(base, 'redis');
    const first = await startRedis({ dir, ...source });
    expect(await ask(first.url, 'SET kept 42')).toBe('+OK');
    await first.stop();
    const second = await startRedis({ dir, ...source, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'GET kept')).toBe('$2\r\n42');
    expect(await ask(second.url, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    await second.stop();
  });

  it('is stopped when its owner is gone and it still runs, before another one opens its files', async () => {
    const dir = join(base, 'redis');
    const orphan = await startRedis({ dir, ...source });
    await ask(orphan.url, 'SET kept 1');
    const next = await startRedis({ dir, ...source });
    expect(processStart(orphan.pid)).toBeUndefined();
    expect(await ask(next.url, 'GET kept')).toBe('$1\r\n1');
    await next.stop();
  });

  it('leaves a stranger alone who has got the pid of the old server', async () => {
    const dir = join(base, 'redis');
    mkdirSync(dir);
    writeFileSync(join(dir, 'redis.pid'), `${process.pid}\n`);
    writeFileSync(join(dir, 'redis.conf'), 'port 6379\n');
    expect(await stopOrphanRedis(dir)).toBe(false);
  });

  it('lets nobody in without its password', async () => {
    const server = await startRedis({ dir: join(base, 'redis'), durable: false, ...source });
    const url = new URL(server.url);
    url.password = 'wrong';
    expect(await ask(url.href, 'PING')).toMatch(/^-(NOAUTH|WRONGPASS)/);
    await server.stop();
  });
});

describe('finding a Redis server', () => {
  const hasApt = (process.env['PATH'] ?? '').split(delimiter).some((dir) => existsSync(join(dir, 'apt-get')));
  const whereAptIs = hasApt ? describe : describe.skip;

  whereAptIs('on Debian and Ubuntu (skipped where there is no apt-get)', () => {
    it('unpacks the packages of Debian or Ubuntu without root, saying so first, and once', async () => {
      const said: string[] = [];
      const options = {
        cacheDirs: [base],
        mayDownload: true,
        say: (line: string) => said.push(line),
        searchPath: [],
      };
      const found = await findRedisBinary(options);
      expect(said.at(-1)).toMatch(
        /^No Redis here: fetching redis-server with apt-get, \d+\.\d MB, unpacked into /,
      );
      expect(await findRedisBinary(options)).toEqual(found);
      expect(said.filter((line) => line.includes('redis-server'))).toHaveLength(1);
      expect(readdirSync(base)).toEqual(['redis']);
      const server = await startRedis({ dir: join(base, 'data'), durable: false, ...options });
      expect(await ask(server.url, 'PING')).toBe('+PONG');
      await server.stop();
    });
  });

  it('takes an installed one first, whether it is named Redis or Valkey', async () => {
    const program = join(base, 'valkey-server');
    writeFileSync(program, '', { mode: 0o755 });
    const options = { cacheDirs: [], mayDownload: false, say: () => {}, searchPath: ['/nowhere', base] };
    expect(await findRedisBinary(options)).toEqual({ command: program, env: {} });
  });

  it('downloads nothing when that is forbidden, and names the remedy', async () => {
    const options = { cacheDirs: [base], mayDownload: false, say: () => {}, searchPath: [] };
    await expect(findRedisBinary(options)).rejects.toThrow(/CARILLON_LOCAL_DOWNLOAD=never .* set REDIS_URL/);
    expect(readdirSync(base)).toEqual([]);
  });

  it.each([
    { platform: 'linux', part: 'apt-get install redis-server' },
    { platform: 'darwin', part: 'brew install redis' },
    { platform: 'win32', part: 'WSL' },
    { platform: 'freebsd', part: 'REDIS_URL' },
  ] as const)('tells people on $platform how to get one, in one line', ({ platform, part }) => {
    expect(remedy(platform)).toContain(part);
    expect(remedy(platform)).not.toContain('\n');
  });
});

/** One command in the inline form of the protocol; the raw answer without its last line end. */
function ask(url: string, command: string): Promise<string> {
  const { port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`);
    });
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(received.split('\r\n').slice(1, -2).join('\r\n')));
  });
}
