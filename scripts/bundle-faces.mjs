/**
 * Writes what browsers load, each part as few small files: the console as `packages/console/dist/pages/`, the
 * inbox as `packages/inbox/dist/served/` with a demo beside it. Part of `npm run build`; why with this bundler, docs/decisions/0033 says.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { tightTemplates } from './faces/tight-templates.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What current browsers of every maker read as it is. */
const forBrowsers = /** @satisfies {import('esbuild').BuildOptions} */ ({
  absWorkingDir: root,
  ...{ bundle: true, splitting: true, format: 'esm', platform: 'browser', target: 'es2022' },
  ...{ conditions: ['source'], mainFields: ['module', 'main'] },
  ...{ minify: true, metafile: true, legalComments: 'none', logLevel: 'warning' },
});

/** What the element loads when it is first wanted are files of their own, beside it. */
const laterFiles = /** @satisfies {import('esbuild').Plugin} */ ({
  name: 'later-files',
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:settings\/index|texts-\w+)\.ts$/ }, ({ kind, path }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = path.includes('settings') ? 'settings' : basename(path, '.ts');
      return { path: `./carillon-inbox-${name}.js`, external: true };
    });
  },
});

await Promise.all([bundleConsole(), bundleInbox(), bundleDemo()]);

/** A page, its style and its script, in pieces that are loaded when a page needs them. */
async function bundleConsole() {
  const source = join(root, 'packages', 'console', 'src');
  const pages = join(root, 'packages', 'console', 'dist', 'pages');
  const assets = join(pages, 'assets');
  const { metafile } = await build({
    ...forBrowsers,
    entryPoints: [join(source, 'main.tsx'), join(source, 'style', 'console.css')],
    outdir: assets,
    // Named by what is in them, so that a browser may keep them for ever.
    ...{ entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', assetNames: '[name]-[hash]' },
    ...{ jsx: 'automatic', jsxImportSource: 'preact' },
  });
  const written = Object.keys(metafile.outputs);
  const nameOf = (/** @type {string} */ entry) => {
    const found = written.find((path) => metafile.outputs[path]?.entryPoint?.endsWith(entry));
    if (found === undefined) throw new Error(`${entry} was not written`);
    return relative(pages, join(root, found));
  };
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('%style%', nameOf('console.css'))
    .replace('%script%', nameOf('main.tsx'));
  writeFileSync(join(pages, 'index.html'), page);
  removeOthers(assets, written);
}

/**
 * One file that pages of other sites load, under a version that changes with its content, and under `latest`; and
 * what a page must know to name it (docs/inbox.md).
 */
async function bundleInbox() {
  const folder = join(root, 'packages', 'inbox');
  const served = join(folder, 'dist', 'served');
  const { outputFiles } = await build({
    ...forBrowsers,
    entryPoints: {
      'carillon-inbox': join(folder, 'src', 'index.ts'),
      'carillon-inbox-settings': join(folder, 'src', 'settings', 'index.ts'),
      'carillon-inbox-texts-de': join(folder, 'src', 'model', 'texts-de.ts'),
    },
    ...{ outdir: served, write: false, splitting: false, charset: 'utf8' },
    plugins: [laterFiles, tightTemplates(join(folder, 'src'))],
  });
  const hash = createHash('sha256');
  for (const { contents } of outputFiles) hash.update(contents);
  const { version: release } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const version = `${release}-${hash.digest('hex').slice(0, 10)}`;
  const code = outputFiles.find(({ path }) => basename(path) === 'carillon-inbox.js')?.contents;
  const integrity = `sha384-${createHash('sha384')
    .update(code ?? '')
    .digest('base64')}`;
  const path = `/inbox/${version}/carillon-inbox.js`;
  rmSync(served, { recursive: true, force: true });
  for (const name of [version, 'latest']) {
    mkdirSync(join(served, name), { recursive: true });
    for (const file of outputFiles) writeFileSync(join(served, name, basename(file.path)), file.contents);
  }
  writeFileSync(join(served, 'latest.json'), `${JSON.stringify({ version, path, integrity }, null, 2)}\n`);
}

/** The page with a bell that the local stack shows. */
async function bundleDemo() {
  const source = join(root, 'packages', 'inbox', 'src', 'demo');
  const demo = join(root, 'packages', 'inbox', 'dist', 'demo-page');
  await build({
    ...forBrowsers,
    ...{ entryPoints: [join(source, 'demo.ts'), join(source, 'demo.css')], outdir: demo, splitting: false },
  });
  copyFileSync(join(source, 'index.html'), join(demo, 'index.html'));
}

/**
 * Pieces are named by what they hold; those of former builds go.
 * @param {string} dir
 * @param {readonly string[]} written
 */
function removeOthers(dir, written) {
  mkdirSync(dir, { recursive: true });
  const kept = new Set(written.map((path) => basename(path)));
  for (const file of readdirSync(dir)) if (!kept.has(file)) rmSync(join(dir, file));
}
