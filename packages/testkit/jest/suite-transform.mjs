import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A suite is what the global setup has bundled of it (suites.mjs), loaded outside of Jest's sandbox (environment.mjs). */
function codeFor(/** @type {string} */ path) {
  const bundled = JSON.stringify(`/suites/${relative(root, path).replace(/\.ts$/, '.mjs')}`);
  return [
    `import * as globals from '@jest/globals';`,
    `const path = JSON.parse(process.env.CARILLON_TEST_RUN).use + ${bundled};`,
    `await globalThis[Symbol.for('carillon.testkit.loadSuite')](globals, path);`,
  ].join('\n');
}

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default {
  processAsync: (/** @type {string} */ _source, /** @type {string} */ path) => ({ code: codeFor(path) }),
  getCacheKeyAsync: (/** @type {string} */ _source, /** @type {string} */ path) =>
    createHash('sha256').update(codeFor(path)).digest('hex'),
};
