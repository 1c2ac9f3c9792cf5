import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as uid 0; the number of `nobody` on Debian, Alpine and most others. */
const nobody = 65534;

/**
 * As whom PostgreSQL runs. `self`: as we do. `namespace`: still as us for the file system, but in a user
 * namespace in which root is called 65534, which works below directories that only root may enter.
 * `nobody`: as uid 65534, for hosts that deny user namespaces.
 */
export type Identity = { kind: 'self' } | { kind: 'namespace' } | { kind: 'nobody' };

export interface IdentifiedCommand {
  command: string;
  args: string[];
  uid?: number;
  gid?: number;
}

/** Picks the first identity that can run the binary; throws with the remedies when none can. */
export function chooseIdentity(postgres: string, dir: string): Identity {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const candidates: Identity[] = [{ kind: 'namespace' }, { kind: 'nobody' }];
  const usable = candidates.find((identity) => canRun(identity, postgres, dir));
  if (usable !== undefined) return usable;
  throw new Error(
    'PostgreSQL refuses to run as root, this host denies user namespaces, and uid 65534 may not enter ' +
      `${dirname(postgres)} or ${dir}. Start as a normal user, or set DATABASE_URL to a PostgreSQL of yours.`,
  );
}

/** The command line that runs a program under an identity. */
export function identify(identity: Identity, command: string, args: string[]): IdentifiedCommand {
  switch (identity.kind) {
    case 'self':
      return { command, args };
    case 'namespace':
      // unshare without --fork replaces itself, so the child's pid is PostgreSQL's own.
      return {
        command: 'unshare',
        args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', command, ...args],
      };
    case 'nobody':
      return { command, args, uid: nobody, gid: nobody };
  }
}

/**
 * Gives the files of a server to its identity, also when an earlier boot ran under another one. For
 * `nobody` the directories above must let it pass; `chooseIdentity` has checked that.
 */
export function takeOwnership(identity: Identity, dir: string): void {
  if (identity.kind === 'self') return;
  const uid = identity.kind === 'nobody' ? nobody : 0;
  if (statSync(dir).uid !== uid) chownTree(dir, uid);
}

function canRun(identity: Identity, postgres: string, dir: string): boolean {
  const run = identify(identity, '/bin/sh', ['-c', '"$0" --version && test -x "$1"', postgres, dirname(dir)]);
  const { command, args, ...ids } = run;
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/', ...ids }).status === 0;
}

function chownTree(path: string, uid: number): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) chownTree(child, uid);
    else lchownSync(child, uid, uid);
  }
  // The top comes last: it is what the next boot looks at to see whether all is done.
  chownSync(path, uid, uid);
}
