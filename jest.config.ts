/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/**
 * What takes long and repeats, on other ways, what faster suites promise too: run by `npm run test:all` alone, so that
 * everything else stays well within eight minutes on two cores.
 */
const long = [
  'packages/cli/test/stories/(callbacks|holding-back|killed-apis|poison|simulations|stop-in-order|stream-doors)',
  'packages/cli/test/commands/(connection|doctor|process|templates)',
  'packages/client/test/package',
  'packages/db/src/queries/items/(aggregate|conditions|plans)',
  'services/api/src/dialects/directus/graphql/(hostile|subscriptions)',
  'services/api/src/dialects/directus/realtime/(handshake|sdk|subscription)',
  'services/api/src/dialects/directus/(export-rows|hostile-queries)',
  'packages/console/test/(conflicts|configured|configured-pages|running-pages)[.]browser',
  'scripts/(pictures[.]browser|shell-blocks)',
  'packages/inbox/test/(access|hostile|many|stories)[.]browser',
  'packages/react/test/(package|strict-mode[.]browser)',
  'services/api/test/openapi-examples',
  'services/api/src/unsubscribe/page[.]browser',
].map((path) => `<rootDir>/${path}[.]test[.]ts$`);

const config: Config = {
  globalSetup: '<rootDir>/packages/testkit/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testkit/jest/global-teardown.mjs',
  testEnvironment: '<rootDir>/packages/testkit/jest/environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '[.]test[.]ts$': '<rootDir>/packages/testkit/jest/suite-transform.mjs' },
  testMatch: [
    '<rootDir>/packages/**/*.test.ts',
    '<rootDir>/services/**/*.test.ts',
    '<rootDir>/bench/**/*.test.ts',
    '<rootDir>/scripts/**/*.test.ts',
  ],
  testPathIgnorePatterns: [
    ...['/node_modules/', '/dist/'],
    ...(process.env['CARILLON_TESTS'] === 'all' ? [] : long),
  ],
  modulePathIgnorePatterns: ['/dist/'],
  reporters: ['default', '<rootDir>/packages/testkit/src/summary-reporter.mjs'],
  // Stories mostly wait for processes: more workers than cores use that time.
  maxWorkers: 4,
  testTimeout: 30_000,
};

export default config;
