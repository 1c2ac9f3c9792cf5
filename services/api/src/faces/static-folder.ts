import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One built file, ready to be sent. */
export interface StaticFile {
  contentType: string;
  body: Buffer;
  /** The body compressed, where that is shorter. */
  gzipped: Buffer | undefined;
  /** Of the uncompressed body; another state has another. */
  hash: string;
}

/**
 * The files of a folder that the build has written, by their names in it with slashes. A name is looked up among
 * these and never on the disk, so that no name leads out of the folder.
 */
export interface StaticFolder {
  /** Undefined where there is no such file. */
  load(name: string): Promise<StaticFile | undefined>;
}

/** What the build writes; anything else in the folder, source maps for one, is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * A folder that is read when its first file is asked for, and kept: no start waits for it, and no request after the
 * first. A folder that does not exist has no files.
 */
export function createStaticFolder(dir: string): StaticFolder {
  let reading: Promise<ReadonlyMap<string, StaticFile>> | undefined;
  return {
    async load(name) {
      reading ??= readFolder(dir).catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
      return (await reading).get(name);
    },
  };
}

async function readFolder(dir: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(noneIfAbsent);
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in contentTypes);
  const named = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(dir, path).split(sep).join('/'), await readStaticFile(path)] as const;
  });
  return new Map(await Promise.all(named));
}

async function readStaticFile(path: string): Promise<StaticFile> {
  const body = await readFile(path);
  const gzipped = await promisify(gzip)(body, { level: 9 });
  return {
    ...{ contentType: contentTypes[extname(path)] ?? '', body },
    gzipped: gzipped.length < body.length ? gzipped : undefined,
    hash: createHash('sha256').update(body).digest('base64url').slice(0, 22),
  };
}

function noneIfAbsent(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
