import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The Chromium that CARILLON_CHROMIUM names, else the first one that is installed; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env['CARILLON_CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...elsewhere].find(
    isExecutable,
  );
}

/**
 * A Chromium for this run: one that is installed, else Debian's, which is installed then by apt-get if this is root.
 * Says beforehand what it fetches. Throws with what a person has to do where nothing of that is possible.
 */
export async function prepareChromium(say: (line: string) => void): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.env['CARILLON_LOCAL_DOWNLOAD'] === 'never') {
    throw new Error(`No Chromium found, and CARILLON_LOCAL_DOWNLOAD=never forbids to fetch one. ${remedy}`);
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(`No Chromium found, and only root can install one. ${remedy}`);
  }
  say('No Chromium here: installing that of the distribution with apt-get, about 100 MB to fetch');
  try {
    await run('apt-get', ['update', '-q']);
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 32 * 1024 * 1024,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause);
    throw new Error(`Chromium could not be installed with apt-get (${reason}). ${remedy}`, { cause });
  }
  const installed = findChromium();
  if (installed === undefined) throw new Error(`apt-get installed no Chromium. ${remedy}`);
  return installed;
}

const remedy =
  'Install Chromium (`apt-get install chromium`), or set CARILLON_CHROMIUM to the program of a Chrome or Chromium of yours.';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
