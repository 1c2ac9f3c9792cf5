/**
 * Makes `packages/<name>/dist/npm`: packages as they are published. Run it after `npm run build`, with the names of
 * some or for all of them; then `npm publish packages/<name>/dist/npm`. `--out <folder>` writes them there instead, each
 * below its name. Each has the sources of ours, compiled once
 * more without what only we need. In the client the types of the wire stand in the package itself, made from the
 * OpenAPI document, where those here come from packages/contracts (docs/decisions/0031).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildOpenApi } from '@carillon/contracts';
import { wireSource } from '../packages/client/scripts/wire-source.mjs';

/**
 * @typedef {{ name: string, version: string, description: string, license: string, type: string,
 *   exports: Record<string, string | { types: string, default: string }>, dependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>, sideEffects?: string[] | false }} Manifest
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
for (const name of positionals.length === 0 ? ['client', 'inbox', 'react'] : positionals) make(name);

/** @param {string} name */
function make(name) {
  const folder = join(root, 'packages', name);
  const target = values.out === undefined ? join(folder, 'dist', 'npm') : join(values.out, name);
  // Two at once do not meet.
  const sources = join(folder, 'dist', `npm-source-${process.pid}`);
  /** @type {Manifest} */
  const own = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const place of [target, sources]) rmSync(place, { recursive: true, force: true });
  // Tests, and the page of the local stack, are not for others.
  const isOurs = (/** @type {string} */ path) => /\.test\.ts$|\/src\/demo(?:\/|$)/.test(path);
  cpSync(join(folder, 'src'), sources, { recursive: true, filter: (path) => !isOurs(path) });
  if (name === 'client') writeFileSync(join(sources, 'wire.ts'), wireOf(own));
  compile(name, sources, target);
  nameCompiledFiles(join(target, 'dist'));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(published(name, own), null, 2)}\n`);
  copyFileSync(join(folder, 'README.md'), join(target, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
}

/** @param {Manifest} own */
function wireOf({ version }) {
  const document = buildOpenApi({ version, publicUrl: 'https://carillon.example.com' });
  return wireSource(
    /** @type {import('../packages/client/scripts/wire-source.mjs').Document} */ (
      /** @type {unknown} */ (document)
    ),
  );
}

/**
 * @param {string} name
 * @param {string} sources
 * @param {string} target
 */
function compile(name, sources, target) {
  mkdirSync(target, { recursive: true });
  const config = {
    extends: join(root, 'packages', name, 'tsconfig.build.json'),
    compilerOptions: {
      ...{ rootDir: '.', outDir: join(target, 'dist'), tsBuildInfoFile: null, composite: false },
      ...{ sourceMap: false, customConditions: [] },
    },
    ...{ include: ['**/*.ts'], exclude: [], references: [] },
  };
  writeFileSync(join(sources, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', sources], { encoding: 'utf8' });
  rmSync(sources, { recursive: true });
  if (status !== 0) throw new Error(`the sources of ${name} do not compile:\n${stdout}`);
}

/**
 * The compiler leaves the names of sources in declarations as they are.
 *
 * @param {string} folder
 */
function nameCompiledFiles(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.d.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll(/((?:from |import\()(['"])\.[^'"]*)\.ts\2/g, '$1.js$2'));
  }
}

/**
 * @param {string} folder
 * @param {Manifest} own
 */
function published(folder, own) {
  const { name, version, description, license, type, peerDependencies } = own;
  const entries = Object.entries(own.exports).map(([path, entry]) => [
    path,
    typeof entry === 'string' ? entry : { types: entry.types, default: entry.default },
  ]);
  const dependencies = Object.entries(own.dependencies ?? {}).map(([library, range]) => [
    library,
    // Ours are of one version; of others nothing is known that a later one of the same kind would break.
    `^${library.startsWith('@carillon/') ? version : range}`,
  ]);
  const sideEffects = own.sideEffects || [];
  return {
    ...{ name, version, description, license, type },
    repository: {
      type: 'git',
      url: 'git+https://github.com/carillon/carillon.git',
      directory: `packages/${folder}`,
    },
    engines: { node: '>=20' },
    sideEffects: sideEffects.length > 0 && sideEffects.filter((path) => path.startsWith('./dist/')),
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
    ...(dependencies.length > 0 && { dependencies: Object.fromEntries(dependencies) }),
    ...(peerDependencies !== undefined && { peerDependencies }),
    files: ['dist'],
  };
}
