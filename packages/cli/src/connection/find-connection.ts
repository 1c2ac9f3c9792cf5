import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../failure.ts';
import { loadRunningApi, type RunningApi } from '../local/running-api.ts';
import type { Surroundings } from '../terminal/streams.ts';
import { loadSavedLogin, type SavedLogin } from './saved-login.ts';

/** Which API is called, and as whom. */
export interface Connection {
  url: string;
  token: string | undefined;
  /** Where the URL is from, for people who wonder. */
  source: 'option' | 'environment' | 'login' | 'local stack';
}

/** What the command line says of it. */
export interface ConnectionOptions {
  url?: string | undefined;
  token?: string | undefined;
  /** As the demo user of the local stack. */
  demo?: boolean | undefined;
}

type Places = Pick<Surroundings, 'environment' | 'homeDir' | 'workDir'>;

/**
 * The options, else the environment, else what `carillon login` kept, else the local stack that runs on the data
 * directory. A token that was kept for one URL is never sent to another. Throws a UsageError when nothing is known.
 */
export function findConnection(places: Places, options: ConnectionOptions): Connection {
  if (options.demo === true) return demoConnection(places, options);
  const given = givenUrl(places, options);
  const token = options.token ?? environmentToken(places);
  if (given !== undefined) {
    const url = checkUrl(given.url);
    return { url, token: token ?? keptToken(places, url), source: given.source };
  }
  const login = loadSavedLogin(places);
  if (login !== undefined) {
    return { url: checkUrl(login.url), token: token ?? login.token, source: 'login' };
  }
  const local = loadLocal(places);
  if (local !== undefined) {
    return { url: local.url, token: token ?? adminToken(places, local), source: 'local stack' };
  }
  throw new UsageError(
    'No Carillon is known here. `carillon login` names one, CARILLON_URL and CARILLON_TOKEN do, and so does a local stack that runs on ./.carillon (`carillon up`).',
  );
}

function demoConnection(places: Places, { url, token }: ConnectionOptions): Connection {
  if (url !== undefined || token !== undefined) {
    throw new UsageError('--demo is the demo user of the local stack: leave out --url and --token');
  }
  const local = loadLocal(places);
  if (local?.demoToken === undefined) {
    throw new UsageError(`No local stack with a demo user runs on ${dataDirOf(places)}`);
  }
  return { url: local.url, token: local.demoToken, source: 'local stack' };
}

function givenUrl(
  { environment }: Places,
  { url }: ConnectionOptions,
): Pick<Connection, 'url' | 'source'> | undefined {
  if (url !== undefined) return { url, source: 'option' };
  const named = environment['CARILLON_URL'] ?? '';
  return named === '' ? undefined : { url: named, source: 'environment' };
}

function environmentToken({ environment }: Places): string | undefined {
  const token = environment['CARILLON_TOKEN'] ?? '';
  if (token !== '') return token;
  const file = environment['CARILLON_TOKEN_FILE'] ?? '';
  if (file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UsageError(`CARILLON_TOKEN_FILE names ${file}, which cannot be read`, { cause });
  }
}

/** That of a login or of the local stack, if it is for this very URL. */
function keptToken(places: Places, url: string): string | undefined {
  const login = loadSavedLogin(places);
  if (login !== undefined && isSame(login, url)) return login.token;
  const local = loadLocal(places);
  return local !== undefined && isSame(local, url) ? adminToken(places, local) : undefined;
}

function adminToken({ environment }: Places, { operatorToken }: RunningApi): string | undefined {
  return operatorToken ?? environment['CARILLON_ADMIN_TOKEN'];
}

function isSame(kept: Pick<SavedLogin, 'url'>, url: string): boolean {
  return URL.canParse(kept.url) && checkUrl(kept.url) === url;
}

function loadLocal(places: Places): RunningApi | undefined {
  return loadRunningApi(dataDirOf(places), places.environment['HOST'] ?? '127.0.0.1');
}

function dataDirOf({ environment, workDir }: Places): string {
  const named = environment['CARILLON_DATA_DIR'] ?? '';
  return named === '' ? join(workDir, '.carillon') : named;
}

/** The URL in one form, so that two can be compared. Throws a UsageError for what is none. */
export function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is not a URL of Carillon's API: it must begin with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('A URL is no place for a password: use --token or CARILLON_TOKEN');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
