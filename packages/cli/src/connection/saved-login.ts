import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../failure.ts';
import type { Surroundings } from '../terminal/streams.ts';

/** What `carillon login` keeps. */
export interface SavedLogin {
  url: string;
  token: string;
}

type Places = Pick<Surroundings, 'environment' | 'homeDir'>;

/** CARILLON_CONFIG, else `carillon/config.json` where the XDG Base Directory Specification has such files. */
export function savedLoginFile({ environment, homeDir }: Places): string {
  const named = environment['CARILLON_CONFIG'] ?? '';
  if (named !== '') return named;
  const base = environment['XDG_CONFIG_HOME'] ?? '';
  return join(base === '' ? join(homeDir, '.config') : base, 'carillon', 'config.json');
}

/** Undefined when nobody has logged in. Throws a UsageError for a file that is none of ours. */
export function loadSavedLogin(places: Places): SavedLogin | undefined {
  const file = savedLoginFile(places);
  const text = readText(file);
  if (text === undefined) return undefined;
  const login = parseLogin(text);
  if (login === undefined) {
    throw new UsageError(`${file} must be {"url": "…", "token": "…"}: \`carillon login\` writes it anew`);
  }
  return login;
}

/** Writes the file whole, readable for its owner alone. Answers where it is. */
export function saveLogin(places: Places, login: SavedLogin): string {
  const file = savedLoginFile(places);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.new`;
  writeFileSync(aside, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  chmodSync(aside, 0o600);
  renameSync(aside, file);
  return file;
}

/** Answers where it was. */
export function removeLogin(places: Places): string {
  const file = savedLoginFile(places);
  rmSync(file, { force: true });
  return file;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseLogin(text: string): SavedLogin | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('url' in value) || !('token' in value)) {
      return undefined;
    }
    const { url, token } = value;
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : undefined;
  } catch {
    return undefined;
  }
}
