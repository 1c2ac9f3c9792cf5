/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  globalSetup: '<rootDir>/packages/testkit/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testkit/jest/global-teardown.mjs',
  testEnvironment: '<rootDir>/packages/testkit/jest/environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  // packages/testkit/jest/bundles.mjs writes these before the first suite.
  moduleNameMapper: { '^(kysely|typebox)$': '<rootDir>/node_modules/.cache/carillon/bundles/$1.mjs' },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
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
  maxWorkers: 3,
  testTimeout: 30_000,
};

export default config;
