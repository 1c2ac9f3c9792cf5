import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { downloadRedis } from './redis-download.ts';

export interface RedisBinary {
  command: string;
  env: Record<string, string>;
}

export interface RedisBinaryOptions {
  /** Where an unpacked server is kept, tried in this order; the first that can be written is used. */
  cacheDirs: string[];
  /** CARILLON_LOCAL_DOWNLOAD is not `never`. */
  mayDownload: boolean;
  /** Told what is fetched before it is, one line each. */
  say: (line: string) => void;
  /** Directories searched for an installed server; those of PATH unless told. */
  searchPath?: string[];
}

const programs = ['redis-server', 'valkey-server'];

/**
 * A Redis or Valkey server that can be run here: one that is installed, else one that an earlier start
 * unpacked, else the packages of Debian or Ubuntu, unpacked without root. Throws with a one-line remedy
 * where nothing of that is possible.
 */
export async function findRedisBinary(options: RedisBinaryOptions): Promise<RedisBinary> {
  const installed = findInstalled(options.searchPath ?? (process.env['PATH'] ?? '').split(delimiter));
  if (installed !== undefined) return { command: installed, env: {} };
  for (const dir of options.cacheDirs) {
    const unpacked = unpackedIn(dir);
    if (unpacked !== undefined) return unpacked;
  }
  if (!options.mayDownload) {
    throw new Error(`No Redis found, and CARILLON_LOCAL_DOWNLOAD=never forbids to fetch one. ${remedy()}`);
  }
  const dir = options.cacheDirs.find(isWritable);
  if (dir === undefined) {
    throw new Error(`No Redis found, and no directory to unpack one into (${options.cacheDirs.join(', ')}).`);
  }
  await downloadRedis({ dir, say: options.say, remedy: remedy() });
  const unpacked = unpackedIn(dir);
  if (unpacked === undefined)
    throw new Error(`The packages hold no redis-server for this machine. ${remedy()}`);
  return unpacked;
}

/** What a person types to have Redis here. */
export function remedy(platform: NodeJS.Platform = process.platform): string {
  const install: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Install it with `brew install redis`',
    win32: 'Run Carillon inside WSL',
    linux:
      'Install it with `apt-get install redis-server`, `dnf install valkey`, `apk add redis` or `pacman -S valkey`',
  };
  return `${install[platform] ?? 'Install Redis or Valkey'}, or set REDIS_URL to a Redis of yours (6.2 or newer).`;
}

function findInstalled(dirs: string[]): string | undefined {
  return programs.flatMap((name) => dirs.map((dir) => join(dir, name))).find(isExecutable);
}

function unpackedIn(dir: string): RedisBinary | undefined {
  const root = join(dir, 'redis');
  const command = join(root, 'usr', 'bin', 'redis-server');
  if (!isExecutable(command)) return undefined;
  const library = join(root, 'usr', 'lib');
  const triplet = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  return {
    command,
    env: { LD_LIBRARY_PATH: [join(library, `${triplet}-linux-gnu`), library].join(delimiter) },
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isWritable(dir: string): boolean {
  try {
    if (!existsSync(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
