import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

const style = /(?<=css|panelStyles = )`([^`$]*)`/g;
const fold = /\n\s+/g;

/**
 * Makes the templates of Lit as short as the code around them, which no minifier does: style sheets as a minifier of
 * CSS would, in elements a line break with its indentation becomes one blank. Only in files of `folder`, where no
 * text with a line break depends on it.
 *
 * @param {string} folder
 * @returns {import('esbuild').Plugin}
 */
export function tightTemplates(folder) {
  return {
    name: 'tight-templates',
    setup({ onLoad }) {
      onLoad({ filter: /\/(?:view|settings)\/[^/]+\.ts$|-element\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const source = await readFile(path, 'utf8');
        if (path.endsWith('styles.ts')) return { contents: await tightStyles(source), loader: 'ts' };
        // Without comments and indentation of its own, breaks are left in templates only.
        const { code } = await transform(source, { loader: 'ts', minifyWhitespace: true, target: 'es2022' });
        return { contents: code.replaceAll(fold, ' '), loader: 'js' };
      });
    },
  };
}

/** @param {string} source */
async function tightStyles(source) {
  let tight = source;
  for (const [whole, text = ''] of source.matchAll(style)) {
    const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
    tight = tight.replace(whole, () => `\`${code.trim().replaceAll('\\', '\\\\')}\``);
  }
  return tight;
}
