/**
 * Makes `dist/npm`: the package as it is published. It has the sources of this one, but the types of the wire stand
 * in it themselves, made from the OpenAPI document, where those here come from packages/contracts. Run it after
 * `npm run build`; then `npm publish packages/client/dist/npm`.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildOpenApi } from '@carillon/contracts';
import { wireSource } from './wire-source.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'dist', 'npm-source');
const target = join(root, 'dist', 'npm');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(sources, { recursive: true, force: true });
rmSync(target, { recursive: true, force: true });
cpSync(join(root, 'src'), sources, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
const document = /** @type {import('./wire-source.mjs').Document} */ (
  /** @type {unknown} */ (buildOpenApi({ version: own.version, publicUrl: 'https://carillon.example.com' }))
);
writeFileSync(join(sources, 'wire.ts'), wireSource(document));
compile();
for (const path of filesBelow(join(target, 'dist'))) {
  if (!path.endsWith('.d.ts')) continue;
  // The compiler leaves the names of sources in declarations as they are.
  const text = readFileSync(path, 'utf8').replaceAll(/((?:from |import\()(['"])\.[^'"]*)\.ts\2/g, '$1.js$2');
  writeFileSync(path, text);
}
writeFileSync(join(target, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`);
copyFileSync(join(root, 'README.md'), join(target, 'README.md'));
copyFileSync(join(root, '..', '..', 'LICENSE'), join(target, 'LICENSE'));
rmSync(sources, { recursive: true });

function compile() {
  const base = join(root, '..', '..', 'tsconfig.base.json');
  mkdirSync(target, { recursive: true });
  const config = {
    extends: base,
    compilerOptions: { rootDir: '.', outDir: join(target, 'dist'), composite: false, sourceMap: false },
    include: ['**/*.ts'],
  };
  writeFileSync(join(sources, 'tsconfig.json'), JSON.stringify(config));
  const tsc = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', sources], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sources do not compile:\n${stdout}`);
}

function published() {
  const { name, version, description, license, type } = own;
  const entry = (/** @type {string} */ path) => ({
    types: `./dist/${path}.d.ts`,
    default: `./dist/${path}.js`,
  });
  return {
    ...{ name, version, description, license, type },
    repository: {
      type: 'git',
      url: 'git+https://github.com/carillon/carillon.git',
      directory: 'packages/client',
    },
    engines: { node: '>=20' },
    sideEffects: false,
    exports: {
      '.': entry('index'),
      './server': entry('server/index'),
      './testing': entry('testing/index'),
      './package.json': './package.json',
    },
    files: ['dist'],
  };
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
