/**
 * Writes each service as `services/<name>/dist/bundle/main.js`, with the libraries that it uses: what is started by
 * `npm start`, by the container and by the stories. Part of `npm run build`; why, docs/decisions/0021 says.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await Promise.all(['api', 'worker'].map(bundle));

/** @param {string} name */
async function bundle(name) {
  const outdir = join(root, 'services', name, 'dist', 'bundle');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: `services/${name}/src/main.ts`,
      // Threads of the render pool have an entry of their own, which packages/runtime looks for beside its code.
      thread: 'packages/runtime/src/render-pool/thread.ts',
      // So has the thread that compiles layouts for mails, which only the API does.
      ...(name === 'api' && {
        'mail-layout-thread': 'packages/runtime/src/mail-layouts/mail-layout-thread.ts',
      }),
    },
    // Large, full of what is looked for at run time, and loaded when somebody writes a layout.
    external: ['mjml-core', 'mjml-preset-core'],
    outdir,
    // Pieces of their own for what is loaded on demand: dialects that are switched off cost nothing.
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    ...{ conditions: ['source', 'node'], mainFields: ['module', 'main'] },
    // CommonJS among the libraries asks for Node's modules by `require`, which ES modules do not have.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    ...{ sourcemap: 'linked', sourcesContent: false, metafile: true, logLevel: 'warning' },
  });
  removeOthers(outdir, Object.keys(metafile.outputs));
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
