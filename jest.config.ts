/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

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
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  reporters: ['default', '<rootDir>/packages/testkit/src/summary-reporter.mjs'],
  // Stories mostly wait for processes: more workers than cores use that time.
  maxWorkers: 4,
  testTimeout: 30_000,
};

export default config;
