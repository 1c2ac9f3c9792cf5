import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// oxlint-disable-next-line import/no-default-export -- Jest loads the default export.
export default {
  /** A suite is what the global setup has bundled of it (suites.mjs). */
  processAsync(_source, path) {
    const bundled = JSON.stringify(`/suites/${relative(root, path).replace(/\.ts$/, '.mjs')}`);
    return { code: `await import(JSON.parse(process.env.CARILLON_TEST_RUN).use + ${bundled});` };
  },
};
