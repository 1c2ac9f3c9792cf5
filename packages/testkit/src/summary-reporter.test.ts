import { describe, expect, it } from '@jest/globals';
import { renderSummary } from './summary-reporter.mjs';

const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };

describe('closing line of a test run', () => {
  it.each([
    {
      name: 'counts what passed and failed',
      results: { numPassedTests: 12, numFailedTests: 1 },
      line: '12 passed, 1 failed',
    },
    {
      name: 'counts a file that could not run as a failure',
      results: { numPassedTests: 12, numRuntimeErrorTestSuites: 2 },
      line: '12 passed, 2 failed',
    },
    {
      name: 'names skipped tests',
      results: { numPassedTests: 3, numPendingTests: 1 },
      line: '3 passed, 0 failed, 1 skipped',
    },
  ])('$name', ({ results, line }) => {
    expect(renderSummary({ ...none, ...results })).toBe(line);
  });
});
