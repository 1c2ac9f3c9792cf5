import { renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Libraries of hundreds of small files, without state that another library shares. Jest loads each file anew
 * for every suite, which takes longer than most suites do; as one file they cost next to nothing. Services
 * that tests start as processes have the libraries as they were installed.
 */
const libraries = ['kysely', 'typebox'];

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Writes each library as one file to where jest.config.ts finds it: anew in each run, so that none is old. */
export async function bundleLibraries() {
  await Promise.all(libraries.map(bundle));
}

/** @param {string} library */
async function bundle(library) {
  const file = `${root}node_modules/.cache/carillon/bundles/${library}.mjs`;
  // Another run may be reading the file: it is written aside.
  const aside = `${file}.${process.pid}`;
  await build({
    entryPoints: [fileURLToPath(import.meta.resolve(library))],
    outfile: aside,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  renameSync(aside, file);
}
