import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcesses } from './data-dir.ts';
import { localUrl } from './local-url.ts';
import { isSameProcess } from './processes.ts';

/** The API of a local stack, and the tokens that it keeps in its data directory. */
export interface RunningApi {
  url: string;
  /** Undefined where CARILLON_ADMIN_TOKEN gave it. */
  operatorToken: string | undefined;
  /** Undefined in production, where there is no demo user. */
  demoToken: string | undefined;
}

/** The API that a local stack runs on this data directory right now; undefined when none does. */
export function loadRunningApi(dataDir: string, host: string): RunningApi | undefined {
  const api = readProcesses(join(dataDir, 'run.json')).find(({ name }) => name === 'API');
  if (api?.port === undefined || !isSameProcess(api)) return undefined;
  return {
    url: localUrl(host, api.port),
    operatorToken: readToken(join(dataDir, 'operator-token')),
    demoToken: readToken(join(dataDir, 'demo-token')),
  };
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
