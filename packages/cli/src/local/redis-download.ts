import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What redis-server of Debian 12 and later and of Ubuntu links against and a slim image lacks. */
const packageNames = [
  'redis-tools',
  'redis-server',
  'liblua5.1-0',
  'lua-cjson',
  'lua-bitop',
  'libjemalloc2',
  'liblzf1',
  'libatomic1',
];

export interface RedisDownloadOptions {
  /** The server is unpacked into `<dir>/redis`. */
  dir: string;
  say: (line: string) => void;
  /** Ends the message of an error. */
  remedy: string;
}

/**
 * Fetches the distribution's own Redis packages through apt, which checks their signatures, and unpacks
 * them without root and without installing anything. Says beforehand what comes, from where and how large.
 * Two at once do not disturb each other: each unpacks aside and renames.
 */
export async function downloadRedis({ dir, say, remedy }: RedisDownloadOptions): Promise<void> {
  if (!(await hasApt())) throw new Error(`No Redis found on this machine. ${remedy}`);
  const work = mkdtempSync(join(dir, 'redis-download-'));
  try {
    const options = await aptOptions(work, say);
    const bytes = await downloadSize(options, work);
    const megabytes = (bytes / 1_000_000).toFixed(1);
    say(
      `No Redis here: fetching redis-server with apt-get, ${megabytes} MB, unpacked into ${join(dir, 'redis')}`,
    );
    await run('apt-get', ['download', ...options, ...packageNames], { cwd: work });
    const root = join(work, 'root');
    mkdirSync(root);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(work, file), root]);
    }
    moveIntoPlace(root, join(dir, 'redis'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause);
    throw new Error(`Redis could not be fetched with apt-get (${reason}). ${remedy}`, { cause });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function hasApt(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    await run('apt-get', ['--version']);
    await run('dpkg-deb', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** The machine's package lists when they are there; slim images delete them, then private ones are fetched. */
async function aptOptions(work: string, say: (line: string) => void): Promise<string[]> {
  // `_apt`, the user that apt drops to when it is root, could not write into a directory of mode 0700.
  const common = ['-q', '-o', `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`];
  if (await knowsPackages(common, work)) return common;
  say('No Redis here: fetching the package lists with apt-get, about 10 MB, into a private directory');
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const own = [...common, '-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await run('apt-get', ['update', ...own], { cwd: work });
  return own;
}

async function knowsPackages(options: string[], cwd: string): Promise<boolean> {
  try {
    await downloadSize(options, cwd);
    return true;
  } catch {
    return false;
  }
}

/** Lines of `--print-uris` are: 'uri' file size hash. */
async function downloadSize(options: string[], cwd: string): Promise<number> {
  const { stdout } = await run('apt-get', ['download', '--print-uris', ...options, ...packageNames], { cwd });
  const sizes = stdout
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[2]));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function moveIntoPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // The other one was faster; what it unpacked is the same.
    const code: unknown =
      typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
    throw error;
  }
}
